import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openDatabase } from './driver.ts'
import { MIGRATION_STEPS, type MigrationStep } from './migrations/steps.ts'
import { migrate, printSchema } from './schema.ts'

/** The golden file lies beside the source, not beside what the compiler made of it. */
function goldenPath(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return join(folder, 'src', 'stores', 'sqlite', 'schema.sql')
}

test('the steps lead to the schema in schema.sql (rewritten with UPDATE_GOLDEN=1)', () => {
  const db = openDatabase(':memory:')
  migrate(db)
  const schema = `-- Where the migration steps lead. Written by schema.test.ts.\n\n${printSchema(db)}`
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(goldenPath(), schema)
  assert.equal(schema, readFileSync(goldenPath(), 'utf8'))
})

test('the steps are numbered without gaps', () => {
  assert.deepEqual(
    MIGRATION_STEPS.map(({ number }) => number),
    MIGRATION_STEPS.map((_, index) => index + 1),
  )
})

const first: MigrationStep = { number: 1, name: 'first', sql: 'CREATE TABLE a (x); ' }
const second: MigrationStep = { number: 2, name: 'second', sql: 'CREATE TABLE b (x); ' }
const broken: MigrationStep = { number: 2, name: 'second', sql: 'CREATE TABLE b (x); oops;' }

function tables(path: string): string[] {
  const db = openDatabase(path)
  const rows = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  db.close()
  return rows.map(({ name }) => String(name)).sort()
}

function withFile(body: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-schema-'))
  try {
    body(join(folder, 'store.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function upgrade(path: string, steps: readonly MigrationStep[]): void {
  const db = openDatabase(path)
  try {
    migrate(db, steps)
  } finally {
    db.close()
  }
}

test('an upgrade runs only the steps that are new', () => {
  withFile((path) => {
    upgrade(path, [first])
    upgrade(path, [first, second])
    upgrade(path, [first, second])
    assert.deepEqual(tables(path), ['a', 'b', 'migration'])
  })
})

test('a step that fails leaves nothing behind and runs again', () => {
  withFile((path) => {
    assert.throws(() => upgrade(path, [first, broken]), /syntax error/)
    assert.deepEqual(tables(path), ['a', 'migration'])
    upgrade(path, [first, second])
    assert.deepEqual(tables(path), ['a', 'b', 'migration'])
  })
})

test('a store of a newer version is refused', () => {
  withFile((path) => {
    upgrade(path, [first, second])
    assert.throws(() => upgrade(path, [first]), { code: 'store-schema-newer' })
  })
})

test("another program's database is refused and left alone", () => {
  withFile((path) => {
    const other = openDatabase(path)
    other.exec('CREATE TABLE theirs (x)')
    other.close()
    assert.throws(() => upgrade(path, [first]), { code: 'store-unreadable' })
    assert.deepEqual(tables(path), ['theirs'])
  })
})
