import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  DELIVERED,
  directoryOf,
  ENVELOPE,
  MINUTE_MS,
  openWorld,
  prefixOf,
  SECOND_MS,
} from '../../test/support/engine-world.ts'
import type { Address } from '../core/address.ts'
import { type Account, type ConsentReplies, findBlock } from '../core/directory.ts'
import type { MessageClass, Submission } from '../core/message.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { openSqliteStore } from '../stores/sqlite/store.ts'
import { openDirectoryHolder } from './directory-holder.ts'
import type { Store } from './ports/store.ts'

const OURS: Address = { kind: 'short-code', text: '24680' }
const THEIRS: Address = { kind: 'number', text: `${prefixOf(0)}000042` }
const WAYS = { harbour: { lane: {}, play: () => DELIVERED } }

const STORES = {
  memory: async () => openMemoryStore(),
  async sqlite(folder: string): Promise<Store> {
    const onFatal = (error: Error) => assert.fail(error)
    return openSqliteStore({ path: join(folder, 'c.db'), onFatal })
  },
} as const

/** A message from the subscriber that is nothing but this keyword. */
function word(
  consent: 'stop' | 'start' | 'help',
  request: string,
  messageClass: MessageClass = 'personal',
): Partial<Submission> {
  return {
    direction: 'mo',
    envelope: { ...ENVELOPE, sender: THEIRS, messageClass, deliveryReports: false },
    recipients: [OURS],
    consent: { consent, keyword: consent.toUpperCase() },
    idempotency: { scope: 'peer harbour', key: request, fingerprint: 'x' },
  }
}

const ACCOUNT: Account = {
  id: 'acme',
  name: 'Acme',
  dialect: 'plain',
  enabled: true,
  services: [],
  limits: { callsPerSecond: 10, callsBurst: 10, contentBytesMax: 1000 },
  carrierIdRequired: false,
  carrierLookup: false,
  presentationRequired: false,
}

async function openConsentWorld(store: Store, replies: ConsentReplies = {}) {
  const commits: string[][] = []
  const watched: Store = {
    ...store,
    start: store.start,
    commit(ops) {
      commits.push(ops.map(({ op }) => op))
      return store.commit(ops)
    },
  }
  const holder = await openDirectoryHolder(watched, () => [])
  const accounts = [{ ...ACCOUNT, consentReplies: replies }]
  await holder.apply({ ...directoryOf(['harbour']), accounts }, 'merge')
  const world = await openWorld({ ways: WAYS, store: watched, holder })
  const blockedBy = async (from: Store = store) => {
    const block = findBlock(holder.current(), THEIRS, 'acme', OURS.text)
    const again = await openDirectoryHolder(from, () => [])
    assert.deepEqual(findBlock(again.current(), THEIRS, 'acme', OURS.text), block)
    return block
  }
  return { world, holder, commits, blockedBy }
}

for (const [name, open] of Object.entries(STORES)) {
  test(`${name}: STOP is kept in one commit with its message, and START takes it back`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'carillon-consent-'))
    const store = await open(folder)
    t.after(async () => {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    })
    const { world, commits, blockedBy } = await openConsentWorld(store)
    commits.length = 0
    await world.send(word('stop', 'r1'))
    assert.deepEqual(commits[0], ['accept', 'put-directory'])
    const block = await blockedBy()
    assert.match(block?.because ?? '', /^STOP on \d{4}-\d\d-\d\d$/)
    assert.equal(block?.byRecipient, true)
    await world.send(word('help', 'r2'))
    assert.deepEqual(await blockedBy(), block)
    await world.send(word('start', 'r3'))
    assert.equal(await blockedBy(), undefined)
    await world.send(word('stop', 'r1'))
    assert.equal(await blockedBy(), undefined, 'a repeated request changes nothing any more')
    await world.engine.stop()
  })
}

test('a block holds for the sender it was said to, and for no other', async () => {
  const { world, holder } = await openConsentWorld(openMemoryStore())
  await world.send(word('stop', 'r1'))
  const directory = holder.current()
  assert.equal(findBlock(directory, THEIRS, 'acme', '13579'), undefined)
  assert.equal(findBlock(directory, THEIRS, 'baker', OURS.text), undefined)
  assert.equal(directory.blocks.length, 1)
})

test('an import that replaces everything keeps what subscribers said', async () => {
  const { world, holder, blockedBy } = await openConsentWorld(openMemoryStore())
  await world.send(word('stop', 'r1'))
  const before = holder.current()
  const operators = { number: '15550009', because: 'the operator' }
  await holder.apply({ ...directoryOf(['harbour']), blocks: [operators] }, 'replace')
  assert.notEqual(await blockedBy(), undefined)
  await holder.apply(directoryOf(['harbour']), 'replace')
  assert.notEqual(await blockedBy(), undefined)
  assert.equal(holder.current().blocks.length, 1)
  assert.notEqual(holder.current(), before)
})

test('an import and a STOP at the same time are both kept', async () => {
  const { world, holder, blockedBy } = await openConsentWorld(openMemoryStore())
  const operators = { number: '15550009', because: 'the operator' }
  await Promise.all([
    holder.apply({ ...directoryOf(['harbour']), blocks: [operators] }, 'merge'),
    world.send(word('stop', 'r1')),
    holder.apply(directoryOf(['harbour']), 'replace'),
  ])
  assert.notEqual(await blockedBy(), undefined)
})

const TEXTS = { stop: 'You will get no more.', start: 'Welcome back.', help: 'Call us.' }

test('a keyword is answered once, from the number that was written to', async () => {
  const { world } = await openConsentWorld(openMemoryStore(), TEXTS)
  await world.send(word('stop', 'r1'))
  await world.send(word('stop', 'r1'))
  await world.send(word('stop', 'r2'))
  await world.clock.advance(SECOND_MS)
  assert.equal(world.attempts.length, 1)
  const [answer] = world.attempts
  assert.deepEqual(answer?.recipient, THEIRS)
  assert.deepEqual(answer?.envelope.sender, OURS)
  assert.equal(answer?.envelope.messageClass, 'auto')
  const { inline } = answer?.content ?? {}
  assert.equal(inline === undefined ? '' : new TextDecoder().decode(inline), TEXTS.stop)
})

test('machines that answer each other come to an end', async () => {
  const { world } = await openConsentWorld(openMemoryStore(), TEXTS)
  const answers = () => world.attempts.length
  await world.send(word('help', 'r1', 'auto'))
  await world.clock.advance(SECOND_MS)
  assert.equal(answers(), 0, 'an automatic message is not answered')
  for (const request of ['r2', 'r3', 'r4']) await world.send(word('help', request))
  await world.clock.advance(SECOND_MS)
  assert.equal(answers(), 1, 'nor the same keyword again at once')
  await world.clock.advance(MINUTE_MS)
  await world.send(word('help', 'r5'))
  await world.clock.advance(SECOND_MS)
  assert.equal(answers(), 2)
})

test('an account that says nothing about it answers no keyword', async () => {
  const { world } = await openConsentWorld(openMemoryStore())
  await world.send(word('stop', 'r1'))
  await world.clock.advance(SECOND_MS)
  assert.deepEqual(world.attempts, [])
})
