import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CONTENT_CLASS_NAMES,
  CONTENT_CLASSES,
  classOf,
  type MeasuredPart,
} from './content-class.ts'

const KB = 1024
const part = (mediaType: string, kilobytes: number, width = 0, height = 0): MeasuredPart => ({
  mediaType,
  decodedLength: kilobytes * KB,
  ...(width === 0 ? {} : { picture: { width, height } }),
})

// biome-ignore format: a table
const CASES: readonly (readonly [string, readonly MeasuredPart[], string | undefined])[] = [
  ['nothing at all',                 [],                                                          'text'],
  ['a text and its presentation',    [part('text/plain', 1), part('application/smil', 1)],        'text'],
  ['thirty kilobytes of text',       [part('text/plain', 30)],                                    'text'],
  ['more text than that',            [part('text/plain', 31)],                                    'image-rich'],
  ['a small picture',                [part('image/jpeg', 20, 160, 120)],                          'image-basic'],
  ['a small picture standing up',    [part('image/jpeg', 20, 120, 160)],                          'image-rich'],
  ['a small PNG',                    [part('image/png', 20, 160, 120)],                           'image-rich'],
  ['a larger picture',               [part('image/jpeg', 100, 640, 480)],                         'image-rich'],
  ['two that are too much together', [part('image/jpeg', 60, 9, 9), part('image/jpeg', 60, 9, 9)], 'video-rich'],
  ['a short film',                   [part('video/3gpp', 90)],                                    'video-basic'],
  ['a longer film',                  [part('video/3gpp', 290)],                                   'video-rich'],
  ['a photograph',                   [part('image/jpeg', 290, 1600, 1200)],                       'megapixel'],
  ['a document',                     [part('application/pdf', 90)],                               'content-basic'],
  ['a long document',                [part('application/pdf', 600)],                              'content-rich'],
  ['a picture nobody measured',      [part('image/jpeg', 20)],                                    'content-basic'],
  ['more than any class takes',      [part('video/3gpp', 601)],                                   undefined],
]

test('a content has the smallest class it fits', () => {
  for (const [what, parts, expected] of CASES) assert.equal(classOf(parts), expected, what)
})

test('what fits a class fits every later one that takes no less', () => {
  for (const [, parts] of CASES) {
    const name = classOf(parts)
    if (name === undefined) continue
    const bytes = parts.reduce((sum, { decodedLength }) => sum + decodedLength, 0)
    assert.ok(bytes <= CONTENT_CLASSES[name].contentBytesMax)
    assert.ok(CONTENT_CLASS_NAMES.includes(name))
  }
})
