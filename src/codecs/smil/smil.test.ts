import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layOutSlides, readSmil, type Slide, writeSmil } from './smil.ts'

test('slides come back as they were written', () => {
  const slides: readonly Slide[] = [
    {
      items: [
        { medium: 'img', src: 'cid:a&b' },
        { medium: 'text', src: 't.txt' },
      ],
      durationMs: 3_000,
    },
    { items: [{ medium: 'audio', src: 'x' }], durationMs: 5_000 },
  ]
  assert.deepEqual(readSmil(Buffer.from(writeSmil(slides))), { kind: 'ok', slides })
})

test('durations are read in seconds, with fractions, and in milliseconds', () => {
  const read = (dur: string) => {
    const smil = readSmil(Buffer.from(`<smil><body><par dur="${dur}"/></body></smil>`))
    return smil.kind === 'ok' ? smil.slides[0]?.durationMs : undefined
  }
  assert.deepEqual(['5s', '1.5s', '4000ms', '7', 'indefinite'].map(read), [
    5_000,
    1_500,
    4_000,
    7_000,
    undefined,
  ])
})

test('items inside seq and switch are found, and items outside any slide make their own', () => {
  const document = `<smil xmlns="http://www.w3.org/2001/SMIL20/Language"><head/><body><seq>
    <par><switch><img src="a.jpg"><param name="x"/></img></switch><text src=""/></par></seq>
    <text src="b.txt"/></body></smil>`
  const smil = readSmil(Buffer.from(document))
  assert.deepEqual(smil.kind === 'ok' && smil.slides, [
    { items: [{ medium: 'img', src: 'a.jpg' }] },
    { items: [{ medium: 'text', src: 'b.txt' }] },
  ])
})

test('a document that is no SMIL is a fault, not an exception', () => {
  for (const text of ['', 'hello', '<html/>', '<smil>', '<!DOCTYPE smil><smil/>']) {
    assert.equal(readSmil(Buffer.from(text)).kind, 'fault')
  }
})

test('parts are laid out in order, one of each kind to a slide', () => {
  const part = (mediaType: string, src: string) => ({ mediaType, src })
  const slides = layOutSlides([
    part('image/jpeg', '1'),
    part('text/plain', '2'),
    part('audio/amr', '3'),
    part('video/3gpp', '4'),
    part('image/gif', '5'),
    part('application/pdf', '6'),
  ])
  assert.deepEqual(
    slides.map((slide) => slide.items.map((item) => item.medium + item.src)),
    [['img1', 'text2', 'audio3'], ['video4'], ['img5'], ['ref6']],
  )
})
