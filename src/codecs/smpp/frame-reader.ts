/**
 * Cuts a byte stream into PDUs by their first word, command_length (SMPP 3.4 §3.2.1). The length is
 * judged before anything is kept for it: HTTP on this port reads as a PDU of 1.2 GB. A PDU that lies
 * whole in a chunk is a view of it; only one that is split is copied, once.
 */

import { HEADER_OCTETS } from './decode.ts'

/** The next PDU in a chunk, none yet, or a stream that cannot be read on. */
export type FrameStep =
  /** `next` is the offset in the chunk of the first byte after the PDU. */
  | { readonly kind: 'frame'; readonly bytes: Buffer; readonly next: number }
  | { readonly kind: 'incomplete' }
  /** Nothing says where the next PDU begins, so the connection has to end. */
  | {
      readonly kind: 'fatal'
      readonly because: 'length-too-small' | 'length-too-large'
      readonly octets: number
    }

/** Reads PDUs; keeps only the beginning of an unfinished one between calls. */
export interface FrameReader {
  /**
   * Looks for a PDU in `chunk` from offset `from` on. After `incomplete` the chunk is used up; after
   * `fatal` the reader must not be used again. The bytes of a PDU must not be written to.
   */
  read(chunk: Buffer, from: number): FrameStep
  /** Whether a PDU has begun and not ended. */
  readonly begun: boolean
}

/** Room for a message_payload of 64 KiB and all else. */
export const PDU_OCTETS_MAX = 70_000

const LENGTH_OCTETS = 4
/** What is kept for a PDU at first, whatever length it claims; nearly all are shorter. */
const FIRST_OCTETS = 1024

/** A reader for PDUs of at most `pduOctetsMax` octets, header included. */
export function createFrameReader(pduOctetsMax: number = PDU_OCTETS_MAX): FrameReader {
  /** The beginning of a split PDU; the first `have` octets of it are used. */
  let kept: Buffer | undefined
  let have = 0

  function judge(octets: number): FrameStep | undefined {
    if (octets < HEADER_OCTETS) return { kind: 'fatal', because: 'length-too-small', octets }
    if (octets > pduOctetsMax) return { kind: 'fatal', because: 'length-too-large', octets }
    return undefined
  }

  /** Takes up to `want` octets in all; answers where the chunk was left. */
  function keep(chunk: Buffer, from: number, want: number): number {
    const until = Math.min(chunk.length, from + want - have)
    const needed = have + until - from
    if (kept === undefined || needed > kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, FIRST_OCTETS, 2 * (kept?.length ?? 0)))
      kept?.copy(larger, 0, 0, have)
      kept = larger
    }
    chunk.copy(kept, have, from, until)
    have = needed
    return until
  }

  function readSplit(chunk: Buffer, from: number): FrameStep {
    let at = from
    if (have < LENGTH_OCTETS) at = keep(chunk, at, LENGTH_OCTETS)
    if (kept === undefined || have < LENGTH_OCTETS) return { kind: 'incomplete' }
    const octets = kept.readUInt32BE(0)
    const fatal = judge(octets)
    if (fatal !== undefined) return fatal
    at = keep(chunk, at, octets)
    if (have < octets) return { kind: 'incomplete' }
    const bytes = kept.subarray(0, octets)
    kept = undefined
    have = 0
    return { kind: 'frame', bytes, next: at }
  }

  return {
    read(chunk, from) {
      if (from >= chunk.length) return { kind: 'incomplete' }
      if (have > 0 || chunk.length - from < LENGTH_OCTETS) return readSplit(chunk, from)
      const octets = chunk.readUInt32BE(from)
      const fatal = judge(octets)
      if (fatal !== undefined) return fatal
      const next = from + octets
      if (next > chunk.length) return readSplit(chunk, from)
      return { kind: 'frame', bytes: chunk.subarray(from, next), next }
    },
    get begun() {
      return have > 0
    },
  }
}
