/**
 * The catalog's rows: every dialect's tables flattened, with the attributes of their class filled
 * in. Identity is dialect / surface / code, and a variant where a list prints one code twice; a
 * bare number is never an identity.
 */
import type { CodeRow, Dialect, Mark, Scenario, SubCode, Surface } from '../core/code-row.ts'
import {
  type Attributes,
  type Family,
  OUTCOME_CLASSES,
  type OutcomeClass,
} from '../core/outcome-class.ts'
import { DIALECTS, STANDARDS } from '../dialects/index.ts'
import { scenariosOf } from '../dialects/scenarios.ts'

/** How a row is made to happen, and the sandbox recipient that does it where there is one. */
export interface Provoke {
  readonly via: Scenario['via']
  readonly given: string
  /** Recipient number for which the sandbox's simulated world produces the row. */
  readonly to?: string
}

/** One row of the catalog. */
export interface Entry extends Attributes {
  /** `dialect/surface/code`, and `/variant` where there is one. */
  readonly id: string
  readonly dialect: string
  readonly surface: string
  readonly code: string
  readonly variant: string | null
  /** Exactly as the source prints it. */
  readonly text: string
  /** The source's explanation where it travels on the wire; exact. */
  readonly details?: string
  readonly class: OutcomeClass
  readonly family: Family
  /** Attributes that differ from the class, and why. */
  readonly override?: CodeRow['override']
  readonly meaning: string
  readonly action: string
  readonly causes?: readonly string[]
  readonly marks?: readonly Mark[]
  readonly candidates?: readonly OutcomeClass[]
  readonly subCodes?: readonly SubCode[]
  readonly printed?: CodeRow['printed']
  readonly deliveryStatus?: string
  readonly note?: string
  readonly provoke: Provoke
}

let built: readonly Entry[] | undefined

/** Every provider's row, in the order of dialects, surfaces and tables. Built when first asked for. */
export function entries(): readonly Entry[] {
  built ??= DIALECTS.flatMap(entriesOf)
  return built
}

let withStandards: readonly Entry[] | undefined

/** Every row, those of standards too: for whoever asks by name. */
export function allEntries(): readonly Entry[] {
  withStandards ??= [...entries(), ...STANDARDS.flatMap(entriesOf)]
  return withStandards
}

function entriesOf(dialect: Dialect): readonly Entry[] {
  return dialect.surfaces.flatMap((surface) =>
    surface.codes.map((row, index) => entryOf(dialect, surface, row, index)),
  )
}

function entryOf(dialect: Dialect, surface: Surface, row: CodeRow, index: number): Entry {
  const { code, variant, text, class: klass, override, ...rest } = row
  const { because: _because, ...attributes } = override ?? { because: '' }
  const { means: _means, family, ...defaults } = OUTCOME_CLASSES[klass]
  const key = variant === undefined ? code : `${code}/${variant}`
  return {
    id: `${dialect.name}/${surface.name}/${key}`,
    dialect: dialect.name,
    surface: surface.name,
    code,
    variant: variant ?? null,
    text,
    class: klass,
    family,
    ...defaults,
    ...attributes,
    ...rest,
    ...(override === undefined ? {} : { override }),
    provoke: provokeOf(dialect, surface, code, key, index),
  }
}

function provokeOf(
  dialect: Dialect,
  surface: Surface,
  code: string,
  key: string,
  index: number,
): Provoke {
  const scenario = scenariosOf(dialect.name, surface.name)[key]
  // The types demand a scenario for each code of a list; only a list could be forgotten.
  if (scenario === undefined) throw new Error(`${dialect.name}/${surface.name}/${key}: no scenario`)
  if (scenario.via !== 'recipient') return scenario
  return { ...scenario, to: sandboxNumber(dialect.sandboxDigit, code, index) }
}

/** +999, the dialect's digit, the code in seven digits; words count from 1 in their table. */
function sandboxNumber(digit: string, code: string, index: number): string {
  const number = /^[0-9]+$/.test(code) ? code : String(index + 1)
  return `+999${digit}${number.padStart(7, '0')}`
}
