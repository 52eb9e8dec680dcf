/** The bytes of a stored part after transfer decoding: all of them, or the beginning of a picture. */
import {
  createTransferDecoder,
  isTransferFault,
  type TransferDecoder,
} from '../codecs/mime/transfer.ts'
import type { Part } from '../core/message.ts'
import type { StoredBytes } from '../engine/ports/media.ts'
import { type PictureHeader, readPictureHeader } from './picture-header.ts'

type Open = (part: Part) => StoredBytes

/** A size stands behind the thumbnail and the colour profile, which are not longer than this. */
const HEADER_BYTES_MAX = 1024 * 1024

/** The size of a picture, from no more of it than that takes. */
export async function headerOf(part: Part, open: Open): Promise<PictureHeader> {
  const pieces: Uint8Array[] = []
  let length = 0
  /** Read again only when it has doubled, so that a header in crumbs costs no more than a whole one. */
  let readAt = 1
  for await (const piece of decoded(part, open)) {
    if (piece === undefined) return { kind: 'fault' }
    pieces.push(piece)
    length += piece.length
    if (length < readAt) continue
    readAt = 2 * length
    const header = readPictureHeader(Buffer.concat(pieces))
    if (header.kind !== 'incomplete' || length > HEADER_BYTES_MAX) return header
  }
  return readPictureHeader(Buffer.concat(pieces))
}

/** Every byte, in memory of its own; `undefined` when it cannot be decoded or is longer than said. */
export async function bytesOf(
  part: Part,
  open: Open,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const whole = new Uint8Array(part.decodedLength)
  let at = 0
  for await (const piece of decoded(part, open)) {
    if (piece === undefined || at + piece.length > whole.length) return undefined
    whole.set(piece, at)
    at += piece.length
  }
  return at === whole.length ? whole : undefined
}

/** `undefined` is the last word of a part that is broken. */
async function* decoded(part: Part, open: Open): AsyncGenerator<Uint8Array | undefined> {
  const decoder = createTransferDecoder(part.encoding)
  for await (const piece of open(part)) yield* soundly(decoder.push(piece))
  yield* soundly(decoder.end())
}

function* soundly(result: ReturnType<TransferDecoder['push']>): Generator<Uint8Array | undefined> {
  yield isTransferFault(result) ? undefined : result
}
