/**
 * The GSM 7 bit default alphabet, its extension table, and the national language shift tables
 * (3GPP TS 23.038 §6.2.1, A.2 and A.3). A *locking* table stands in for the default alphabet, a
 * *single* shift table for the extension table, which is reached by the escape 0x1B.
 */
import {
  GAP,
  LOCKING_FRAME,
  SCRIPT_GAPS,
  type ScriptGaps,
  type ScriptLanguage,
  SINGLE_FRAME,
} from './gsm7-script-tables.ts'

/** Introduces one septet of the extension or single shift table. */
export const ESCAPE = 0x1b
/** Septets have values below this. */
export const SEPTET_VALUES = 0x80

/** National Language Identifiers (TS 23.038 §6.2.1.2.4). */
export const NATIONAL_LANGUAGES = {
  turkish: 1,
  spanish: 2,
  portuguese: 3,
  bengali: 4,
  gujarati: 5,
  hindi: 6,
  kannada: 7,
  malayalam: 8,
  oriya: 9,
  punjabi: 10,
  tamil: 11,
  telugu: 12,
  urdu: 13,
} as const satisfies Readonly<Record<'turkish' | 'spanish' | 'portuguese' | ScriptLanguage, number>>

/** A language with a single shift table, and but for Spanish a locking one. */
export type NationalLanguage = keyof typeof NATIONAL_LANGUAGES

/** Which tables replace the default ones. Empty: none. */
export interface ShiftTables {
  readonly locking?: NationalLanguage
  readonly single?: NationalLanguage
}

/** One table in both directions. A septet without a character is `undefined`. */
export interface SeptetTable {
  readonly characters: readonly (string | undefined)[]
  readonly septets: ReadonlyMap<string, number>
}

const DEFAULT_ALPHABET =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

const TURKISH_LOCKING =
  '@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  'İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà'

const PORTUGUESE_LOCKING =
  '@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ !"#º%&\'()*+,-./0123456789:;<=>?' +
  'ÍABCDEFGHIJKLMNOPQRSTUVWXYZÃÕÚÜ§~abcdefghijklmnopqrstuvwxyzãõ`üà'

const EXTENSION: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
}

const TURKISH_SINGLE: Readonly<Record<number, string>> = {
  ...EXTENSION,
  ...{ 71: 'Ğ', 73: 'İ', 83: 'Ş', 99: 'ç', 103: 'ğ', 105: 'ı', 115: 'ş' },
}

const SPANISH_SINGLE: Readonly<Record<number, string>> = {
  ...EXTENSION,
  ...{ 9: 'ç', 65: 'Á', 73: 'Í', 79: 'Ó', 85: 'Ú' },
  ...{ 97: 'á', 105: 'í', 111: 'ó', 117: 'ú' },
}

const PORTUGUESE_SINGLE: Readonly<Record<number, string>> = {
  ...EXTENSION,
  ...{ 5: 'ê', 9: 'ç', 11: 'Ô', 12: 'ô', 14: 'Á', 15: 'á', 18: 'Φ', 19: 'Γ' },
  ...{ 21: 'Ω', 22: 'Π', 23: 'Ψ', 24: 'Σ', 25: 'Θ', 31: 'Ê', 65: 'À', 73: 'Í' },
  ...{ 79: 'Ó', 85: 'Ú', 91: 'Ã', 92: 'Õ', 97: 'Â', 105: 'í', 111: 'ó', 117: 'ú' },
  ...{ 123: 'ã', 124: 'õ', 127: 'â' },
}

function tableOf(characters: readonly (string | undefined)[]): SeptetTable {
  const septets = new Map<string, number>()
  // Backwards, so that of two positions with one character (¡ of the scripts) the first is written.
  for (let septet = characters.length - 1; septet >= 0; septet -= 1) {
    const character = characters[septet]
    if (character !== undefined) septets.set(character, septet)
  }
  return { characters, septets }
}

function lockingTable(alphabet: string): SeptetTable {
  return tableOf([...alphabet].map((character) => (character === '\x1b' ? undefined : character)))
}

function singleTable(characters: Readonly<Record<number, string>>): SeptetTable {
  return tableOf(Array.from({ length: SEPTET_VALUES }, (_, septet) => characters[septet]))
}

function fill(
  frame: string,
  gaps: readonly (number | undefined)[],
): readonly (string | undefined)[] {
  let next = 0
  return Array.from({ length: SEPTET_VALUES }, (_, septet) => {
    const character = frame[septet]
    if (character !== GAP) {
      return character === '\x1b' || character === '\0' ? undefined : character
    }
    const code = gaps[next]
    next += 1
    return code === undefined ? undefined : String.fromCharCode(code)
  })
}

function scriptLocking({ block, locking }: ScriptGaps): SeptetTable {
  const pairs = locking.match(/../g) ?? []
  const gaps = pairs.map((pair) => (pair === '..' ? undefined : block + Number.parseInt(pair, 16)))
  return tableOf(fill(LOCKING_FRAME, gaps))
}

function scriptSingle({ single }: ScriptGaps): SeptetTable {
  const codes = single.split(' ')
  const gaps = codes.map((code) => (code === '....' ? undefined : Number.parseInt(code, 16)))
  return tableOf(fill(SINGLE_FRAME, gaps))
}

const DEFAULT_LOCKING = lockingTable(DEFAULT_ALPHABET)
const DEFAULT_SINGLE = singleTable(EXTENSION)

interface Pair {
  readonly locking: SeptetTable
  readonly single: SeptetTable
}

function script(language: ScriptLanguage): Pair {
  const gaps = SCRIPT_GAPS[language]
  return { locking: scriptLocking(gaps), single: scriptSingle(gaps) }
}

const NATIONAL: Readonly<Record<NationalLanguage, Pair>> = {
  turkish: { locking: lockingTable(TURKISH_LOCKING), single: singleTable(TURKISH_SINGLE) },
  // Spanish has no locking table: the default alphabet stays.
  spanish: { locking: DEFAULT_LOCKING, single: singleTable(SPANISH_SINGLE) },
  portuguese: { locking: lockingTable(PORTUGUESE_LOCKING), single: singleTable(PORTUGUESE_SINGLE) },
  bengali: script('bengali'),
  gujarati: script('gujarati'),
  hindi: script('hindi'),
  kannada: script('kannada'),
  malayalam: script('malayalam'),
  oriya: script('oriya'),
  punjabi: script('punjabi'),
  tamil: script('tamil'),
  telugu: script('telugu'),
  urdu: script('urdu'),
}

/** The two tables in force. */
export function septetTables(shift: ShiftTables): Pair {
  return {
    locking: shift.locking === undefined ? DEFAULT_LOCKING : NATIONAL[shift.locking].locking,
    single: shift.single === undefined ? DEFAULT_SINGLE : NATIONAL[shift.single].single,
  }
}

/** Whether the language has a locking table of its own; for Spanish the identifier is reserved. */
export function hasLockingTable(language: NationalLanguage): boolean {
  return NATIONAL[language].locking !== DEFAULT_LOCKING
}

/** The language of an identifier, or `undefined` for one that is reserved. */
export function findNationalLanguage(identifier: number): NationalLanguage | undefined {
  return BY_IDENTIFIER.get(identifier)
}

const LANGUAGES = Object.keys(NATIONAL) as readonly NationalLanguage[]
const BY_IDENTIFIER = new Map(LANGUAGES.map((language) => [identifierOf(language), language]))

function identifierOf(language: NationalLanguage): number {
  return NATIONAL_LANGUAGES[language]
}
