/** Opens the file for the writer, and takes up what an earlier process left. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Extent } from '../../core/message.ts'
import type { StartFacts } from '../../engine/ports/start-facts.ts'
import { decodeParked, decodePartSet } from './decode.ts'
import { openDatabase, type SqlDatabase, sqliteCode } from './driver.ts'
import { openLedger } from './ledger.ts'
import { lockStore, type StoreLock } from './lock.ts'
import { StoreOpenError } from './open-error.ts'
import { MESSAGE_ID } from './rows.ts'
import { migrate } from './schema.ts'

/** Three rows of 2 KB fit on a page of this size and one on SQLite's own choice. */
const PAGE_BYTES = 8192
/** Log bytes before a checkpoint: more makes the slowest commits slower. */
const CHECKPOINT_BYTES = 4_096_000
/** After a burst the log is cut back to this, in bytes. */
const LOG_BYTES_MAX = 67_108_864
/** Reader connections of ours never block the writer; a person's tool might, this long. */
const BUSY_TIMEOUT_MS = 5000

export interface OpenedFile {
  readonly db: SqlDatabase
  readonly lock: StoreLock
  readonly start: StartFacts
}

/** Opens or creates the file, ready to write. Throws `StoreOpenError`. */
export function openForWriting(path: string, cacheKiB: number): OpenedFile {
  let lock: StoreLock | undefined
  let db: SqlDatabase | undefined
  try {
    lock = lockStore(path)
    // Messages are nobody else's business; SQLite gives its side files the same mode.
    closeSync(openSync(path, 'a', 0o600))
    db = openDatabase(path, { timeout: BUSY_TIMEOUT_MS })
    db.exec(`
      PRAGMA page_size = ${PAGE_BYTES};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_BYTES / PAGE_BYTES};
      PRAGMA journal_size_limit = ${LOG_BYTES_MAX};
      PRAGMA cache_size = -${cacheKiB};
      PRAGMA temp_store = MEMORY;
    `)
    migrate(db)
    // Reading what was under way also touches every table that matters: damage shows here.
    const start = recover(db)
    syncFolder(dirname(path))
    return { db, lock, start }
  } catch (error) {
    db?.close()
    lock?.release()
    throw mendable(path, error) ?? error
  }
}

/** The operator's view of what SQLite or the file system said; undefined for a fault of ours. */
function mendable(path: string, error: unknown): StoreOpenError | undefined {
  if (error instanceof StoreOpenError || !(error instanceof Error)) return undefined
  if (sqliteCode(error) === undefined && !('syscall' in error)) return undefined
  return new StoreOpenError(
    'store-unreadable',
    `cannot open ${path}: ${error.message}`,
    'Check the folder, its owner and its disk; restore the file from a copy if it is damaged.',
  )
}

/**
 * Makes the names of the file and of its log durable, before anything in them is promised: SQLite
 * does it too, but goes on as if nothing had happened when that fails.
 */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Frees the leases of a process that is gone and lists what it may not have finished. */
function recover(db: SqlDatabase): StartFacts {
  db.exec('BEGIN IMMEDIATE')
  const attempting = db
    .prepare(
      `SELECT count(*) AS count FROM delivery
       WHERE leased_at IS NOT NULL AND state = 'attempting'`,
    )
    .get()
  db.exec(`
    UPDATE delivery SET next_at = leased_at, leased_at = NULL, version = version + 1
      WHERE leased_at IS NOT NULL;
    UPDATE notice SET due_at = leased_at, leased_at = NULL,
      next_at = CASE WHEN next_at IS NULL THEN NULL ELSE leased_at END
      WHERE leased_at IS NOT NULL;
    COMMIT;
  `)
  return {
    recoveredLeases: Number(attempting?.count ?? 0),
    unverified: unverified(db),
    unusedReports: unusedReports(db),
    completeParts: completeParts(db),
  }
}

function unverified(db: SqlDatabase): StartFacts['unverified'] {
  const synced = openLedger(db).position()
  if (synced === undefined) return []
  const rows = db
    .prepare(
      `SELECT ${MESSAGE_ID}, json_extract(body, '$.content.extents') AS extents
       FROM message WHERE number IN (
         SELECT message FROM extent WHERE segment = ?1 AND end_offset > ?2
         UNION SELECT message FROM extent WHERE segment > ?1)
       ORDER BY number`,
    )
    .all(synced.segment, synced.offset)
  return rows.map((row) => ({
    messageId: String(row.message_id),
    extents: JSON.parse(String(row.extents)) as Extent[],
  }))
}

function unusedReports(db: SqlDatabase): StartFacts['unusedReports'] {
  const rows = db
    .prepare(
      `SELECT parked.id, parked.route, parked.remote_id, parked.at, parked.body
       FROM parked_report AS parked JOIN remote USING (route, remote_id) ORDER BY parked.id`,
    )
    .all()
  return rows.map((row) => ({
    route: String(row.route),
    remoteId: String(row.remote_id),
    parked: decodeParked(row),
  }))
}

function completeParts(db: SqlDatabase): StartFacts['completeParts'] {
  const sets = db
    .prepare(
      `SELECT printf('%018d', first) AS first FROM part WHERE message IS NULL
       GROUP BY part.first HAVING count(*) >= max(total) ORDER BY part.first`,
    )
    .all()
  const bodies = db.prepare(
    'SELECT body FROM part WHERE first = ? AND message IS NULL ORDER BY sequence',
  )
  return sets.map((row) => decodePartSet(String(row.first), bodies.all(String(row.first))))
}
