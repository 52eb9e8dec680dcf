import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readPictureHeader } from './picture-header.ts'
import { film, photograph, pngClaiming, skip } from './testing/pictures.ts'

const FORMATS = {
  png: 'png',
  gif: 'gif',
  webp: 'webp',
  lossless: 'webp',
  transparent: 'webp',
  film: 'webp',
} as const

test('the size of every kind is read from its first bytes', { skip }, async () => {
  const picture = await photograph(123, 45, 1)
  const made = {
    jpeg: await picture.toFormat('jpeg').toBuffer(),
    progressive: await picture.toFormat('jpeg', { progressive: true }).toBuffer(),
    described: await picture.withMetadata({ orientation: 6 }).toFormat('jpeg').toBuffer(),
    png: await picture.toFormat('png').toBuffer(),
    gif: await picture.toFormat('gif').toBuffer(),
    webp: await picture.toFormat('webp').toBuffer(),
    lossless: await picture.toFormat('webp', { lossless: true }).toBuffer(),
    transparent: await picture.ensureAlpha(0.5).toFormat('webp').toBuffer(),
    film: await film(123, 45, 3, 'webp'),
  }
  for (const [name, bytes] of Object.entries(made)) {
    const format = name in FORMATS ? FORMATS[name as keyof typeof FORMATS] : 'jpeg'
    assert.deepEqual(readPictureHeader(bytes), { kind: 'ok', format, width: 123, height: 45 }, name)
    for (let cut = 0; cut < 20; cut += 1) {
      assert.equal(readPictureHeader(bytes.subarray(0, cut)).kind === 'fault', false, name)
    }
  }
})

test('a size is what the header claims, whatever is behind it', () => {
  const header = readPictureHeader(pngClaiming(4_000_000_000, 3))
  assert.deepEqual(header, { kind: 'ok', format: 'png', width: 4_000_000_000, height: 3 })
  assert.equal(readPictureHeader(pngClaiming(0, 3)).kind, 'fault')
})

test('any bytes give an answer, and more of them never take a size back', () => {
  const beginnings = [
    [0xff, 0xd8, 0xff],
    [0x89, 0x50],
    [0x47, 0x49, 0x46, 0x38],
    [0x52, 0x49, 0x46, 0x46],
    [],
  ]
  const bytes = fc
    .tuple(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 200 }))
    .map(([start, rest]) => Uint8Array.from([...start, ...rest]))
  fc.assert(
    fc.property(bytes, fc.nat(200), (whole, cut) => {
      const part = readPictureHeader(whole.subarray(0, cut))
      if (part.kind !== 'incomplete') assert.deepEqual(readPictureHeader(whole), part)
    }),
  )
})
