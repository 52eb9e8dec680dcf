import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account } from '../core/directory.ts'
import { indexDirectory } from '../core/directory.ts'
import { loadNamed } from './forehand.ts'

const nothing = { accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }

function doors() {
  const loaded: string[] = []
  const door = (name: string) => ({ load: async () => void loaded.push(name) })
  return { loaded, smtp: door('smtp'), smpp: door('smpp') }
}

test('a directory that names nobody loads no door', async () => {
  const seen = doors()
  await loadNamed(indexDirectory(nothing), seen)
  assert.deepEqual(seen.loaded, [])
})

test('a client that binds has its door loaded before it comes', async () => {
  const seen = doors()
  const client = { id: 'acme', smpp: { enabled: true } } as unknown as Account
  await loadNamed(indexDirectory({ ...nothing, accounts: [client] }), seen)
  assert.deepEqual(seen.loaded, ['smpp'])
})

test('a door that cannot be loaded is told, and keeps the other from nothing', async () => {
  const seen = doors()
  const smtp = { load: () => Promise.reject(new Error('no descriptors')) }
  const client = { id: 'acme', smpp: {}, mm4: {} } as unknown as Account
  const named = indexDirectory({ ...nothing, accounts: [client] })
  await assert.rejects(loadNamed(named, { ...seen, smtp }), /no descriptors/)
  assert.deepEqual(seen.loaded, ['smpp'])
})
