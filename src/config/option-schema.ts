/**
 * The shape of an operator's file as data. Each schema is a plain JSON Schema literal (valid as
 * draft 4 and 2020-12 alike) plus three words of ours: `absent`, `form` and `secret`. Types, checks,
 * published schemas and reference pages are all derived from it, so an option without a description
 * and a word on its absence does not compile.
 *
 * TypeBox would give the same from builders, but importing it costs 75 to 100 ms, three times what
 * the whole start of the command may spend here; literals cost nothing.
 */

/** What happens when nobody sets it: a default, a stated absence, or an error. */
type Presence<Value> =
  | { readonly default: Value }
  | { readonly absent: string }
  | { readonly required: true }

interface About {
  readonly description: string
  /** Shown in reference pages where there is no default to show. */
  readonly example?: string | number
}

interface TextRules {
  readonly type: 'string'
  readonly enum?: readonly string[]
  readonly pattern?: string
  /** The pattern in words, after "must be". Present wherever a pattern is. */
  readonly form?: string
  readonly minLength?: number
  readonly maxLength?: number
  /** Never shown: not by `config show`, not by the admin API, not in logs. */
  readonly secret?: true
}

interface NumberRules {
  readonly type: 'integer' | 'number'
  readonly minimum: number
  readonly maximum: number
}

interface SwitchRules {
  readonly type: 'boolean'
}

interface ListRules {
  readonly type: 'array'
  readonly items: ItemSchema
}

interface TableRules {
  readonly type: 'object'
  readonly properties: Properties
}

/** What may stand in a list. */
export type ItemSchema = TextRules | NumberRules | (TableRules & Partial<About>)

/** A table is made of its options' defaults unless it may be absent as a whole. */
export type OptionSchema =
  | (About & TextRules & Presence<string>)
  | (About & NumberRules & Presence<number>)
  | (About & SwitchRules & Presence<boolean>)
  | (About & ListRules & Presence<readonly unknown[]>)
  | TableSchema

export interface TableSchema extends About, TableRules {
  readonly absent?: string
}

export type Properties = { readonly [name: string]: OptionSchema }

/** Any node of a schema. */
export type AnySchema = OptionSchema | ItemSchema

type Simplify<T> = { readonly [K in keyof T]: T[K] }

type OptionalKeys<P> = { [K in keyof P]: P[K] extends { absent: string } ? K : never }[keyof P]

type TableValue<P> = Simplify<
  { readonly [K in Exclude<keyof P, OptionalKeys<P>>]: ValueOf<P[K]> } & {
    readonly [K in OptionalKeys<P>]?: ValueOf<P[K]>
  }
>

/** The checked value a schema stands for, defaults filled in. */
export type ValueOf<S> = S extends { readonly properties: infer P }
  ? TableValue<P>
  : S extends { readonly items: infer I }
    ? readonly ValueOf<I>[]
    : S extends { readonly enum: readonly (infer V)[] }
      ? V
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'boolean' }
          ? boolean
          : number

/** True for a table: a node with named options. */
export function isTable(schema: AnySchema): schema is AnySchema & TableRules {
  return schema.type === 'object'
}

/** Every single option below a table, tables themselves left out, with its dotted path. */
export function* walkOptions(
  table: TableRules,
  above: readonly string[] = [],
): Generator<{ readonly path: readonly string[]; readonly option: OptionSchema }> {
  for (const [name, option] of Object.entries(table.properties)) {
    const path = [...above, name]
    if (isTable(option)) yield* walkOptions(option, path)
    else yield { path, option }
  }
}
