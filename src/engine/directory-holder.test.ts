import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Directory, DirectoryData } from '../core/directory.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { type DirectoryObjection, openDirectoryHolder } from './directory-holder.ts'

const NOTHING: DirectoryData = { accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }

function blocks(...numbers: readonly string[]): DirectoryData {
  return { ...NOTHING, blocks: numbers.map((number) => ({ number, because: 'test' })) }
}

const numbersOf = (directory: DirectoryData) => directory.blocks.map(({ number }) => number)
const allow = (): readonly DirectoryObjection[] => []

/** Refuses every directory that blocks this number. */
function refuse(number: string) {
  return (data: DirectoryData): readonly DirectoryObjection[] =>
    numbersOf(data).includes(number)
      ? [{ kind: 'block', name: number, field: 'number', message: 'not this one' }]
      : []
}

test('a new installation has an empty directory', async () => {
  const holder = await openDirectoryHolder(openMemoryStore(), allow)
  assert.deepEqual(numbersOf(holder.current()), [])
})

test('an import is there at once, and again after a restart, in the same order', async () => {
  const store = openMemoryStore()
  const holder = await openDirectoryHolder(store, allow)
  const applied = await holder.apply(blocks('15550102', '15550101'), 'merge')
  assert.deepEqual(applied, {
    kind: 'applied',
    added: ['block 15550102', 'block 15550101'],
    changed: [],
    removed: [],
  })
  assert.ok(holder.current().blocked.has('15550101'))
  const reopened = await openDirectoryHolder(store, allow)
  assert.deepEqual(numbersOf(reopened.current()), numbersOf(holder.current()))
})

test('merge keeps what the import does not name, replace deletes it', async () => {
  const store = openMemoryStore()
  const holder = await openDirectoryHolder(store, allow)
  await holder.apply(blocks('15550101'), 'merge')
  await holder.apply(blocks('15550102'), 'merge')
  assert.deepEqual(numbersOf(holder.current()), ['15550101', '15550102'])
  const applied = await holder.apply(blocks('15550102', '15550103'), 'replace')
  assert.deepEqual(applied, {
    kind: 'applied',
    added: ['block 15550103'],
    changed: [],
    removed: ['block 15550101'],
  })
  const reopened = await openDirectoryHolder(store, allow)
  assert.deepEqual(numbersOf(reopened.current()), ['15550102', '15550103'])
})

test('one number may be blocked for everybody and for one account besides', async () => {
  const holder = await openDirectoryHolder(openMemoryStore(), allow)
  const number = '15550101'
  const both = [
    { number, because: 'all' },
    { number, account: 'a', because: 'one' },
  ]
  await holder.apply({ ...NOTHING, blocks: both }, 'merge')
  assert.equal(holder.current().blocks.length, 2)
})

test('a refused import changes neither snapshot nor store, and nobody is told', async () => {
  const store = openMemoryStore()
  const holder = await openDirectoryHolder(store, refuse('15550199'))
  await holder.apply(blocks('15550101'), 'merge')
  const before = holder.current()
  holder.onChange(() => assert.fail('told'))
  const refused = await holder.apply(blocks('15550102', '15550199'), 'replace')
  assert.equal(refused.kind, 'refused')
  assert.equal(holder.current(), before)
  const reopened = await openDirectoryHolder(store, allow)
  assert.deepEqual(numbersOf(reopened.current()), ['15550101'])
})

test('what is judged is the directory that would come of it, and judging changes nothing', async () => {
  const holder = await openDirectoryHolder(openMemoryStore(), refuse('15550101'))
  assert.equal(holder.judge(blocks('15550101'), 'merge').length, 1)
  assert.equal(holder.judge(blocks('15550102'), 'merge').length, 0)
  assert.deepEqual(numbersOf(holder.current()), [])
})

test('listeners see the new and the previous snapshot until they stop listening', async () => {
  const holder = await openDirectoryHolder(openMemoryStore(), allow)
  const seen: (readonly string[])[] = []
  const stop = holder.onChange((now: Directory, before: Directory) =>
    seen.push([numbersOf(before).join(), numbersOf(now).join()]),
  )
  await holder.apply(blocks('15550101'), 'merge')
  await holder.apply(blocks('15550101'), 'merge')
  stop()
  await holder.apply(blocks('15550102'), 'merge')
  assert.deepEqual(seen, [['', '15550101']])
})

test('an unchanged entry is not written, whatever the order of its keys', async () => {
  const store = openMemoryStore()
  const holder = await openDirectoryHolder(store, allow)
  await holder.apply({ ...NOTHING, blocks: [{ number: '1', because: 'x' }] }, 'merge')
  const again = { ...NOTHING, blocks: [{ because: 'x', number: '1' }] }
  assert.deepEqual(await holder.apply(again, 'merge'), {
    kind: 'applied',
    added: [],
    changed: [],
    removed: [],
  })
  const other = { ...NOTHING, blocks: [{ because: 'y', number: '1' }] }
  const applied = await holder.apply(other, 'merge')
  assert.ok(applied.kind === 'applied')
  assert.deepEqual(applied.changed, ['block 1'])
})

test('imports at the same time are made one after the other', async () => {
  const holder = await openDirectoryHolder(openMemoryStore(), allow)
  const numbers = Array.from({ length: 20 }, (_, i) => `155501${String(i).padStart(2, '0')}`)
  await Promise.all(numbers.map((number) => holder.apply(blocks(number), 'merge')))
  assert.deepEqual(numbersOf(holder.current()), numbers)
})

test('a store that fails leaves the snapshot as it was, and the next import has its turn', async () => {
  const store = openMemoryStore()
  let full = true
  const holder = await openDirectoryHolder(
    {
      read: (query) => store.read(query),
      commit: (ops) => (full ? Promise.reject(new Error('disk full')) : store.commit(ops)),
    },
    allow,
  )
  await assert.rejects(holder.apply(blocks('15550101'), 'merge'), /disk full/)
  assert.deepEqual(numbersOf(holder.current()), [])
  full = false
  await holder.apply(blocks('15550102'), 'merge')
  assert.deepEqual(numbersOf(holder.current()), ['15550102'])
})
