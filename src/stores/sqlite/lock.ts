/**
 * One process per store. The lock is SQLite's own on an empty file beside the store, so that the
 * kernel lets go of it however the process ends, and a stale one cannot exist.
 */
import { openDatabase, sqliteCode } from './driver.ts'
import { StoreOpenError } from './open-error.ts'

const SQLITE_BUSY = 5

export interface StoreLock {
  release(): void
}

/** Throws `StoreOpenError` when another process, or another store of this one, holds it. */
export function lockStore(path: string): StoreLock {
  const db = openDatabase(`${path}.lock`, { timeout: 0 })
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (sqliteCode(error) !== SQLITE_BUSY) throw error
    throw new StoreOpenError(
      'store-in-use',
      `another process has ${path} open`,
      'Stop it first, or give this one its own data folder.',
    )
  }
  return { release: () => db.close() }
}
