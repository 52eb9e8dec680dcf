/** Contents for a test, laid out as the media store would have them. */
import { encodeBase64 } from '../../codecs/mime/base64.ts'
import type { Content, Part } from '../../core/message.ts'
import type { FitRequest } from '../../engine/ports/adapter.ts'

export interface Leaf {
  readonly type: string
  readonly bytes: Uint8Array
  readonly encoding?: 'base64' | 'binary'
  readonly location?: string
}

/** Lays parts one behind the other. */
export function contentOf(leaves: readonly Leaf[]): Content & { readonly inline: Uint8Array } {
  const pieces: Uint8Array[] = []
  let offset = 0
  const parts = leaves.map(({ type, bytes, encoding = 'base64', location }): Part => {
    const stored = encoding === 'base64' ? encodeBase64(bytes) : bytes
    pieces.push(stored)
    const part: Part = {
      mediaType: type.split(';')[0]?.toLowerCase() ?? '',
      contentType: type,
      ...(location === undefined ? {} : { contentLocation: location }),
      encoding,
      offset,
      length: stored.length,
      decodedLength: bytes.length,
    }
    offset += stored.length
    return part
  })
  return { parts, length: offset, inline: Buffer.concat(pieces), extents: [] }
}

/** Reads a part in pieces of a size that no decoder expects. */
export function opening({ inline }: { readonly inline: Uint8Array }): FitRequest['open'] {
  return async function* open({ offset, length }) {
    for (let at = 0; at < length; at += 1021) {
      yield inline.subarray(offset + at, offset + Math.min(length, at + 1021))
    }
  }
}

export async function collect(
  pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}
