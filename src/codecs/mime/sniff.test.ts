import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SNIFF_BYTES, sniffMediaType } from './sniff.ts'

const bytes = (latin1: string) => new Uint8Array(Buffer.from(latin1, 'latin1'))

// biome-ignore format: a table
const heads: readonly (readonly [string, string, string | undefined])[] = [
  ['a JPEG of a camera', '\xff\xd8\xff\xe1\x1c\x45Exif\0\0', 'image/jpeg'],
  ['a PNG', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['a GIF', 'GIF89a\x01\0\x01\0', 'image/gif'],
  ['a WebP', 'RIFF\x24\0\0\0WEBPVP8L', 'image/webp'],
  ['a bitmap', 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', 'image/bmp'],
  ['an MP4', '\0\0\0\x18ftypmp42\0\0\0\0', 'video/mp4'],
  ['a 3GP', '\0\0\0\x18ftyp3gp4\0\0\0\0', 'video/3gpp'],
  ['a 3G2', '\0\0\0\x18ftyp3g2a\0\0\0\0', 'video/3gpp2'],
  ['a QuickTime film', '\0\0\0\x14ftypqt  \0\0\0\0', 'video/quicktime'],
  ['an MP3 with a tag', 'ID3\x03\0\0\0\0\0\x21', 'audio/mpeg'],
  ['an MP3 without one', '\xff\xfb\x90\x64\0\0', 'audio/mpeg'],
  ['an AMR', '#!AMR\n\x3c', 'audio/amr'],
  ['a WAV', 'RIFF\x24\0\0\0WAVEfmt \x10', 'audio/wav'],
  ['an Ogg', 'OggS\0\x02\0\0\0\0\0\0\0\0', 'audio/ogg'],
  ['a PDF', '%PDF-1.7\n', 'application/pdf'],
  ['a business card', 'BEGIN:VCARD\r\nVERSION:3.0', 'text/vcard'],
  ['a Zip', 'PK\x03\x04\x14\0', 'application/zip'],
  ['a Windows program', 'MZ\x90\0\x03\0\0\0', 'application/x-msdownload'],
  ['a Linux program', '\x7fELF\x02\x01', 'application/x-elf'],
  ['a text', 'Hello there', undefined],
  ['a text that begins like a bitmap', 'BMW drivers, call me', undefined],
  ['a text that begins like a program', 'MZ is a short name for a band', undefined],
  ['UTF-16 with its mark', '\xff\xfeH\0e\0', undefined],
  ['nothing', '', undefined],
]

for (const [what, head, type] of heads) {
  test(`${what} is told by its first bytes`, () => {
    assert.equal(sniffMediaType(bytes(head)), type)
  })
}

test('what a container holds is its sender’s word', () => {
  const mp4 = bytes('\0\0\0\x18ftypmp42\0\0\0\0')
  assert.equal(sniffMediaType(mp4, 'audio/mp4'), 'audio/mp4')
  assert.equal(sniffMediaType(mp4, 'video/3gpp'), 'video/mp4')
  assert.equal(sniffMediaType(mp4, 'image/jpeg'), 'video/mp4')
})

test('any bytes have a kind or none, and only the first ones count', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (head) => {
      assert.equal(sniffMediaType(head), sniffMediaType(head.subarray(0, SNIFF_BYTES)))
    }),
  )
})
