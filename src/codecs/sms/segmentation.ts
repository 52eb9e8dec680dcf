/**
 * A text or octets in as many parts as it takes (3GPP TS 23.040 §9.2.3.24.1). A part's header and its
 * text share 140 octets on the air, whatever carries them here: 160 septets or 70 UTF-16 units alone,
 * 153 or 67 with a concatenation header of 8-bit reference, fewer with other elements. A pair of
 * septets after an escape and a surrogate pair stay together.
 *
 * The parts say what is in them; whether they leave with a header or with `sar_…` parameters is the
 * caller's choice, and the cuts are right for both.
 */
import { type Alphabet, encodeText } from './alphabet.ts'
import { ESCAPE, hasLockingTable, type NationalLanguage, type ShiftTables } from './gsm7-tables.ts'
import { shiftElementsOf } from './national-tables.ts'
import { fillBitsAfter, septetsIn } from './septets.ts'
import { isHighSurrogate, UNIT_OCTETS } from './ucs2.ts'
import { type Concatenation, countUdhOctets, type InformationElement } from './udh.ts'

/** Octets of header and text together in one part. */
export const PART_OCTETS_MAX = 140
/** The number of parts is one octet. */
export const PARTS_MAX = 255

/** How a text may be written, and what else each part must carry. */
export interface SegmentationOptions {
  /** Alphabets allowed; of those that take equally few parts the first is chosen. */
  readonly alphabets?: readonly Exclude<Alphabet, 'binary'>[]
  /** Languages whose tables the peer is known to have; none by default. */
  readonly languages?: readonly NationalLanguage[]
  readonly referenceBits?: 8 | 16
  /** Further elements of every part, such as ports. */
  readonly elements?: readonly InformationElement[]
  /** At most 255. */
  readonly partsMax?: number
}

/** What a text would take. */
export interface Measure {
  readonly alphabet: Alphabet
  /** The national tables used; empty for none. */
  readonly shift: ShiftTables
  readonly parts: number
  /** Septets, octets or UTF-16 units of the whole text. */
  readonly units: number
  /** Units of one part: of the only one, or of each of several. */
  readonly unitsPerPart: number
}

/** One part: its text, encoded, without header. */
export interface TextPart {
  /** `gsm7` unpacked: one septet in each octet. */
  readonly body: Uint8Array
  /** All elements of its header, the concatenation among them; empty: no header. */
  readonly elements: readonly InformationElement[]
  /** Where it stands, for `sar_…` parameters; absent for the only part. */
  readonly concatenation?: Concatenation
}

/** Why nothing was cut. */
export type NotSplit =
  /** No alphabet allowed has the character at `at` (UTF-16 units; the furthest any of them got). */
  | { readonly kind: 'unencodable'; readonly at: number }
  /** More parts than allowed, or a header that leaves no room. */
  | { readonly kind: 'too-long'; readonly partsMax: number }

/** The parts in order, and how they are encoded. */
export type Split =
  | { readonly kind: 'parts'; readonly measure: Measure; readonly parts: readonly TextPart[] }
  | NotSplit

const DEFAULT_ALPHABETS: readonly Exclude<Alphabet, 'binary'>[] = ['gsm7', 'ucs2']
const NO_TABLES: ShiftTables = {}

interface Cut {
  readonly measure: Measure
  readonly bodies: readonly Uint8Array[]
}

type CutResult = { readonly kind: 'cut'; readonly cut: Cut } | NotSplit

/** Says what a text would take, or why it cannot be sent. Parts are counted, not estimated. */
export function measureText(
  text: string,
  options: SegmentationOptions = {},
): { readonly kind: 'measure'; readonly measure: Measure } | NotSplit {
  const result = cheapestCut(text, options)
  return result.kind === 'cut' ? { kind: 'measure', measure: result.cut.measure } : result
}

/** Cuts a text. The reference joins the parts at the receiver; its lowest bits are used. */
export function splitText(
  text: string,
  reference: number,
  options: SegmentationOptions = {},
): Split {
  const result = cheapestCut(text, options)
  return result.kind === 'cut' ? label(result.cut, reference, options) : result
}

/** Cuts octets that are no text, such as a ring tone or a WAP push. */
export function splitOctets(
  octets: Uint8Array,
  reference: number,
  options: Omit<SegmentationOptions, 'alphabets' | 'languages'> = {},
): Split {
  const result = cut('binary', NO_TABLES, octets, options)
  return result.kind === 'cut' ? label(result.cut, reference, options) : result
}

function cheapestCut(text: string, options: SegmentationOptions): CutResult {
  // Every character takes a unit at least, in every alphabet.
  if (text.length > PARTS_MAX * septetsIn(PART_OCTETS_MAX)) {
    return { kind: 'too-long', partsMax: partsMaxOf(options) }
  }
  let best: Cut | undefined
  let worst: NotSplit | undefined
  for (const { alphabet, shift } of candidates(options)) {
    const encoded = encodeText(alphabet, text, { shift })
    const result =
      encoded.kind === 'octets' ? cut(alphabet, shift, encoded.octets, options) : encoded
    if (result.kind !== 'cut') worst = furthest(worst, result)
    else if (best === undefined || result.cut.measure.parts < best.measure.parts) best = result.cut
    if (best?.measure.parts === 1) break
  }
  if (best !== undefined) return { kind: 'cut', cut: best }
  return worst ?? { kind: 'unencodable', at: 0 }
}

/** A text is in one language, so tables of two are not mixed. */
function candidates(
  options: SegmentationOptions,
): readonly { readonly alphabet: Exclude<Alphabet, 'binary'>; readonly shift: ShiftTables }[] {
  const shifts = (options.languages ?? []).flatMap((language): ShiftTables[] => [
    { single: language },
    ...(hasLockingTable(language)
      ? [{ locking: language }, { locking: language, single: language }]
      : []),
  ])
  return (options.alphabets ?? DEFAULT_ALPHABETS).flatMap((alphabet) =>
    (alphabet === 'gsm7' ? [NO_TABLES, ...shifts] : [NO_TABLES]).map((shift) => ({
      alphabet,
      shift,
    })),
  )
}

/** Too long is nearer to being sent than a character that is missing. */
function furthest(one: NotSplit | undefined, other: NotSplit): NotSplit {
  if (one === undefined || one.kind === 'too-long') return one ?? other
  return other.kind === 'too-long' || other.at > one.at ? other : one
}

function cut(
  alphabet: Alphabet,
  shift: ShiftTables,
  octets: Uint8Array,
  options: SegmentationOptions,
): CutResult {
  const partsMax = partsMaxOf(options)
  const fixed = [...(options.elements ?? []), ...shiftElementsOf(shift)]
  const unitOctets = alphabet === 'ucs2' ? UNIT_OCTETS : 1
  const units = octets.length / unitOctets
  const alone = unitsBeside(alphabet, countUdhOctets(fixed))
  if (units <= alone && partsMax > 0) {
    const measure = { alphabet, shift, parts: 1, units, unitsPerPart: alone }
    return { kind: 'cut', cut: { measure, bodies: [octets] } }
  }
  const probe = concatenationOf(0, 1, 1, options)
  const unitsPerPart = unitsBeside(alphabet, countUdhOctets([...fixed, probe]))
  const bodies = slice(alphabet, octets, unitsPerPart * unitOctets, partsMax)
  if (bodies === undefined) return { kind: 'too-long', partsMax }
  const measure = { alphabet, shift, parts: bodies.length, units, unitsPerPart }
  return { kind: 'cut', cut: { measure, bodies } }
}

function partsMaxOf({ partsMax = PARTS_MAX }: SegmentationOptions): number {
  return Math.min(partsMax, PARTS_MAX)
}

/** Units that fit beside a header of so many octets. */
function unitsBeside(alphabet: Alphabet, headerOctets: number): number {
  const octets = Math.max(0, PART_OCTETS_MAX - headerOctets)
  if (alphabet === 'gsm7') return septetsIn(octets, fillBitsAfter(headerOctets))
  return alphabet === 'ucs2' ? Math.floor(octets / UNIT_OCTETS) : octets
}

function slice(
  alphabet: Alphabet,
  octets: Uint8Array,
  octetsMax: number,
  partsMax: number,
): readonly Uint8Array[] | undefined {
  const bodies: Uint8Array[] = []
  let from = 0
  while (from < octets.length) {
    if (bodies.length === partsMax) return undefined
    const to = cutBefore(alphabet, octets, Math.min(from + octetsMax, octets.length))
    if (to <= from) return undefined
    bodies.push(octets.subarray(from, to))
    from = to
  }
  return bodies
}

/** The last place up to `to` where no pair is cut in two. */
function cutBefore(alphabet: Alphabet, octets: Uint8Array, to: number): number {
  if (to === octets.length) return to
  if (alphabet === 'gsm7') return octets[to - 1] === ESCAPE ? to - 1 : to
  if (alphabet !== 'ucs2') return to
  const unit = ((octets[to - UNIT_OCTETS] ?? 0) << 8) | (octets[to - 1] ?? 0)
  return isHighSurrogate(unit) ? to - UNIT_OCTETS : to
}

function label({ measure, bodies }: Cut, reference: number, options: SegmentationOptions): Split {
  const fixed = [...(options.elements ?? []), ...shiftElementsOf(measure.shift)]
  const parts = bodies.map((body, index): TextPart => {
    if (bodies.length === 1) return { body, elements: fixed }
    const concatenation = concatenationOf(reference, bodies.length, index + 1, options)
    return { body, elements: [concatenation, ...fixed], concatenation }
  })
  return { kind: 'parts', measure, parts }
}

function concatenationOf(
  reference: number,
  total: number,
  sequence: number,
  { referenceBits = 8 }: SegmentationOptions,
): Concatenation {
  const mask = referenceBits === 8 ? 0xff : 0xffff
  return { kind: 'concatenation', referenceBits, reference: reference & mask, total, sequence }
}
