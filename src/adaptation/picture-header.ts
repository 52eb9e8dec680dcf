/**
 * Width and height from the first bytes of a picture, without decoding it: JPEG (ITU-T T.81 annex
 * B), PNG (RFC 2083), GIF89a, WebP (RFC 9649). A picture that would fill the memory is told here.
 */
import type { PictureSize } from '../core/content-class.ts'
import type { PictureFormat } from './picture-format.ts'

/** `format` is what the bytes are, whatever they were sent as. `incomplete`: more bytes are wanted. `fault`: no picture of a kind known here. */
export type PictureHeader =
  | ({ readonly kind: 'ok'; readonly format: PictureFormat } & PictureSize)
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'fault' }

const INCOMPLETE: PictureHeader = { kind: 'incomplete' }
const FAULT: PictureHeader = { kind: 'fault' }

/** Reads the size. Never throws; a size with a zero in it is a fault. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const { magic, read } of KINDS) {
    if (begins(bytes, magic)) return bytes.length < magic.length ? INCOMPLETE : read(view)
  }
  return FAULT
}

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => at >= bytes.length || bytes[at] === byte)
}

interface Kind {
  readonly magic: readonly number[]
  readonly read: (view: DataView) => PictureHeader
}

const KINDS: readonly Kind[] = [
  { magic: [0xff, 0xd8], read: readJpeg },
  { magic: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], read: readPng },
  { magic: [0x47, 0x49, 0x46, 0x38], read: readGif },
  { magic: [0x52, 0x49, 0x46, 0x46], read: readWebp },
]

function sized(format: PictureFormat, width: number, height: number): PictureHeader {
  return width > 0 && height > 0 ? { kind: 'ok', format, width, height } : FAULT
}

/** Markers without a length: TEM and RST0 to RST7. */
const isBare = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** Start of frame of any coding; C4, C8 and CC among them are something else. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)

function readJpeg(view: DataView): PictureHeader {
  let at = 2
  while (at + 2 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return FAULT
    const marker = view.getUint8(at + 1)
    if (marker === 0xff) at += 1
    else if (isBare(marker)) at += 2
    else if (at + 4 > view.byteLength) return INCOMPLETE
    else if (isFrame(marker)) {
      if (at + 9 > view.byteLength) return INCOMPLETE
      return sized('jpeg', view.getUint16(at + 7), view.getUint16(at + 5))
    } else {
      // Scan data before any frame, or a length that leads nowhere.
      const length = view.getUint16(at + 2)
      if (marker === 0xda || marker === 0xd9 || length < 2) return FAULT
      at += 2 + length
    }
  }
  return INCOMPLETE
}

function readPng(view: DataView): PictureHeader {
  if (view.byteLength < 24) return INCOMPLETE
  return sized('png', view.getUint32(16), view.getUint32(20))
}

function readGif(view: DataView): PictureHeader {
  if (view.byteLength < 10) return INCOMPLETE
  return sized('gif', view.getUint16(6, true), view.getUint16(8, true))
}

function readWebp(view: DataView): PictureHeader {
  if (view.byteLength < 30) return INCOMPLETE
  if (view.getUint32(8) !== 0x57454250) return FAULT
  switch (view.getUint32(12)) {
    case 0x56503820: // 'VP8 '
      return sized('webp', view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff)
    case 0x5650384c: {
      // 'VP8L'
      const bits = view.getUint32(21, true)
      return sized('webp', (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1)
    }
    case 0x56503858: {
      // 'VP8X': 24 bits each, less one
      const width = view.getUint16(24, true) + view.getUint8(26) * 0x10000
      const height = view.getUint16(27, true) + view.getUint8(29) * 0x10000
      return sized('webp', width + 1, height + 1)
    }
    default:
      return FAULT
  }
}
