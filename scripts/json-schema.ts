/**
 * JSON Schemas for editors. Draft 4, because Taplo (TOML in editors) validates no later one; every
 * word used means the same in 2020-12.
 */
import {
  type AnySchema,
  isTable,
  type OptionSchema,
  type TableSchema,
} from '../src/config/option-schema.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** The published schema of a file. */
export function publishedSchema(schema: TableSchema): string {
  const published = { $schema: 'http://json-schema.org/draft-04/schema#', ...jsonSchema(schema) }
  return `${JSON.stringify(published, undefined, 2)}\n`
}

/** A schema without our own words, which a validator would not know. */
export function jsonSchema(schema: AnySchema): JsonSchema {
  const { absent, form, secret, required, example, ...plain } = schema as AnySchema & OwnWords
  const description = [
    'description' in plain ? plain.description : undefined,
    form === undefined ? undefined : `Must be ${form}.`,
    absent === undefined ? undefined : `Absent: ${absent}`,
  ].filter((sentence) => sentence !== undefined)
  const described = description.length === 0 ? {} : { description: description.join(' ') }
  if (schema.type === 'array') return { ...plain, ...described, items: jsonSchema(schema.items) }
  if (!isTable(schema)) return { ...plain, ...described }
  const members = Object.entries(schema.properties)
  const needed = members.filter(([, option]) => isNeeded(option)).map(([name]) => name)
  return {
    ...plain,
    ...described,
    properties: Object.fromEntries(members.map(([name, option]) => [name, jsonSchema(option)])),
    ...(needed.length > 0 && { required: needed }),
    additionalProperties: false,
  }
}

interface OwnWords {
  readonly absent?: string
  readonly form?: string
  readonly secret?: boolean
  readonly required?: boolean
  readonly example?: unknown
}

/** Whether leaving it out is an error: so for a table whose own members may not be left out. */
export function isNeeded(option: OptionSchema): boolean {
  if (!isTable(option)) return 'required' in option
  if ('absent' in option && option.absent !== undefined) return false
  return Object.values(option.properties).some(isNeeded)
}
