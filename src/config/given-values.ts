/**
 * What environment and command line say about options: names are matched without case, dashes and
 * underscores inside a word (`CARILLON_HTTP__HEADERS_TIMEOUT_MS`, `--http.headers-timeout-ms`), and
 * texts are turned into the kind of value the option has.
 */
import { bareName, nearestName } from './nearest-name.ts'
import type { Problem } from './operator-error.ts'
import {
  type ItemSchema,
  type OptionSchema,
  type TableSchema,
  walkOptions,
} from './option-schema.ts'

/** Begins every variable of ours. */
export const ENV_PREFIX = 'CARILLON_'

/** Variables that are no options but belong to the command itself. */
export const COMMAND_VARIABLES = {
  CARILLON_CONFIG: 'The configuration file, where no --config says otherwise.',
} as const satisfies Record<string, string>

export type Environment = Readonly<Record<string, string | undefined>>
export type FlagValue = string | number | boolean

/** One option set from outside the file. */
export interface Given {
  readonly path: readonly string[]
  readonly value: unknown
  /** The variable or flag as the operator wrote it. */
  readonly name: string
}

export interface GivenValues {
  readonly given: readonly Given[]
  readonly problems: readonly Problem[]
}

type OptionIndex = ReadonlyMap<
  string,
  { readonly path: readonly string[]; readonly option: OptionSchema }
>

/** Options the environment sets. */
export function givenByEnv(schema: TableSchema, env: Environment): GivenValues {
  const index = indexOptions(schema)
  const given: Given[] = []
  const problems: Problem[] = []
  const seen = new Map<string, string>()
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || !name.startsWith(ENV_PREFIX)) continue
    if (Object.hasOwn(COMMAND_VARIABLES, name)) continue
    const key = name.slice(ENV_PREFIX.length).split('__').map(bareName).join('.')
    const known = index.get(key)
    if (known === undefined) {
      const problem = unknownVariable(name, key, index)
      if (problem !== undefined) problems.push(problem)
      continue
    }
    const path = known.path.join('.')
    const twin = seen.get(path)
    if (twin !== undefined) {
      problems.push({
        path,
        where: name,
        message: `is also set by ${twin}`,
        hint: 'Keep one of the two variables.',
      })
    }
    seen.set(path, name)
    given.push({ path: known.path, value: readText(known.option, value), name })
  }
  return { given, problems }
}

/** Options the command line sets, keyed by dotted path. */
export function givenByFlags(
  schema: TableSchema,
  flags: Readonly<Record<string, FlagValue>>,
): GivenValues {
  const index = indexOptions(schema)
  const given: Given[] = []
  const problems: Problem[] = []
  for (const [flag, value] of Object.entries(flags)) {
    const name = `--${flag}`
    const known = index.get(flag.split('.').map(bareName).join('.'))
    if (known === undefined) {
      const near = nearestName(flag, paths(index))
      problems.push({
        path: flag,
        where: name,
        message: 'no such option',
        hint: near === undefined ? 'See `carillon config show`.' : `Did you mean --${near}?`,
      })
      continue
    }
    const read = typeof value === 'string' ? readText(known.option, value) : value
    given.push({ path: known.path, value: read, name })
  }
  return { given, problems }
}

/** The variable that sets an option: `CARILLON_HTTP__HEADERS_TIMEOUT_MS`. */
export function variableName(path: readonly string[]): string {
  const words = path.map((name) => name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase())
  return ENV_PREFIX + words.join('__')
}

function indexOptions(schema: TableSchema): OptionIndex {
  const index = new Map<string, { path: readonly string[]; option: OptionSchema }>()
  for (const found of walkOptions(schema)) index.set(found.path.map(bareName).join('.'), found)
  return index
}

function* paths(index: OptionIndex): Generator<string> {
  for (const { path } of index.values()) yield path.join('.')
}

/**
 * A variable with two underscores means an option and must name one. Others may be the operator's
 * own (`env:CARILLON_PEER_PASSWORD`), unless they look like an option mistyped.
 */
function unknownVariable(name: string, key: string, index: OptionIndex): Problem | undefined {
  const squashed = key.replaceAll('.', '')
  let near: string | undefined
  for (const { path } of index.values()) {
    if (bareName(path.join('')) === squashed) near = variableName(path)
  }
  // The common prefix must not count as likeness.
  const bare = (variable: string) => variable.slice(ENV_PREFIX.length)
  const variables = [...index.values()].map(({ path }) => bare(variableName(path)))
  const like = nearestName(bare(name), variables)
  if (like !== undefined) near ??= ENV_PREFIX + like
  if (near === undefined && !key.includes('.')) return undefined
  return {
    path: key,
    where: name,
    message: 'no such option',
    hint: near === undefined ? 'See `carillon config show`.' : `Did you mean ${near}?`,
  }
}

/** A text as the option's kind of value; left as it is when it is none, for the check to name. */
function readText(option: OptionSchema, value: string): unknown {
  const bare = value.trim()
  switch (option.type) {
    case 'integer':
    case 'number':
      return readNumber(bare)
    case 'boolean':
      return { true: true, '1': true, false: false, '0': false }[bare.toLowerCase()] ?? value
    case 'array':
      return bare === '' ? [] : bare.split(',').map((item) => readItem(option.items, item.trim()))
    default:
      return value
  }
}

/** One item of a list. */
function readItem({ type }: ItemSchema, value: string): unknown {
  return type === 'integer' || type === 'number' ? readNumber(value) : value
}

function readNumber(bare: string): unknown {
  return /^-?\d[\d_]*(\.\d+)?$/.test(bare) ? Number(bare.replaceAll('_', '')) : bare
}
