/**
 * Checks a value that came from outside against a schema and fills in defaults. Gathers every
 * problem instead of stopping at the first.
 */
import { nearestName } from './nearest-name.ts'
import type { Problem } from './operator-error.ts'
import {
  type AnySchema,
  isTable,
  type OptionSchema,
  type ValueOf,
  walkOptions,
} from './option-schema.ts'

/** Texts longer than this are cut in messages. */
const QUOTE_CHARACTERS_MAX = 40

export type Checked<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] }

/** The value as its schema says, with defaults; or everything that is wrong with it. */
export function checkValue<const S extends AnySchema>(
  schema: S,
  input: unknown,
): Checked<ValueOf<S>> {
  const problems: Problem[] = []
  const value = check(schema, input, '', { root: schema, problems })
  // The walk below has established exactly what `ValueOf` says.
  return problems.length > 0
    ? { kind: 'wrong', problems }
    : { kind: 'ok', value: value as ValueOf<S> }
}

/** Path of a member: `http.port`, `routes[2]`. */
export function joinPath(above: string, member: string | number): string {
  if (typeof member === 'number') return `${above}[${member}]`
  return above === '' ? member : `${above}.${member}`
}

/** What the whole walk shares. */
interface Walk {
  readonly root: AnySchema
  readonly problems: Problem[]
}

function check(schema: AnySchema, input: unknown, path: string, walk: Walk): unknown {
  const wrong = (message: string, hint?: string): undefined => {
    walk.problems.push({ path, message, ...(hint !== undefined && { hint }) })
  }
  switch (schema.type) {
    case 'string':
      return typeof input === 'string'
        ? checkText(schema, input, wrong)
        : wrong(mustBe(schema, input))
    case 'integer':
    case 'number': {
      const whole = schema.type === 'number' || Number.isSafeInteger(input)
      if (typeof input !== 'number' || !Number.isFinite(input) || !whole) {
        return wrong(mustBe(schema, input))
      }
      const inside = input >= schema.minimum && input <= schema.maximum
      return inside ? input : wrong(mustBe(schema, input))
    }
    case 'boolean':
      return typeof input === 'boolean' ? input : wrong(mustBe(schema, input))
    case 'array':
      if (!Array.isArray(input)) return wrong(mustBe(schema, input))
      return input.map((item: unknown, i) => check(schema.items, item, joinPath(path, i), walk))
    case 'object':
      return checkTable(schema, input, path, walk)
  }
}

type Wrong = (message: string, hint?: string) => undefined

function checkText(
  schema: Extract<AnySchema, { readonly type: 'string' }>,
  input: string,
  wrong: Wrong,
): string | undefined {
  if (schema.enum !== undefined && !schema.enum.includes(input)) {
    const meant = nearestName(input, schema.enum)
    return wrong(
      mustBe(schema, input),
      meant === undefined ? undefined : `Did you mean "${meant}"?`,
    )
  }
  const fits =
    (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(input)) &&
    input.length >= (schema.minLength ?? 0) &&
    input.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY)
  return fits ? input : wrong(mustBe(schema, input))
}

function checkTable(
  schema: Extract<AnySchema, { readonly type: 'object' }>,
  input: unknown,
  path: string,
  walk: Walk,
): unknown {
  if (!isPlainTable(input)) {
    walk.problems.push({ path, message: mustBe(schema, input) })
    return undefined
  }
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(schema.properties, name)) continue
    const hint = unknownHint(name, path, Object.keys(schema.properties), walk.root)
    walk.problems.push({ path: joinPath(path, name), message: 'no such option', hint })
  }
  const value: Record<string, unknown> = {}
  for (const [name, option] of Object.entries(schema.properties)) {
    const given = Object.hasOwn(input, name) ? input[name] : undefined
    const own = joinPath(path, name)
    const member = given === undefined ? absent(option, own, walk) : check(option, given, own, walk)
    if (member !== undefined) value[name] = member
  }
  return value
}

/** What stands in for an option nobody set. */
function absent(option: OptionSchema, path: string, walk: Walk): unknown {
  if ('default' in option) return option.default
  if ('absent' in option && option.absent !== undefined) return undefined
  if (isTable(option)) return check(option, {}, path, walk)
  walk.problems.push({ path, message: 'is missing', hint: option.description })
  return undefined
}

/** The nearest name beside it, or the same name elsewhere in the file, or what there is. */
function unknownHint(
  name: string,
  path: string,
  siblings: readonly string[],
  root: AnySchema,
): string {
  const near = nearestName(name, siblings)
  if (near !== undefined) return `Did you mean "${joinPath(path, near)}"?`
  if (isTable(root)) {
    for (const { path: other } of walkOptions(root)) {
      if (other.at(-1) === name) return `Did you mean "${other.join('.')}"?`
    }
  }
  return `Known here: ${siblings.join(', ')}.`
}

function isPlainTable(input: unknown): input is Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return false
  // TOML dates are objects too.
  return !(input instanceof Date)
}

function mustBe(schema: AnySchema, input: unknown): string {
  const secret = 'secret' in schema && schema.secret === true
  return `must be ${formOf(schema)}${secret ? '' : `, not ${quote(input)}`}`
}

/** The rules of a schema in words, after "must be". */
export function formOf(schema: AnySchema): string {
  switch (schema.type) {
    case 'string':
      if (schema.enum !== undefined) return schema.enum.map((word) => `"${word}"`).join(' or ')
      return schema.form ?? (schema.minLength === undefined ? 'text' : 'text that is not empty')
    case 'integer':
    case 'number': {
      const noun = schema.type === 'integer' ? 'a whole number' : 'a number'
      return `${noun} from ${schema.minimum} to ${schema.maximum}`
    }
    case 'boolean':
      return 'true or false'
    case 'array':
      return isTable(schema.items)
        ? 'a list of tables'
        : `a list; each item ${formOf(schema.items)}`
    case 'object':
      return 'a table'
  }
}

function quote(input: unknown): string {
  if (typeof input === 'string') {
    const cut =
      input.length > QUOTE_CHARACTERS_MAX ? `${input.slice(0, QUOTE_CHARACTERS_MAX)}…` : input
    return JSON.stringify(cut)
  }
  if (input instanceof Date) return 'a date'
  if (Array.isArray(input)) return 'a list'
  return typeof input === 'object' && input !== null ? 'a table' : String(input)
}
