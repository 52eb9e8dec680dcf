/**
 * Brings a database file to the schema of this version, step by step, each in its own transaction
 * and recorded in it. A file from a newer version is refused: guessing would lose messages.
 */
import type { SqlDatabase } from './driver.ts'
import { MIGRATION_STEPS, type MigrationStep } from './migrations/steps.ts'
import { StoreOpenError } from './open-error.ts'

/** "CRLN": tells our files from other people's. */
const APPLICATION_ID = 0x43524c4e

/** Takes `steps` as an argument so that a test can play an older and a newer version. */
export function migrate(db: SqlDatabase, steps: readonly MigrationStep[] = MIGRATION_STEPS): void {
  claimFile(db)
  db.exec('CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)')
  const done = Number(db.prepare('SELECT max(number) AS number FROM migration').get()?.number ?? 0)
  const known = steps.at(-1)?.number ?? 0
  if (done > known) {
    throw new StoreOpenError(
      'store-schema-newer',
      `the store has schema ${done}, this version knows ${known}`,
      'Start the newer version again, or restore the copy made before the upgrade.',
    )
  }
  const record = db.prepare('INSERT INTO migration (number, name) VALUES (?, ?)')
  for (const step of steps) {
    if (step.number <= done) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      db.exec(step.sql)
      record.run(step.number, step.name)
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
}

function claimFile(db: SqlDatabase): void {
  const id = db.prepare('PRAGMA application_id').get()?.application_id
  if (id === APPLICATION_ID) return
  const tables = db.prepare('SELECT count(*) AS count FROM sqlite_master').get()?.count
  if (id !== 0 || tables !== 0) {
    throw new StoreOpenError(
      'store-unreadable',
      'the file is a database of another program',
      'Point the data folder somewhere else.',
    )
  }
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
}

/** The schema as SQLite keeps it, one object per paragraph, in a fixed order. */
export function printSchema(db: SqlDatabase): string {
  const rows = db
    .prepare(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
       ORDER BY tbl_name, type DESC, name`,
    )
    .all()
  return `${rows.map((row) => `${String(row.sql)};`).join('\n\n')}\n`
}
