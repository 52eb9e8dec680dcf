/**
 * Makes the configuration out of flags, environment, file and defaults, in that order of weight,
 * and remembers where each value came from. Everything wrong is told at once.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_SCHEMA, type Config } from './config-schema.ts'
import { objections, warnings } from './config-sense.ts'
import {
  type Environment,
  type FlagValue,
  type Given,
  givenByEnv,
  givenByFlags,
} from './given-values.ts'
import { OperatorError, operatorError, type Problem } from './operator-error.ts'
import { walkOptions } from './option-schema.ts'
import { type Checked, checkValue } from './schema-check.ts'
import { tomlParser } from './toml.ts'
import { lineOf, tomlLines } from './toml-lines.ts'

/** Read from the working directory when nobody names a file. */
export const CONFIG_FILE = 'carillon.toml'

/** Inline tables and lists deeper than this are not ours. */
const TOML_DEPTH_MAX = 16

export interface ConfigSources {
  /** Named by the operator: must exist. */
  readonly file?: string
  readonly env: Environment
  /** By dotted path, e.g. `{ 'http.port': '9000' }`. */
  readonly flags: Readonly<Record<string, FlagValue>>
  /** Where `carillon.toml` is looked for when nobody names a file; the working directory. */
  readonly folder?: string
}

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line?: number }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'flag'; readonly name: string }

export interface LoadedConfig {
  readonly config: Config
  /** By dotted path, one for every option there is. */
  readonly origins: ReadonlyMap<string, Origin>
  /** Lawful but worth a second look; one sentence each. */
  readonly warnings: readonly string[]
  readonly file?: string
}

/** The configuration, or an `OperatorError` with everything that is wrong. */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const file = findFile(sources)
  const source = file === undefined ? undefined : readConfigFile(file)
  const env = givenByEnv(CONFIG_SCHEMA, sources.env)
  const flags = givenByFlags(CONFIG_SCHEMA, sources.flags)
  const origins = originsOf(source, env.given, flags.given)
  const merged = structuredClone(source?.table ?? {})
  for (const given of [...env.given, ...flags.given]) put(merged, given)
  const checked: Checked<Config> = checkValue(CONFIG_SCHEMA, merged)
  const problems = [
    ...env.problems,
    ...flags.problems,
    ...(checked.kind === 'wrong' ? checked.problems : objections(checked.value)),
  ].map((problem) => withPlace(problem, origins, source))
  if (checked.kind === 'wrong' || problems.length > 0) throw operatorError('config-wrong', problems)
  return {
    config: checked.value,
    origins,
    warnings: warnings(checked.value),
    ...(file !== undefined && { file }),
  }
}

/** `carillon.toml:12`, `CARILLON_HTTP__PORT`, `--http.port` or `default`. */
export function printOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default'
    case 'file':
      return origin.line === undefined ? origin.file : `${origin.file}:${origin.line}`
    case 'env':
    case 'flag':
      return origin.name
  }
}

interface ConfigFile {
  readonly file: string
  readonly table: Record<string, unknown>
  readonly lines: ReadonlyMap<string, number>
}

function findFile(sources: ConfigSources): string | undefined {
  const named = sources.file ?? sources.env.CARILLON_CONFIG
  if (named !== undefined && named !== '') return named
  const usual = sources.folder === undefined ? CONFIG_FILE : join(sources.folder, CONFIG_FILE)
  return existsSync(usual) ? usual : undefined
}

function readConfigFile(file: string): ConfigFile {
  const toml = readOperatorFile(file)
  const { parse } = tomlParser()
  try {
    return { file, table: parse(toml, { maxDepth: TOML_DEPTH_MAX }), lines: tomlLines(toml) }
  } catch (error) {
    throw tomlSyntaxError(file, error)
  }
}

/** The text of a file the operator named. */
export function readOperatorFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new OperatorError(
      'file-unreadable',
      `${file}: cannot be read: ${because}`,
      'Check the path and who may read it.',
    )
  }
}

/** What the TOML parser said, with its place. */
export function tomlSyntaxError(file: string, error: unknown): OperatorError {
  if (!(error instanceof tomlParser().TomlError)) throw error
  const message = error.message.split('\n')[0] ?? ''
  const where = `${file}:${error.line}`
  return new OperatorError('file-syntax', `${where}: ${message}`, error.codeblock.trimEnd(), [
    { path: '', where, message },
  ])
}

function originsOf(
  source: ConfigFile | undefined,
  env: readonly Given[],
  flags: readonly Given[],
): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>()
  for (const { path } of walkOptions(CONFIG_SCHEMA)) {
    const name = path.join('.')
    if (source === undefined || !has(source.table, path)) {
      origins.set(name, { kind: 'default' })
      continue
    }
    const line = lineOf(source.lines, name)
    origins.set(name, { kind: 'file', file: source.file, ...(line !== undefined && { line }) })
  }
  for (const { path, name } of env) origins.set(path.join('.'), { kind: 'env', name })
  for (const { path, name } of flags) origins.set(path.join('.'), { kind: 'flag', name })
  return origins
}

function withPlace(
  problem: Problem,
  origins: ReadonlyMap<string, Origin>,
  source: ConfigFile | undefined,
): Problem {
  if (problem.where !== undefined) return problem
  const origin = origins.get(problem.path)
  if (origin !== undefined && origin.kind !== 'default') {
    return { ...problem, where: printOrigin(origin) }
  }
  if (source === undefined) return problem
  const line = lineOf(source.lines, problem.path)
  return { ...problem, where: line === undefined ? source.file : `${source.file}:${line}` }
}

function has(table: unknown, path: readonly string[]): boolean {
  let node = table
  for (const name of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return false
    node = (node as Record<string, unknown>)[name]
  }
  return true
}

/** Lays a value over the file's. A file that has no table there is the check's business. */
function put(table: Record<string, unknown>, { path, value }: Given): void {
  let node = table
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(node, name) ? node[name] : {}
    if (typeof next !== 'object' || next === null) return
    node[name] = next
    node = next as Record<string, unknown>
  }
  const last = path.at(-1)
  if (last !== undefined) node[last] = value
}
