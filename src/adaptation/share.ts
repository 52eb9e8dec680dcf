/**
 * How the room of a message is shared between its pictures: what is no picture keeps its own, a
 * picture smaller than its share leaves the rest to the larger ones, and the largest give most.
 */
import {
  base64Bytes,
  bytesInBase64,
  type ContentLimits,
  contentBytesOf,
  isInFrame,
  isTaken,
  messageBytesOf,
  type SentPart,
  sentBytesOf,
} from '../core/content-budget.ts'
import { formatOf, type PictureFormat, targetsOf } from './picture-format.ts'

/** A picture that may be changed. */
export interface Candidate {
  readonly part: SentPart
  /** What it may become, in order of preference. */
  readonly into: readonly PictureFormat[]
  /** Its type or its size in pixels does not do, whatever room there is. */
  readonly changing: boolean
}

/** The pictures that may be changed, the smallest first. */
export function candidatesOf(
  parts: readonly SentPart[],
  limits: ContentLimits,
): readonly Candidate[] {
  return parts
    .flatMap((part): Candidate[] => {
      const format = formatOf(part.mediaType)
      const into = format === undefined ? [] : targetsOf(format, limits)
      if (into.length === 0) return []
      const framed = part.picture === undefined || isInFrame(part.picture, limits)
      return [{ part, into, changing: !framed || !isTaken(part.mediaType, limits) }]
    })
    .sort((a, b) => a.part.decodedLength - b.part.decodedLength)
}

/** Bytes that are still free, as sent and decoded. */
export interface Room {
  readonly sent: number
  readonly decoded: number
}

/** A name may become longer when the type in it does. */
const RENAMING_BYTES = 32

/** What is left for the bodies of the candidates when everything else has its place. */
export function roomFor(
  candidates: readonly Candidate[],
  parts: readonly SentPart[],
  limits: ContentLimits,
): Room {
  const pictures = candidates.map(({ part }) => part)
  const bodies = pictures.reduce((sum, part) => sum + sentBytesOf(part) - headBytesOf(part), 0)
  const { messageBytesMax = Infinity, contentBytesMax = Infinity } = limits
  const renaming = RENAMING_BYTES * pictures.length
  return {
    sent: messageBytesMax - (messageBytesOf(parts) - bodies) - renaming,
    decoded: contentBytesMax - (contentBytesOf(parts) - contentBytesOf(pictures)),
  }
}

function headBytesOf(part: SentPart): number {
  return sentBytesOf({ ...part, encoding: 'base64', length: 0 })
}

/** The fair share of one of so many pictures. */
export function shareOf({ sent, decoded }: Room, pictures: number): Room {
  return { sent: Math.floor(sent / pictures), decoded: Math.floor(decoded / pictures) }
}

/** Whether a picture can stay as it is inside a share. */
export function staysWithin({ part }: Candidate, share: Room): boolean {
  const body = sentBytesOf(part) - headBytesOf(part)
  return body <= share.sent && part.decodedLength <= share.decoded
}

/** The largest picture for a share, in bytes. */
export function bytesWithin({ sent, decoded }: Room): number {
  return Math.min(Number.isFinite(sent) ? bytesInBase64(sent) : Infinity, decoded)
}

/** The room that is left beside a part. */
export function beside(room: Room, { part }: Candidate): Room {
  const body = sentBytesOf(part) - headBytesOf(part)
  return { sent: room.sent - body, decoded: room.decoded - part.decodedLength }
}

/** The room that is left beside new bytes. */
export function besideNew({ sent, decoded }: Room, bytes: number): Room {
  return { sent: sent - base64Bytes(bytes), decoded: decoded - bytes }
}
