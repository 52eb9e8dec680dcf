import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { acceptOp, idOf } from '../suite/samples.suite.ts'
import { openDatabase } from './driver.ts'
import { openSqliteStore } from './store.ts'

const fatal: Error[] = []

function open(path: string) {
  return openSqliteStore({ path, onFatal: (error) => fatal.push(error) })
}

async function withFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-open-'))
  try {
    await body(join(folder, 'store.db'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a store that is open already is refused, and free again once it is closed', async () => {
  await withFolder(async (path) => {
    const store = await open(path)
    await assert.rejects(open(path), { code: 'store-in-use' })
    await store.commit([acceptOp(1)])
    await store.close()
    const again = await open(path)
    assert.notEqual(await again.read({ query: 'message', messageId: idOf(1) }), undefined)
    await again.close()
  })
})

test('a file that is no database is refused as unreadable', async () => {
  await withFolder(async (path) => {
    writeFileSync(path, 'this is not a database, whatever its name says'.repeat(100))
    await assert.rejects(open(path), { code: 'store-unreadable' })
  })
})

test('a folder that is not there is refused as unreadable', async () => {
  await withFolder(async (path) => {
    await assert.rejects(open(join(path, 'nowhere', 'store.db')), { code: 'store-unreadable' })
  })
})

test('a schema of a newer version is refused, and the lock is let go', async () => {
  await withFolder(async (path) => {
    await (await open(path)).close()
    const db = openDatabase(path)
    db.exec("INSERT INTO migration (number, name) VALUES (999, 'from the future')")
    db.close()
    await assert.rejects(open(path), { code: 'store-schema-newer' })
    await assert.rejects(open(path), { code: 'store-schema-newer' })
  })
})

test('nobody but the owner may read the files', async () => {
  await withFolder(async (path) => {
    const store = await open(path)
    await store.commit([acceptOp(1)])
    assert.equal(statSync(path).mode & 0o777, 0o600)
    assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600)
    await store.close()
    assert.equal(existsSync(`${path}-wal`), false, 'the log is folded into the file')
  })
})

test('closing waits for what was asked before and refuses what comes after', async () => {
  await withFolder(async (path) => {
    const store = await open(path)
    const results = Array.from({ length: 50 }, (_, n) => store.commit([acceptOp(n)]))
    const closing = store.close()
    await assert.rejects(store.commit([acceptOp(99)]), /closed/)
    await closing
    const kinds = (await Promise.all(results)).map(([{ kind }]) => kind)
    assert.ok(kinds.every((kind) => kind === 'accepted'))
    await store.close()
    assert.deepEqual(fatal, [])
  })
})
