/** Media types of files by their names, for the kinds that handsets take. */
import { extname } from 'node:path'

const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.gif', 'image/gif'],
  ['.bmp', 'image/bmp'],
  ['.wbmp', 'image/vnd.wap.wbmp'],
  ['.webp', 'image/webp'],
  ['.mp4', 'video/mp4'],
  ['.3gp', 'video/3gpp'],
  ['.amr', 'audio/amr'],
  ['.mp3', 'audio/mpeg'],
  ['.m4a', 'audio/mp4'],
  ['.mid', 'audio/midi'],
  ['.vcf', 'text/x-vcard'],
  ['.ics', 'text/calendar'],
  ['.txt', 'text/plain'],
  ['.smil', 'application/smil'],
  ['.pdf', 'application/pdf'],
])

const BY_TYPE = new Map([...BY_EXTENSION].map(([extension, type]) => [type, extension] as const))

/** `application/octet-stream` where the name says nothing: the gateway or carrier decides. */
export function mediaTypeOf(file: string): string {
  return BY_EXTENSION.get(extname(file).toLowerCase()) ?? 'application/octet-stream'
}

/** With its dot; `.bin` for an unknown type. */
export function extensionOf(mediaType: string): string {
  return BY_TYPE.get(mediaType) ?? '.bin'
}
