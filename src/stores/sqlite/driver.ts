/**
 * Chooses the SQLite the run-time offers: `node:sqlite` where it is built in, the package with the
 * same interface elsewhere. Nothing else imports either; the types here are all we use of them,
 * because the type package of the oldest supported Node has none.
 */
import { createRequire } from 'node:module'
import { StoreOpenError } from './open-error.ts'

/** What a column holds and what a parameter takes. */
export type SqlValue = string | number | null | Uint8Array
/** One row by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>

export interface SqlStatement {
  run(...values: SqlValue[]): {
    readonly changes: number | bigint
    readonly lastInsertRowid: number | bigint
  }
  get(...values: SqlValue[]): SqlRow | undefined
  all(...values: SqlValue[]): SqlRow[]
}

export interface SqlDatabase {
  exec(sql: string): void
  prepare(sql: string): SqlStatement
  close(): void
}

export interface SqlOpenOptions {
  readonly readOnly?: boolean
  /** How long a statement waits for another connection's lock, in milliseconds. */
  readonly timeout?: number
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string, options?: SqlOpenOptions) => SqlDatabase
}

const PACKAGE = '@photostructure/sqlite'

/** Opens or creates a database file. Throws `StoreOpenError` when the run-time has no SQLite. */
export function openDatabase(path: string, options: SqlOpenOptions = {}): SqlDatabase {
  const { DatabaseSync } = builtIn() ?? installed()
  return new DatabaseSync(path, options)
}

/** Undefined before Node 22.13. */
function builtIn(): SqliteModule | undefined {
  const { emitWarning } = process
  // Node 22 calls the module experimental on standard error, where only our own log lines belong.
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as
      | SqliteModule
      | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function installed(): SqliteModule {
  try {
    return createRequire(import.meta.url)(PACKAGE) as SqliteModule
  } catch (error) {
    throw new StoreOpenError(
      'sqlite-missing',
      `this Node (${process.versions.node}) has no SQLite: ${String(error)}`,
      `Run on Node 22.13 or newer, or install the optional dependency ${PACKAGE}.`,
    )
  }
}

/** SQLite's result code behind an error, without its extension; undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}
