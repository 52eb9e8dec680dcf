import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase, type SqlDatabase } from './driver.ts'
import { prepareEngineQueries } from './queries/engine.ts'
import { preparePeopleQueries } from './queries/people.ts'
import { migrate } from './schema.ts'
import { createWriter } from './writer.ts'

/** Statements that may walk a table, because it is small or because they count it. */
const WALKS = [
  'FROM segment ORDER BY',
  'FROM directory ORDER BY',
  'FROM request_fresh ORDER BY',
  'FROM notice GROUP BY lane',
  'INDEXED BY delivery_due',
  // Newest first through an index, and a page ends it.
  'ORDER BY id DESC LIMIT',
  'FROM notice WHERE parked = 1',
  // What is leased, and what is parked under several spellings, through indexes of nothing else.
  'FROM delivery INDEXED BY delivery_leased',
  'FROM parked_report INDEXED BY parked_report_spelt',
]

/** Every statement the store prepares. */
function preparedStatements(): { readonly db: SqlDatabase; readonly statements: string[] } {
  const db = openDatabase(':memory:')
  migrate(db)
  const statements: string[] = []
  const listening: SqlDatabase = {
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
    prepare(sql) {
      statements.push(sql)
      return db.prepare(sql)
    },
  }
  createWriter(listening)
  prepareEngineQueries(listening)
  preparePeopleQueries(listening)
  return { db, statements }
}

test('no statement on the way of a message walks a table', () => {
  const { db, statements } = preparedStatements()
  assert.ok(statements.length > 50)
  for (const sql of statements) {
    if (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) continue
    if (WALKS.some((part) => sql.replace(/\s+/g, ' ').includes(part))) continue
    for (const row of db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()) {
      const detail = String(row.detail)
      const walks = detail.startsWith('SCAN') && !/^SCAN (json_each|CONSTANT)/.test(detail)
      // A limit is no limit when everything is sorted first.
      const sorts = sql.includes('LIMIT') && detail.includes('TEMP B-TREE FOR ORDER')
      assert.ok(!walks && !sorts, `${detail}: ${sql}`)
    }
  }
  db.close()
})
