/**
 * The command line's own grammar: `--name value`, `--name=value`, `-n value`, switches without a
 * value, `--` for the rest. Strict: an unknown option is refused with its own name and the nearest
 * right one, because a misspelt option that is ignored sends a message to the wrong place.
 */
import { nearestName } from '../config/nearest-name.ts'

interface About {
  readonly help: string
  /** One letter. */
  readonly short?: string
}

export interface SwitchOption extends About {
  readonly type: 'switch'
}

export interface TextOption extends About {
  readonly type: 'text'
  /** Word for the value in the help text, e.g. `FILE`. */
  readonly value: string
  /** Only these values. */
  readonly choices?: readonly string[]
  readonly required?: true
}

export interface ListOption extends About {
  readonly type: 'list'
  readonly value: string
  readonly required?: true
}

export interface IntegerOption extends About {
  readonly type: 'integer'
  readonly value: string
  readonly min: number
  readonly max: number
}

export type Option = SwitchOption | TextOption | ListOption | IntegerOption
export type OptionTable = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O extends SwitchOption
  ? boolean
  : O extends ListOption
    ? readonly string[]
    : O extends IntegerOption
      ? number | undefined
      : O extends { readonly required: true }
        ? string
        : string | undefined

/** What the options of a table were given as. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: ValueOf<T[K]> }

export type ParsedArguments<T extends OptionTable> =
  | {
      readonly kind: 'ok'
      readonly values: OptionValues<T>
      readonly positionals: readonly string[]
    }
  | { readonly kind: 'wrong'; readonly message: string; readonly hint?: string }

interface Wrong {
  readonly kind: 'wrong'
  readonly message: string
  readonly hint?: string
}

/** Reads the arguments after the command's name. */
export function parseArguments<const T extends OptionTable>(
  table: T,
  args: readonly string[],
): ParsedArguments<T> {
  const values: Record<string, boolean | number | string | string[]> = {}
  for (const [name, option] of Object.entries(table)) {
    if (option.type === 'switch') values[name] = false
    if (option.type === 'list') values[name] = []
  }
  const positionals: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? ''
    if (arg === '--') {
      positionals.push(...args.slice(i + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg)
      continue
    }
    const found = findOption(table, arg)
    if (found.kind === 'wrong') return found
    const { name, option } = found
    if (option.type === 'switch') {
      if (found.attached !== undefined) return wrong(`--${name} takes no value`)
      values[name] = true
      continue
    }
    const text = found.attached ?? args[++i]
    if (text === undefined) return wrong(`--${name} needs a value: --${name} ${option.value}`)
    const value = readValue(name, option, text)
    if (typeof value === 'object') return value
    if (option.type === 'list') (values[name] as string[]).push(String(value))
    else values[name] = value
  }
  const missing = Object.entries(table).find(([name, option]) => isMissing(option, values[name]))
  if (missing !== undefined) return wrong(`--${missing[0]} is missing`)
  // Each name of the table was filled above according to its own kind.
  return { kind: 'ok', values: values as OptionValues<T>, positionals }
}

function wrong(message: string, hint?: string): Wrong {
  return { kind: 'wrong', message, ...(hint !== undefined && { hint }) }
}

interface Found {
  readonly kind: 'found'
  readonly name: string
  readonly option: Option
  /** The text after `=`. */
  readonly attached: string | undefined
}

function findOption(table: OptionTable, arg: string): Found | Wrong {
  const cut = arg.indexOf('=')
  const written = cut < 0 ? arg : arg.slice(0, cut)
  const attached = cut < 0 ? undefined : arg.slice(cut + 1)
  const long = written.startsWith('--')
  const bare = written.slice(long ? 2 : 1)
  for (const [name, option] of Object.entries(table)) {
    if (long ? name === bare : option.short === bare) {
      return { kind: 'found', name, option, attached }
    }
  }
  const near = nearestName(bare, Object.keys(table))
  return wrong(
    `unknown option ${written}`,
    near === undefined ? undefined : `Did you mean --${near}?`,
  )
}

function readValue(
  name: string,
  option: Exclude<Option, SwitchOption>,
  text: string,
): string | number | Wrong {
  if (option.type === 'integer') {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    if (value >= option.min && value <= option.max) return value
    return wrong(
      `--${name} must be a whole number from ${option.min} to ${option.max}, not ${text}`,
    )
  }
  if (option.type === 'text' && option.choices !== undefined && !option.choices.includes(text)) {
    const near = nearestName(text, option.choices)
    const hint = near === undefined ? undefined : `Did you mean ${near}?`
    return wrong(`--${name} must be one of ${option.choices.join(', ')}, not ${text}`, hint)
  }
  return text
}

function isMissing(option: Option, value: unknown): boolean {
  if (!('required' in option)) return false
  return value === undefined || (Array.isArray(value) && value.length === 0)
}
