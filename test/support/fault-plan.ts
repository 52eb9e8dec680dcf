/** What a line does to a conversation, drawn from a seed: one fault for each connection at most. */
import type { Random } from '../sim/random.ts'

/** `up`: from whoever connected; `down`: back to it. */
export type Way = 'up' | 'down'

/** Every kind of fault, and the word by which a figure counts it. */
export const FAULT_KINDS = [
  'reset',
  'half-open',
  'slow',
  'garbage',
  'cut',
  'duplicate',
  'reorder',
] as const

export type FaultKind = (typeof FAULT_KINDS)[number]

/** Those after which everything still arrives, only later, twice or in another order. */
export const GENTLE_KINDS = ['slow', 'duplicate', 'reorder'] as const

/** What a line is asked to do. */
export interface Harm {
  /** Connections that get a fault. */
  readonly share: number
  readonly kinds: readonly [FaultKind, ...FaultKind[]]
}

export interface Fault {
  readonly kind: FaultKind
  /** The way whose bytes are counted, and the one that suffers where only one does. */
  readonly way: Way
  /** How many bytes still pass before it strikes. */
  readonly atByte: number
  /** Half-open: nothing passes in either way. */
  readonly bothWays: boolean
  /** Slow: bytes that pass with each beat. */
  readonly bytesPerBeat: number
  /** Garbage: these bytes are put in. */
  readonly garbage: Uint8Array
  /** Cut: new connections are refused this long. Reorder: what overtakes may come for this long. */
  readonly lastsMs: number
  /** Duplicate: the unit is said again at once, or when its answer has passed. */
  readonly atOnce: boolean
}

/** A conversation is some hundred bytes of commands and some thousand of content. */
const SHORT_BYTES = 300
const LONG_BYTES = 12_000
const SHORT_SHARE = 0.6
const BOTH_WAYS_SHARE = 0.5
const GARBAGE_BYTES_MAX = 12
const LASTS_MS_MIN = 30
const LASTS_MS_MEAN = 60
const LASTS_MS_MAX = 250
const BYTES_PER_BEAT_MIN = 40
const BYTES_PER_BEAT_MAX = 1500
const OCTETS = 256

/** The fault of one connection; `undefined` where it is spared. */
export function drawFault(random: Random, { share, kinds }: Harm): Fault | undefined {
  if (!random.chance(share)) return undefined
  const kind = random.pick(kinds)
  const reach = random.chance(SHORT_SHARE) ? SHORT_BYTES : LONG_BYTES
  const garbage = Array.from({ length: 1 + random.below(GARBAGE_BYTES_MAX) }, () =>
    random.below(OCTETS),
  )
  return {
    kind,
    way: random.chance(0.5) ? 'up' : 'down',
    atByte: random.below(reach),
    bothWays: random.chance(BOTH_WAYS_SHARE),
    bytesPerBeat: BYTES_PER_BEAT_MIN + random.below(BYTES_PER_BEAT_MAX),
    garbage: Uint8Array.from(garbage),
    lastsMs: Math.min(LASTS_MS_MAX, LASTS_MS_MIN + random.waitMs(LASTS_MS_MEAN)),
    atOnce: random.chance(0.5),
  }
}
