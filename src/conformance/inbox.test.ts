/** Who waits gets what comes, what was there already, or nothing in time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createInbox } from './inbox.ts'

const LONG_MS = 60_000

test('what came before is found, and so is what comes later, each under its own key', async () => {
  const inbox = createInbox<string>()
  inbox.keep('a', 'first')
  assert.equal((await inbox.find('a', () => true, LONG_MS)).found, 'first')
  const later = inbox.find('a', (item) => item === 'second', LONG_MS)
  inbox.keep('b', 'second')
  inbox.keep('a', 'second')
  assert.deepEqual(await later, { found: 'second', all: ['first', 'second'] })
})

test('in vain one waits for so long, or until it is called off', async () => {
  const inbox = createInbox<string>()
  inbox.keep('a', 'other')
  const nothing = { found: undefined, all: ['other'] }
  assert.deepEqual(await inbox.find('a', (item) => item === 'x', 1), nothing)
  const enough = new AbortController()
  const waiting = inbox.find('a', (item) => item === 'x', LONG_MS, enough.signal)
  enough.abort()
  assert.deepEqual(await waiting, nothing)
})
