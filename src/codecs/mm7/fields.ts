/**
 * How one element is read and written, for every form an MM7 element has. The tables of operations
 * (`operations.ts`) are made of these. Reading is by local name and keeps no order; what is not as it
 * should be becomes an issue, never an exception.
 */
import type { XmlElement } from '../soap/xml.ts'
import { elementOf, textElement } from '../soap/xml-writer.ts'
import {
  parseBoolean,
  parseDateTime,
  parsePositive,
  parseWhen,
  printDateTime,
  printWhen,
  type When,
} from './values.ts'

/** What may be wrong with one element, for checks that come later and in an order of their own. */
export interface Issue {
  /** The element as the schema spells it; for attributes and addresses the element they stand in. */
  readonly element: string
  readonly problem:
    | 'bad-value'
    /** It is there and holds nothing where a value is needed. */
    | 'empty'
    /** It stands more than once; the first was read. */
    | 'duplicate'
    /** Text where elements should be, as versions up to 5.1.0 write addresses. */
    | 'bare-text'
}

/** What reading gathers beside the values. */
export interface Findings {
  readonly issues: Issue[]
  /** Schema names of all known elements that were there, well filled or not. */
  readonly present: Set<string>
}

/** How a value stands in an element. */
export interface ElementCodec<T> {
  /** `undefined`: nothing that could be kept; the findings say why. */
  read(element: XmlElement, name: string, findings: Findings): T | undefined
  write(name: string, value: T, attributes?: Readonly<Record<string, string>>): string
}

/** One property of an operation: its element, other spellings met on the wire, and its form. */
export interface Field<T> {
  readonly element: string
  readonly aliases?: readonly string[]
  readonly codec: ElementCodec<T>
}

/** The properties of `O` in schema order. A property left out does not compile. */
export type FieldTable<O> = {
  readonly [K in Exclude<keyof O, 'name'>]-?: Field<Exclude<O[K], undefined>>
}

/** A table with its elements indexed by every spelling. */
export interface FieldPlan {
  readonly entries: readonly PlannedField[]
  readonly byElement: ReadonlyMap<string, PlannedField>
}

interface PlannedField {
  readonly key: string
  readonly field: Field<unknown>
}

/** Prepares a table for reading. */
export function planFields<O>(table: FieldTable<O>): FieldPlan {
  const entries = Object.entries(table).map(([key, field]) => ({
    key,
    field: field as Field<unknown>,
  }))
  const byElement = new Map<string, PlannedField>()
  for (const entry of entries) {
    byElement.set(entry.field.element, entry)
    for (const alias of entry.field.aliases ?? []) byElement.set(alias, entry)
  }
  return { entries, byElement }
}

/**
 * Reads the children of an element by a plan into `values`, which it returns. Children of unknown
 * names are passed over.
 */
export function readFields(
  plan: FieldPlan,
  element: XmlElement,
  findings: Findings,
  values: Record<string, unknown> = {},
): Record<string, unknown> {
  const seen = new Set<string>()
  for (const child of element.children) {
    const planned = plan.byElement.get(child.local)
    if (planned === undefined) continue
    const { key, field } = planned
    if (seen.has(key)) {
      findings.issues.push({ element: field.element, problem: 'duplicate' })
      continue
    }
    seen.add(key)
    findings.present.add(field.element)
    const value = field.codec.read(child, field.element, findings)
    if (value !== undefined) values[key] = value
  }
  return values
}

/** Writes the properties that are there, in schema order. */
export function writeFields(plan: FieldPlan, values: object): string {
  const record = values as Readonly<Record<string, unknown>>
  let markup = ''
  for (const { key, field } of plan.entries) {
    const value = record[key]
    if (value !== undefined) markup += field.codec.write(field.element, value)
  }
  return markup
}

/** A form whose whole value is one text. */
function simple<T>(
  parse: (text: string) => T | undefined,
  print: (value: T) => string,
): ElementCodec<T> {
  return {
    read(element, name, findings) {
      const text = element.text.trim()
      const value = element.children.length > 0 ? undefined : parse(text)
      if (value === undefined) {
        const empty = text === '' && element.children.length === 0
        findings.issues.push({ element: name, problem: empty ? 'empty' : 'bad-value' })
      }
      return value
    },
    write: (name, value, attributes) => textElement(name, print(value), attributes),
  }
}

/** Text whose outer white space means nothing. An empty element is the empty string. */
export const token: ElementCodec<string> = simple(
  (text) => text,
  (value) => value,
)

/** Text kept as it is. */
export const text: ElementCodec<string> = {
  read(element, name, findings) {
    if (element.children.length === 0) return element.text
    findings.issues.push({ element: name, problem: 'bad-value' })
    return undefined
  },
  write: (name, value) => textElement(name, value),
}

/** xs:boolean, in any case. */
export const boolean: ElementCodec<boolean> = simple(parseBoolean, String)

/** xs:dateTime as milliseconds. */
export const dateTime: ElementCodec<number> = simple(parseDateTime, printDateTime)

/** A date or a duration. */
export const when: ElementCodec<When> = simple(parseWhen, printWhen)

/** One of a list, in any case, since peers that write `True` write `normal` as well. */
export function oneOf<T extends string>(values: readonly T[]): ElementCodec<T> {
  const byLowerCase = new Map(values.map((value) => [value.toLowerCase(), value]))
  return simple(
    (written) => byLowerCase.get(written.toLowerCase()),
    (value) => value,
  )
}

/** An element that holds others. */
export function group<T extends object>(table: FieldTable<T>): ElementCodec<T> {
  const plan = planFields(table)
  return {
    read(element, name, findings) {
      if (hasBareText(element)) findings.issues.push({ element: name, problem: 'bare-text' })
      return readFields(plan, element, findings) as T
    },
    write: (name, value) => elementOf(name, writeFields(plan, value)),
  }
}

/** Whether an element that should hold elements holds text alone. */
export function hasBareText(element: XmlElement): boolean {
  return element.children.length === 0 && element.text.trim() !== ''
}

/** An attribute, or a child of that name, which is how one client writes attributes. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  const attribute = element.attributes.get(name)
  if (attribute !== undefined) return attribute.trim()
  for (const child of element.children) if (child.local === name) return child.text.trim()
  return undefined
}

/** Parses an attribute where it is there; one of an illegal value is an issue of its element. */
export function readAttribute<T>(
  element: XmlElement,
  attribute: string,
  name: string,
  findings: Findings,
  parse: (written: string) => T | undefined,
): T | undefined {
  const written = attributeOf(element, attribute)
  if (written === undefined) return undefined
  const value = parse(written)
  if (value === undefined) findings.issues.push({ element: name, problem: 'bad-value' })
  return value
}

/** The children of one name, each a whole number above zero. */
export function positives(child: string): ElementCodec<readonly number[]> {
  return {
    read(element, name, findings) {
      const values: number[] = []
      for (const { local, text: written } of element.children) {
        if (local !== child) continue
        const value = parsePositive(written)
        if (value === undefined) findings.issues.push({ element: name, problem: 'bad-value' })
        else values.push(value)
      }
      return values
    },
    write: (name, values) =>
      elementOf(name, values.map((value) => textElement(child, String(value))).join('')),
  }
}
