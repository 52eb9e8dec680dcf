/**
 * Taking a message back and changing it, while the lane that would deliver it runs: whatever the
 * client is told, the carrier saw the same.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { openSystemClock } from '../../src/clock/system-clock.ts'
import { createMm4Connector } from '../../src/connectors/mm4/connector.ts'
import type { Mm4Carrier } from '../../src/core/carrier.ts'
import { isFinal } from '../../src/core/delivery-state.ts'
import { EMPTY_DIRECTORY, indexDirectory } from '../../src/core/directory.ts'
import type { Submission } from '../../src/core/message.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { Store } from '../../src/engine/ports/store.ts'
import { carrierPool } from '../../src/gateway/carrier-pool.ts'
import { openMemoryMedia } from '../../src/media/memory/media.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { openSqliteStore } from '../../src/stores/sqlite/store.ts'
import { createSmtpPeers } from '../../src/transports/smtp/peers.ts'
import { openCarrier } from '../support/carrier.ts'
import { until } from '../support/inbox.ts'
import { exchange, type Mm7Draft, ordinaryOperation, ordinaryParts } from '../support/mm7-client.ts'
import { type OperationDraft, writeOperation } from '../support/mm7-operation.ts'
import {
  CARRIER,
  GATEWAY_DOMAIN,
  HANDSET,
  startGateway,
  type World,
} from '../support/start-gateway.ts'

const MESSAGES = 200
/** More than travels with a row. */
const LARGE_BYTES = 300 * 1024
/** How far before the lane a withdrawal is tried; the lane holds four. */
const CONTESTED = 8
const HOUR_MS = 3_600_000
const SOON_MS = HOUR_MS / 2

const stores: Readonly<Record<string, (folder: string) => Store | Promise<Store>>> = {
  memory: () => openMemoryStore(),
  SQLite: (folder) =>
    openSqliteStore({
      path: join(folder, 'store.db'),
      onFatal: (error) => {
        throw error
      },
    }),
}

/** An engine with one way out, to a carrier's simulated MMSC over real sockets. */
async function openRace(t: TestContext, open: (folder: string) => Store | Promise<Store>) {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-race-'))
  const store = await open(folder)
  const carrier = await openCarrier(Buffer.from('no picture'))
  const clock = openSystemClock()
  const media = await openMemoryMedia()
  const entry = carrierEntry(carrier.port)
  const peers = createSmtpPeers(() => ({
    source: entry,
    pool: () => carrierPool(entry.mm4, 'relay.gateway.example'),
  }))
  const connector = createMm4Connector(entry, {
    hostname: 'relay.gateway.example',
    domain: GATEWAY_DOMAIN,
    peers,
    now: () => clock.now(),
    crashPoint: () => undefined,
  })
  const route = { name: 'all', prefix: '', carrier: CARRIER, enabled: true }
  const directory = indexDirectory({ ...EMPTY_DIRECTORY, carriers: [entry], routes: [route] })
  const alarms: unknown[] = []
  const engine = createEngine(
    {
      store,
      media,
      clock,
      random: Math.random,
      directory: () => directory,
      connectorFor: () => connector,
      reports: { laneFor: () => undefined, send: () => Promise.reject(new Error('unused')) },
      limits: {
        validityMsMax: HOUR_MS,
        idempotencyWindowMs: HOUR_MS,
        laneWindowMax: 4,
        lostAttemptsMax: 3,
        partsWaitMs: 300_000,
        partSetsMax: 100,
        retentionMs: HOUR_MS,
        sweepIntervalMs: HOUR_MS,
      },
      observe: () => undefined,
      crashPoint: () => undefined,
      alarm: (_where, error) => alarms.push(error),
    },
    () => Promise.resolve(),
  )
  t.after(async () => {
    await engine.stop()
    await peers.close(100)
    await Promise.all([carrier.close(), store.close()])
    clock.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { engine, store, carrier, alarms, clock }
}

function carrierEntry(port: number): Mm4Carrier {
  return {
    name: CARRIER,
    title: 'Northern carrier',
    enabled: true,
    ids: [],
    mm4: {
      host: '127.0.0.1',
      port,
      domain: 'mms.carrier.example',
      tls: 'off',
      fromAddresses: ['127.0.0.1'],
      version: '6.10.0',
      // Its 250 is the last word, so that nothing but the attempt ends a delivery.
      ackRequest: false,
      sendsReports: false,
      dropsDuplicates: true,
      connections: 2,
      attemptsMax: 3,
      retryDelayMsMin: 1000,
      retryDelayMsMax: 1000,
      attemptTimeoutMs: 10_000,
      responseTimeoutMs: 10_000,
      reportWindowMs: 10_000,
    },
  }
}

function submission(n: number, notBefore: number): Submission {
  return {
    accountId: 'acme',
    direction: 'mt',
    channel: 'mms',
    dialect: 'smsglobal',
    envelope: {
      sender: { kind: 'short-code', text: '12345' },
      subject: String(n),
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: false,
      readReports: false,
    },
    recipients: [{ kind: 'number', text: String(15_550_100_000 + n) }],
    content: { parts: [], length: 0, extents: [] },
    notBefore,
  }
}

describe('cancelling against delivery', () => {
  for (const [name, open] of Object.entries(stores)) {
    test(`${MESSAGES} messages over the ${name} store are each withdrawn or sent, never both`, async (t) => {
      const { engine, store, carrier, alarms, clock } = await openRace(t, open)
      const ids: string[] = []
      for (let n = 0; n < MESSAGES; n += 1) {
        const accepted = await engine.accept(submission(n, clock.now() + SOON_MS))
        assert.equal(accepted.kind, 'accepted')
        if (accepted.kind === 'accepted') ids.push(accepted.messageId)
      }
      const answers = new Map<string, Promise<string>>()
      const withdraw = (place: number) => {
        const messageId = ids[place]
        if (messageId === undefined || answers.has(messageId)) return
        const asked = engine.reviser.cancel({ accountId: 'acme', messageId })
        answers.set(
          messageId,
          asked.then((revision) => (revision.kind === 'done' ? 'done' : revision.reason)),
        )
      }
      const over = () => carrier.mails.all.length + answers.size >= MESSAGES
      await store.read({ query: 'message', messageId: ids[0] ?? '' })
      await engine.start()
      clock.advance(SOON_MS)
      // With every mail the carrier sees, one is withdrawn where the lane is just now, where either
      // may win, and one at the far end of the queue, where nobody is yet.
      for (let step = 0; !over(); step += 1) {
        await until('the next mail', () => carrier.mails.all.length > step || over())
        withdraw(carrier.mails.all.length + (step % CONTESTED))
        withdraw(MESSAGES - 1 - step)
      }
      const states = await until('every end', async () => {
        const stories = await Promise.all(
          ids.map((messageId) => store.read({ query: 'message', messageId })),
        )
        const found = stories.map((story) => story?.deliveries[0]?.state ?? 'queued')
        return found.every(isFinal) ? found : undefined
      })
      const seen = new Map<string, number>()
      for (const { headers } of carrier.mails.all) {
        const id = /([0-9]{18})-0@/.exec(headers.get('X-Mms-Message-ID') ?? '')?.[1] ?? ''
        seen.set(id, (seen.get(id) ?? 0) + 1)
      }
      const ends = { cancelled: 0, forwarded: 0 }
      for (const [place, id] of ids.entries()) {
        const state = states[place]
        assert.ok(state === 'cancelled' || state === 'forwarded', `${id} ${state}`)
        ends[state] += 1
        assert.equal(seen.get(id) ?? 0, state === 'forwarded' ? 1 : 0, `${id} ${state}`)
        const answer = await answers.get(id)
        if (answer === undefined) continue
        assert.equal(answer, state === 'cancelled' ? 'done' : 'no-longer-changeable', id)
      }
      assert.deepEqual(alarms, [])
      t.diagnostic(JSON.stringify(ends))
      assert.ok(ends.cancelled > 0 && ends.forwarded > 0, JSON.stringify(ends))
    })
  }
})

const PATH = '/mm7/smsglobal'
const SMSGLOBAL = { account: { dialect: 'smsglobal' } } as const
const LATER: Mm7Draft = {
  path: PATH,
  operation: { earliestDeliveryTime: { kind: 'after', ms: HOUR_MS }, deliveryReport: true },
}
const { recipients: _to, content: _content, subject: _subject, ...COMMON } = ordinaryOperation('1')

function cancel({ ports }: World, messageId: string, recipients?: readonly string[]) {
  const list = recipients?.map((value) => ({
    list: 'To' as const,
    address: { kind: 'Number' as const, value },
  }))
  const operation = {
    ...COMMON,
    name: 'CancelReq' as const,
    messageId,
    ...(list === undefined ? {} : { recipients: list }),
  }
  return exchange(ports.http, writeOperation({ path: PATH, operation }))
}

function replace(
  { ports }: World,
  messageId: string,
  change: object,
  draft: Partial<OperationDraft> = {},
) {
  const operation = { ...COMMON, name: 'ReplaceReq' as const, messageId, ...change }
  return exchange(ports.http, writeOperation({ path: PATH, operation, ...draft }))
}

test('a message that waits is withdrawn, never leaves, and its client is told no more', async (t) => {
  const world = await startGateway(t, SMSGLOBAL)
  const messageId = await world.submit(HANDSET, LATER)
  assert.equal((await cancel(world, messageId)).code, '1000')
  assert.equal((await cancel(world, messageId)).code, '1000', 'the answer may have been lost')
  world.advance(2 * HOUR_MS)
  const second = await world.submit(HANDSET, { path: PATH })
  await world.carrier.next('MM4_forward.REQ')
  const { deliveries, events } = await world.trace(messageId)
  assert.equal(deliveries[0]?.state, 'cancelled')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['accepted', 'cancelled'],
  )
  assert.ok(
    world.carrier.mails.all.every(
      ({ headers }) => !headers.get('X-Mms-Message-ID')?.includes(messageId),
    ),
  )
  assert.ok(world.vasp.posts.all.every(({ report }) => report?.messageId !== messageId))
  assert.notEqual(second, messageId)
  assert.deepEqual(world.fatal, [])
})

test('3001 for a message that is delivered, 2005 for another account’s', async (t) => {
  const world = await startGateway(t, SMSGLOBAL)
  const messageId = await world.submit(HANDSET, { path: PATH, operation: { deliveryReport: true } })
  await until(
    'the end',
    async () => (await world.trace(messageId)).deliveries[0]?.state === 'delivered',
  )
  assert.equal((await cancel(world, messageId)).code, '3001')
  assert.equal((await replace(world, messageId, { serviceCode: 'gold' })).code, '3001')
  assert.equal((await cancel(world, '100000000000000000')).code, '2005')
})

test('1100 when it is too late for some of the recipients; the others are withdrawn', async (t) => {
  const world = await startGateway(t, { ...SMSGLOBAL, access: { recipientsMax: 5 } })
  const others = ['15550100197', '15550100198']
  const messageId = await world.submit(HANDSET, {
    ...LATER,
    operation: {
      ...LATER.operation,
      recipients: [HANDSET, ...others].map((value) => ({
        list: 'To',
        address: { kind: 'Number', value },
      })),
    },
  })
  assert.equal((await cancel(world, messageId, [HANDSET])).code, '1000')
  world.carrier.script('15550100197', { response: 'Ok', responseAfterMs: 0, reports: [] })
  world.carrier.script('15550100198', {
    response: 'none',
    responseAfterMs: 0,
    reports: [],
    line: { at: 'rcpt', code: 450, text: '4.2.0 Later' },
  })
  world.advance(2 * HOUR_MS)
  await until('one taken, one put off', async () => {
    const { deliveries } = await world.trace(messageId)
    const states = deliveries.map(({ state }) => state).join(' ')
    return states === 'cancelled submitted deferred'
  })
  const answer = await cancel(world, messageId)
  assert.equal(answer.code, '1100', answer.body)
  assert.match(answer.details ?? '', /15550100197/)
  assert.doesNotMatch(answer.details ?? '', /15550100198/)
  const { deliveries } = await world.trace(messageId)
  assert.deepEqual(
    deliveries.map(({ state }) => state),
    ['cancelled', 'submitted', 'cancelled'],
  )
  assert.equal((await replace(world, messageId, { serviceCode: 'gold' })).code, '3001')
})

test('a replacement changes what is given and nothing else, keeps the id, and goes out', async (t) => {
  const world = await startGateway(t, SMSGLOBAL)
  const messageId = await world.submit(HANDSET, {
    ...LATER,
    operation: { ...LATER.operation, serviceCode: 'silver' },
  })
  const parts = ordinaryParts(Buffer.from('another picture'))
  const draft = { parts, transactionId: 'swap-1' }
  const change = { readReply: true, content: { href: 'cid:content' } }
  assert.equal((await replace(world, messageId, change, draft)).code, '1000')
  const { message, events } = await world.trace(messageId)
  assert.equal(message.envelope.serviceCode, 'silver')
  assert.equal(message.envelope.subject, 'A bell')
  assert.equal(message.envelope.readReports, true)
  assert.equal(events.at(-1)?.type, 'replaced')
  assert.equal((await replace(world, messageId, change, draft)).code, '1000')
  assert.equal((await world.trace(messageId)).events.length, events.length, 'a repetition is known')
  const soon = { earliestDeliveryTime: { kind: 'after', ms: 0 } }
  assert.equal((await replace(world, messageId, soon, { transactionId: 'soon-1' })).code, '1000')
  const mail = await world.carrier.next('MM4_forward.REQ')
  const picture = mail.parts.find(({ contentType }) => contentType === 'image/png')
  assert.equal(Buffer.from(picture?.bytes ?? []).toString(), 'another picture')
  assert.match(mail.headers.get('X-Mms-Message-ID') ?? '', new RegExp(messageId))
  const repeated = await replace(world, messageId, soon, { transactionId: 'soon-1' })
  assert.equal(repeated.code, '1000', 'the last one, whose answer was lost')
})

test('a replacement that is wrong changes nothing', async (t) => {
  const world = await startGateway(t, SMSGLOBAL)
  const messageId = await world.submit(HANDSET, LATER)
  const content = { href: 'cid:elsewhere' }
  const wrong = await replace(world, messageId, { content }, { parts: ordinaryParts() })
  assert.equal(wrong.code, '2004', wrong.body)
  const unknown = await replace(world, '100000000000000000', { content })
  assert.equal(unknown.code, '2005', 'the message comes before what is given')
  assert.equal((await world.trace(messageId)).events.length, 1)
})

test('a large replacement outlives the gateway that took it, and the bytes before it go', async (t) => {
  const data = mkdtempSync(join(tmpdir(), 'carillon-replaced-'))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  const large = (fill: number) => ordinaryParts(Buffer.alloc(LARGE_BYTES, fill))
  const first = await startGateway(t, { ...SMSGLOBAL, data })
  const messageId = await first.submit(HANDSET, { ...LATER, parts: large(1) })
  const draft = { parts: large(2) }
  const answer = await replace(first, messageId, { content: { href: 'cid:content' } }, draft)
  assert.equal(answer.code, '1000', answer.body)
  await first.gateway.close()
  const second = await startGateway(t, { ...SMSGLOBAL, data })
  second.advance(2 * HOUR_MS)
  const mail = await second.carrier.next('MM4_forward.REQ')
  const picture = mail.parts.find(({ contentType }) => contentType === 'image/png')
  assert.deepEqual(Buffer.from(picture?.bytes ?? []), Buffer.alloc(LARGE_BYTES, 2))
  const { message } = await second.trace(messageId)
  const bytes = message.content.extents.reduce((sum, { length }) => sum + length, 0)
  assert.equal(bytes, message.content.length)
})
