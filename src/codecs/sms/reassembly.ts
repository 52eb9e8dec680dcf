/**
 * Parts back into a message: a pure state machine for one set of parts. The caller keys the sets
 * (account, source, destination, size and value of the reference), keeps the state where it likes (it
 * is plain JSON), and calls with its own time.
 *
 *     (none) ──first part──► waiting ──last part──► complete
 *                               │ time is up           │ part of another content: a new set
 *                               ▼                      ▼ time is up: forgotten
 *                            expired                (none)
 *
 * A part that came before is `duplicate` in every state, and is acknowledged like the first time. The
 * time runs from the first part, so that a sender that trickles cannot hold a set for ever.
 */

/** One part as it came. */
export interface ArrivingPart {
  /** 1 to 255. */
  readonly total: number
  /** 1 to `total`. */
  readonly sequence: number
  /** Its `data_coding`, because parts of one message need not share it. */
  readonly dataCoding: number
  /** The text's octets, without header. */
  readonly body: Uint8Array
}

/** A part that is kept. */
export interface KeptPart {
  readonly sequence: number
  readonly dataCoding: number
  /** The octets in base64. */
  readonly body: string
}

/** What is known of one set; plain JSON. Parts stand in order of sequence. */
export interface Reassembly {
  readonly total: number
  /** When the first part came, in milliseconds since 1970. */
  readonly startedAtMs: number
  readonly parts: readonly KeptPart[]
}

/** How long a set waits, and how much it may hold. */
export interface ReassemblyLimits {
  readonly waitMsMax: number
  /** Octets of all parts together. */
  readonly octetsMax: number
}

/** Five minutes; 255 parts of the longest `short_message`. */
export const defaultReassemblyLimits: ReassemblyLimits = {
  waitMsMax: 300_000,
  octetsMax: 255 * 254,
}

/** What a part did to its set. Only the kinds with a `state` changed it. */
export type ReassemblyStep =
  /** Kept; others are missing. */
  | { readonly kind: 'waiting'; readonly state: Reassembly }
  /** Kept, and it was the last one missing. */
  | { readonly kind: 'complete'; readonly state: Reassembly; readonly parts: readonly WholePart[] }
  /** The same part came before. */
  | { readonly kind: 'duplicate' }
  /** The newcomer contradicts what is kept, and is refused alone. */
  | { readonly kind: 'conflict'; readonly because: 'total' | 'content' }
  /** The newcomer cannot be a part, or would make the set too large. */
  | { readonly kind: 'refused'; readonly because: 'sequence' | 'too-large' }
  /** The set is past its time: end it with `state`, then offer the newcomer to no state. */
  | { readonly kind: 'expired'; readonly state: Reassembly }

/** A part of a complete message, in order. */
export interface WholePart {
  readonly sequence: number
  readonly dataCoding: number
  readonly body: Uint8Array
}

/** The number of parts is one octet. */
const TOTAL_MAX = 255

/** Offers a part to its set; `undefined`: there is none yet. */
export function stepReassembly(
  state: Reassembly | undefined,
  part: ArrivingPart,
  atMs: number,
  limits: ReassemblyLimits = defaultReassemblyLimits,
): ReassemblyStep {
  if (!isPlace(part)) return { kind: 'refused', because: 'sequence' }
  if (state === undefined) return keep(startAt(part.total, atMs), part, limits)
  if (isExpired(state, atMs, limits)) return { kind: 'expired', state }
  const kept = state.parts.find(({ sequence }) => sequence === part.sequence)
  const same = state.total === part.total && kept !== undefined && isSame(kept, part)
  if (same) return { kind: 'duplicate' }
  // Eight bits of reference come round: a complete set does not stand in a new message's way.
  if (isComplete(state)) return keep(startAt(part.total, atMs), part, limits)
  if (state.total !== part.total) return { kind: 'conflict', because: 'total' }
  if (kept !== undefined) return { kind: 'conflict', because: 'content' }
  return keep(state, part, limits)
}

/** Whether every part is there. */
export function isComplete(state: Reassembly): boolean {
  return state.parts.length === state.total
}

/** Whether the set's time is up. A complete set that is past its time may be forgotten. */
export function isExpired(
  state: Reassembly,
  atMs: number,
  limits: ReassemblyLimits = defaultReassemblyLimits,
): boolean {
  return atMs - state.startedAtMs >= limits.waitMsMax
}

/** The numbers of the parts that have not come, in order. */
export function missingParts(state: Reassembly): readonly number[] {
  const there = new Set(state.parts.map(({ sequence }) => sequence))
  const all = Array.from({ length: state.total }, (_, index) => index + 1)
  return all.filter((sequence) => !there.has(sequence))
}

/** The parts that are kept, in order, as octets. */
export function wholeParts(state: Reassembly): readonly WholePart[] {
  return state.parts.map((part) => ({ ...part, body: Buffer.from(part.body, 'base64') }))
}

/** The bodies one after the other: decode them together, a careless sender cuts characters in two. */
export function joinParts(parts: readonly WholePart[]): Uint8Array {
  return Buffer.concat(parts.map(({ body }) => body))
}

function startAt(total: number, startedAtMs: number): Reassembly {
  return { total, startedAtMs, parts: [] }
}

function keep(state: Reassembly, part: ArrivingPart, limits: ReassemblyLimits): ReassemblyStep {
  const octets = state.parts.reduce((sum, { body }) => sum + Buffer.byteLength(body, 'base64'), 0)
  if (octets + part.body.length > limits.octetsMax) return { kind: 'refused', because: 'too-large' }
  const { sequence, dataCoding } = part
  const newcomer: KeptPart = { sequence, dataCoding, body: base64(part.body) }
  const parts = [...state.parts, newcomer].sort((one, other) => one.sequence - other.sequence)
  const next = { ...state, parts }
  if (!isComplete(next)) return { kind: 'waiting', state: next }
  return { kind: 'complete', state: next, parts: wholeParts(next) }
}

function isPlace({ total, sequence }: ArrivingPart): boolean {
  if (!Number.isInteger(total) || !Number.isInteger(sequence)) return false
  return total >= 1 && total <= TOTAL_MAX && sequence >= 1 && sequence <= total
}

function isSame(kept: KeptPart, part: ArrivingPart): boolean {
  return kept.dataCoding === part.dataCoding && kept.body === base64(part.body)
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64')
}
