import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  base64Bytes,
  bytesInBase64,
  type ContentBudget,
  excessOf,
  limitsOf,
  messageBytesOf,
  type SentPart,
} from './content-budget.ts'

const part = (
  mediaType: string,
  decodedLength: number,
  more: Partial<SentPart> = {},
): SentPart => ({
  mediaType,
  contentType: mediaType,
  encoding: 'binary',
  offset: 0,
  length: decodedLength,
  decodedLength,
  ...more,
})

test('bytes count as they travel, so that what just fits decoded does not fit encoded', () => {
  const photo = part('image/jpeg', 100_000)
  const asSent = messageBytesOf([photo])
  assert.ok(asSent > 136_800, String(asSent))
  assert.equal(excessOf([photo], limitsOf({ messageBytesMax: asSent })), undefined)
  assert.equal(excessOf([photo], limitsOf({ messageBytesMax: asSent - 1 })), 'bytes')
  assert.equal(excessOf([photo], limitsOf({ contentBytesMax: 100_000 })), undefined)
  assert.equal(excessOf([photo], limitsOf({ contentBytesMax: 99_999 })), 'bytes')
})

test('the base64 of the most bytes that fit does fit, and one byte more would not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (room) => {
      const bytes = bytesInBase64(room)
      assert.ok(base64Bytes(bytes) <= room || bytes === 0)
      assert.ok(base64Bytes(bytes + 1) > room)
    }),
  )
})

test('types are taken by name or by kind, and plain text and presentations always', () => {
  // biome-ignore format: a table
  const cases: readonly (readonly [ContentBudget, string, boolean])[] = [
    [{},                                                       'x/y',              true],
    [{ mediaTypes: ['image/jpeg'] },                           'image/jpeg',       true],
    [{ mediaTypes: ['image/jpeg'] },                           'image/png',        false],
    [{ mediaTypes: ['image/*'] },                              'image/png',        true],
    [{ mediaTypes: ['image/*'] },                              'imagery/png',      false],
    [{ mediaTypes: [] },                                       'text/plain',       true],
    [{ mediaTypes: [] },                                       'application/smil', true],
    [{ contentClass: 'image-basic' },                          'image/png',        false],
    [{ contentClass: 'image-rich', mediaTypes: ['image/gif'] }, 'image/png',       false],
    [{ contentClass: 'content-rich' },                         'application/pdf',  true],
  ]
  for (const [budget, mediaType, taken] of cases) {
    const excess = excessOf([part(mediaType, 1)], limitsOf(budget))
    assert.equal(excess, taken ? undefined : 'type', JSON.stringify([budget, mediaType]))
  }
})

test('of a class and a limit beside it the stricter one holds', () => {
  const limits = limitsOf({ contentClass: 'image-rich', imageWidthMax: 320, contentBytesMax: 1e6 })
  assert.deepEqual(
    [limits.contentBytesMax, limits.imageWidthMax, limits.imageHeightMax],
    [100 * 1024, 320, 480],
  )
  const wide = part('image/gif', 10, { picture: { width: 321, height: 10 } })
  assert.equal(excessOf([wide], limits), 'pixels')
  assert.equal(excessOf([part('image/gif', 10)], limits), undefined)
})
