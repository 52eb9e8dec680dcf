/**
 * What kind of thing a part is by its first bytes, for the kinds that messages carry and for those
 * that hide behind another name. Nothing is decoded: a wrong answer must be as good as impossible,
 * so a kind without a firm mark is not in the table.
 */

/** Bytes from the start that are looked at. */
export const SNIFF_BYTES = 32

interface Mark {
  readonly type: string
  /** Byte values from `offset` (0 when absent), as Latin-1 text. */
  readonly bytes: string
  readonly offset?: number
}

/** The first that fits counts, so longer marks stand before shorter ones. */
const MARKS: readonly Mark[] = [
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/gif', bytes: 'GIF87a' },
  { type: 'image/gif', bytes: 'GIF89a' },
  { type: 'image/webp', bytes: 'WEBPVP8', offset: 8 },
  { type: 'image/tiff', bytes: 'II*\0' },
  { type: 'image/tiff', bytes: 'MM\0*' },
  { type: 'audio/wav', bytes: 'WAVEfmt ', offset: 8 },
  { type: 'video/x-msvideo', bytes: 'AVI LIST', offset: 8 },
  { type: 'audio/amr-wb', bytes: '#!AMR-WB' },
  { type: 'audio/amr', bytes: '#!AMR' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/midi', bytes: 'MThd\0\0\0\x06' },
  { type: 'audio/aac', bytes: '\xff\xf1' },
  { type: 'audio/aac', bytes: '\xff\xf9' },
  { type: 'video/webm', bytes: '\x1aE\xdf\xa3' },
  { type: 'video/mpeg', bytes: '\0\0\x01\xba' },
  { type: 'video/mpeg', bytes: '\0\0\x01\xb3' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'text/vcard', bytes: 'BEGIN:VCARD' },
  { type: 'text/calendar', bytes: 'BEGIN:VCALENDAR' },
  { type: 'application/zip', bytes: 'PK\x03\x04' },
  { type: 'application/gzip', bytes: '\x1f\x8b\x08' },
  { type: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { type: 'application/x-7z-compressed', bytes: "7z\xbc\xaf'\x1c" },
  { type: 'application/x-elf', bytes: '\x7fELF' },
]

/** Brands of ISO media files (ISO 14496-12 §4.3) by their beginnings. */
const BRANDS: readonly (readonly [string, string])[] = [
  ['3g2', 'video/3gpp2'],
  ['3g', 'video/3gpp'],
  ['qt', 'video/quicktime'],
  ['M4A', 'audio/mp4'],
  ['M4B', 'audio/mp4'],
  ['heic', 'image/heic'],
  ['heix', 'image/heic'],
  ['mif1', 'image/heif'],
  ['avif', 'image/avif'],
]

/** Files that hold sound, moving pictures or both; their first bytes do not say which. */
const CONTAINERS: ReadonlySet<string> = new Set(['mp4', '3gpp', '3gpp2', 'ogg', 'webm'])

/**
 * The media type the bytes look like; `undefined`: of no kind that can be told for certain.
 * `declared`, in lower case, settles what a container holds.
 */
export function sniffMediaType(head: Uint8Array, declared = ''): string | undefined {
  const type = looksLike(head)
  const [, container = ''] = type?.split('/') ?? []
  return CONTAINERS.has(container) && /^(?:audio|video)\//.test(declared)
    ? `${declared.slice(0, 5)}/${container}`
    : type
}

function looksLike(head: Uint8Array): string | undefined {
  const text = latin1(head)
  const found = MARKS.find(({ bytes, offset = 0 }) => text.startsWith(bytes, offset))
  if (found !== undefined) return found.type
  if (text.startsWith('ftyp', 4)) return isoType(text.slice(8, 12))
  if (text.startsWith('OggS\0'))
    return text.startsWith('\x80theora', 28) ? 'video/ogg' : 'audio/ogg'
  if (isMpegAudio(head)) return 'audio/mpeg'
  if (isBitmap(text, head)) return 'image/bmp'
  return isProgram(text, head) ? 'application/x-msdownload' : undefined
}

function isoType(brand: string): string {
  const named = BRANDS.find(([prefix]) => brand.startsWith(prefix))
  return named?.[1] ?? 'video/mp4'
}

/** A frame header of MPEG audio layer III: its bit rate and sampling rate are none of the reserved. */
function isMpegAudio([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  const layerThree = first === 0xff && (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08
  return layerThree && third >> 4 !== 0 && third >> 4 !== 15 && ((third >> 2) & 3) !== 3
}

/** `BM` alone begins many a text: the reserved words and the size of the next header must fit. */
function isBitmap(text: string, head: Uint8Array): boolean {
  const headerBytes = head[14] ?? 0
  return text.startsWith('BM') && text.startsWith('\0\0\0\0', 6) && headerBytes >= 12
}

/** `MZ` and the fields behind it that no text can have. */
function isProgram(text: string, head: Uint8Array): boolean {
  return text.startsWith('MZ') && head.subarray(2, SNIFF_BYTES).includes(0)
}

function latin1(head: Uint8Array): string {
  const shown = head.subarray(0, SNIFF_BYTES)
  return Buffer.from(shown.buffer, shown.byteOffset, shown.length).toString('latin1')
}
