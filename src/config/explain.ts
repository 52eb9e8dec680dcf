/** What `config show` and `config explain` tell: each option with its value, origin and meaning. */
import { CONFIG_SCHEMA } from './config-schema.ts'
import { variableName } from './given-values.ts'
import type { LoadedConfig, Origin } from './load.ts'
import { type OptionSchema, walkOptions } from './option-schema.ts'

export interface ConfigRow {
  /** Dotted path. */
  readonly path: string
  /** Absent when the option is not set and has no default. */
  readonly value?: unknown
  readonly origin: Origin
  readonly description: string
  /** The variable that would set it. */
  readonly variable: string
}

/** Every option in the order of the schema. Secrets, should there ever be one, are stars. */
export function configRows(loaded: LoadedConfig): readonly ConfigRow[] {
  const rows: ConfigRow[] = []
  for (const { path, option } of walkOptions(CONFIG_SCHEMA)) {
    const name = path.join('.')
    const value = shown(option, valueAt(loaded.config, path))
    rows.push({
      path: name,
      ...(value !== undefined && { value }),
      origin: loaded.origins.get(name) ?? { kind: 'default' },
      description: option.description,
      variable: variableName(path),
    })
  }
  return rows
}

function shown(option: OptionSchema, value: unknown): unknown {
  const secret = 'secret' in option && option.secret === true
  return secret && value !== undefined ? '***' : value
}

function valueAt(config: unknown, path: readonly string[]): unknown {
  let node = config
  for (const name of path) {
    if (typeof node !== 'object' || node === null) return undefined
    node = (node as Record<string, unknown>)[name]
  }
  return node
}
