import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptOp, claimOp, noticeOf, T0 } from '../suite/samples.suite.ts'
import { openDatabase, type SqlDatabase } from './driver.ts'
import { encodeOp } from './encode.ts'
import { migrate } from './schema.ts'
import type { WireOp } from './wire.ts'
import { createWriter, StoreBrokenError } from './writer.ts'

function openMigrated(): SqlDatabase {
  const db = openDatabase(':memory:')
  migrate(db)
  return db
}

function accept(n: number, wishes = {}): WireOp[] {
  return [encodeOp(acceptOp(n, wishes)).wire]
}

function count(db: SqlDatabase, table: string): number {
  return Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count)
}

/** A database whose `COMMIT` fails with a SQLite result code while `failing` says so. */
function failingOnCommit(db: SqlDatabase, failing: () => number | undefined): SqlDatabase {
  return {
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
    prepare(sql) {
      const statement = db.prepare(sql)
      if (sql !== 'COMMIT') return statement
      return {
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
        run(...values) {
          const errcode = failing()
          if (errcode !== undefined) throw Object.assign(new Error('disk'), { errcode })
          return statement.run(...values)
        },
      }
    },
  }
}

const SQLITE_FULL = 13
const SQLITE_IOERR_FSYNC = 1034

test('a commit that throws takes only itself along, and the rest of the batch is kept', () => {
  const db = openMigrated()
  const writer = createWriter(db)
  const notices = [noticeOf(2, 'rejected', T0, { index: 5 })]
  const outcomes = writer.run([accept(1), accept(2, { notices }), accept(3)])
  assert.deepEqual(
    outcomes.map(({ kind }) => kind),
    ['done', 'failed', 'done'],
  )
  assert.equal(count(db, 'message'), 2)
  assert.equal(count(db, 'delivery'), 2)
  assert.equal(count(db, 'notice'), 0)
})

test('delivery ids of a commit that was rolled back are given again, and none twice', () => {
  const db = openMigrated()
  const writer = createWriter(db)
  const notices = [noticeOf(2, 'rejected', T0, { index: 5 })]
  writer.run([accept(1), accept(2, { notices, recipients: 3 }), accept(3)])
  writer.run([accept(4)])
  const ids = db.prepare('SELECT id FROM delivery ORDER BY id').all()
  assert.deepEqual(
    ids.map(({ id }) => id),
    [1, 2, 3],
  )
})

test('a full disk refuses the batch, and the next one succeeds when there is room', () => {
  let full = true
  const db = openMigrated()
  const writer = createWriter(failingOnCommit(db, () => (full ? SQLITE_FULL : undefined)))
  const refused = writer.run([accept(1), accept(2)])
  assert.deepEqual(
    refused.map(({ kind }) => kind),
    ['full', 'full'],
  )
  assert.equal(count(db, 'message'), 0)
  full = false
  assert.deepEqual(
    writer.run([accept(1)]).map(({ kind }) => kind),
    ['done'],
  )
})

test('a real limit of pages is a full disk too', () => {
  const db = openMigrated()
  const writer = createWriter(db)
  writer.run([accept(1)])
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
  db.exec(`PRAGMA max_page_count = ${pages + 2}`)
  const inline = new Uint8Array(100_000)
  assert.deepEqual(
    writer.run([accept(2, { inline }), accept(3)]).map(({ kind }) => kind),
    ['full', 'full'],
  )
  assert.equal(count(db, 'message'), 1)
  const [claim] = writer.run([[claimOp('carrier-a', T0 + 10)]])
  assert.equal(claim?.kind, 'done', 'what was accepted keeps moving')
})

test('a failed sync is the end: nothing is answered, nothing is tried again', () => {
  let commits = 0
  const db = failingOnCommit(openMigrated(), () => {
    commits += 1
    return SQLITE_IOERR_FSYNC
  })
  const writer = createWriter(db)
  assert.throws(() => writer.run([accept(1), accept(2)]), StoreBrokenError)
  assert.equal(commits, 1)
})
