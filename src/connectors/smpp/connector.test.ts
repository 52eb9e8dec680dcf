import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from '../../../test/support/inbox.ts'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import type { SmscAnswer, SmscBehaviour } from './behaviour.ts'
import type { SmppConnectorParts } from './connector.ts'
import { openSmppEmulator, type SmscOptions } from './emulator.ts'
import { connectorTo } from './testing/connector-to.ts'
import { textTo } from './testing/messages.ts'

const S = COMMAND_STATUS
const TO = '15550100123'
const LONG = 'abcdefghij'.repeat(35)
const TAKES: SmscBehaviour = {
  answer: { kind: 'status', status: 0 },
  answerAfterMs: 0,
  receipts: [],
}
const never = new AbortController().signal
const refusing = (status: number): SmscAnswer => ({ kind: 'status', status })

async function open(
  t: TestContext,
  given: {
    readonly smpp?: Partial<SmppPeer>
    readonly smsc?: Partial<SmscOptions>
    readonly parts?: Partial<SmppConnectorParts>
  } = {},
) {
  let behaviour = TAKES
  const smsc = await openSmppEmulator({
    host: '127.0.0.1',
    port: 0,
    systemId: 'centre',
    behaviourOf: () => behaviour,
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: () => Date.now(),
    repeatMs: 5,
    ...given.smsc,
  })
  t.after(() => smsc.close())
  const told = connectorTo(t, smsc.address.port, given.smpp, given.parts)
  await told.connector.open()
  return {
    ...told,
    smsc,
    play: (next: Partial<SmscBehaviour>) => {
      behaviour = { ...TAKES, ...next }
    },
    send: (text: string, number = 1) =>
      told.connector.deliver({ ...textTo(TO, text), number }, never),
  }
}

test('a message in parts is known by all its ids', async (t) => {
  const { send } = await open(t)
  const outcome = await send(LONG)
  assert.ok(outcome.kind === 'submitted')
  assert.equal(outcome.remoteId, '00000001')
  assert.deepEqual(outcome.otherIds, ['00000002', '00000003'])
  assert.equal(outcome.expects, 'reports')
})

/** Settings, and what is expected after a message in parts. */
// biome-ignore format: a table
const EXPECTED = [
  [{ receiptsFor: 'message' }, 'report'],
  [{ sendsReports: false },    'nothing'],
] as const

for (const [smpp, expects] of EXPECTED) {
  test(`${JSON.stringify(smpp)} expects ${expects}`, async (t) => {
    const outcome = await (await open(t, { smpp })).send(LONG)
    assert.equal(outcome.kind === 'submitted' && outcome.expects, expects)
  })
}

test('a part that is refused ends the message, with what was taken before it', async (t) => {
  const { send, play, smsc } = await open(t)
  play({ answer: refusing(S.ESME_RINVDSTADR), answerPart: 2 })
  const outcome = await send(LONG)
  assert.ok(outcome.kind === 'rejected')
  assert.equal(outcome.reason, 'recipient-unknown')
  assert.match(outcome.raw ?? '', /part 2 of 3: .*RINVDSTADR.*taken before it: 00000001/)
  assert.equal(smsc.seen.length, 2, 'the third was not sent for nothing')
})

test('a part that is put off is where the next attempt goes on', async (t) => {
  const { send, play, smsc } = await open(t)
  play({ answer: refusing(S.ESME_RSYSERR), answerPart: 2, answerTries: 1 })
  assert.equal((await send(LONG)).kind, 'deferred')
  const outcome = await send(LONG, 2)
  assert.ok(outcome.kind === 'submitted')
  assert.deepEqual([outcome.remoteId, ...(outcome.otherIds ?? [])].length, 3)
  assert.equal(outcome.remoteId, '00000001', 'the part that was there is not sent again')
  assert.equal(smsc.seen.map(({ text }) => text).join('').length, LONG.length + 153)
})

test('a throttled message waits without using up an attempt, and the lane slows down', async (t) => {
  const { connector, send, play } = await open(t, { smpp: { perSecond: 100 } })
  assert.equal(connector.lane.rate?.perSecond, 100)
  play({ answer: refusing(S.ESME_RTHROTTLED) })
  const outcome = await send('Hi')
  assert.ok(outcome.kind === 'deferred')
  assert.equal(outcome.uncounted, true)
  assert.equal(outcome.retryAfterMs, 1000)
  assert.ok((connector.lane.rate?.perSecond ?? 100) < 100)
})

test('a centre that says it is congested is sent to slowly', async (t) => {
  const { connector, send, play } = await open(t, { smpp: { perSecond: 100 } })
  play({ congestion: 99 })
  assert.equal((await send('Hi')).kind, 'submitted')
  assert.ok((connector.lane.rate?.perSecond ?? 100) < 10)
})

test('answers are matched whatever their order', async (t) => {
  const { connector, play, smsc } = await open(t)
  play({ reorders: true })
  const first = connector.deliver(textTo(TO, 'one', { serial: 1 }), never)
  await until('the first request', () => smsc.seen.length === 1)
  const second = connector.deliver(textTo(TO, 'two', { serial: 2 }), never)
  const outcomes = await Promise.all([first, second])
  const ids = outcomes.map((each) => (each.kind === 'submitted' ? each.remoteId : each.kind))
  assert.deepEqual(ids, ['00000001', '00000002'])
})

test('a centre that lets us in no more is refused-by, told once, and tried again', async (t) => {
  let letIn = false
  const { send, refusals } = await open(t, {
    smsc: { bindStatus: () => (letIn ? 0 : S.ESME_RINVPASWD) },
  })
  const outcome = await send('Hi')
  assert.ok(outcome.kind === 'deferred')
  assert.equal(outcome.reason, 'link-refused')
  assert.match(outcome.raw ?? '', /0x0e/)
  await send('Hi')
  assert.equal(refusals.length, 1)
  letIn = true
  await until('an attempt that works', async () => (await send('Hi')).kind === 'submitted')
})

test('a session that cannot do what it should is replaced', async (t) => {
  const { send, play, smsc } = await open(t)
  await send('Hi')
  const before = smsc.sessions().map(({ id }) => id)
  play({ answer: refusing(S.ESME_RINVBNDSTS) })
  const outcome = await send('Hi')
  assert.equal(outcome.kind === 'deferred' && outcome.reason, 'session-gone')
  play({})
  assert.equal((await send('Hi')).kind, 'submitted')
  assert.ok(smsc.sessions().every(({ id }) => !before.includes(id)))
})

test('a pair of binds sends over one and hears over the other', async (t) => {
  const { send, smsc, reports, play } = await open(t, { smpp: { bindAs: 'pair', binds: 2 } })
  await until('four binds', () => smsc.sessions().filter(({ open }) => open).length === 4)
  play({ receipts: [{ stat: 'DELIVRD', afterMs: 1 }] })
  assert.equal((await send('Hi')).kind, 'submitted')
  await until('the receipt', () => reports.length === 1)
})

test('a wide lane is as wide as its binds', async (t) => {
  const { connector, smsc } = await open(t, { smpp: { binds: 3, window: 4 } })
  await until('three binds', () => smsc.sessions().filter(({ open }) => open).length === 3)
  await until('twelve at once', () => connector.lane.concurrency === 12)
})

test('a receipt is answered when it is kept, and comes again when it is not', async (t) => {
  let failures = 1
  const kept: string[] = []
  const { send, play, smsc } = await open(t, {
    parts: {
      async receive(_route, remoteId) {
        failures -= 1
        if (failures >= 0) throw new Error('no room')
        kept.push(remoteId)
      },
    },
  })
  play({ receipts: [{ stat: 'DELIVRD', afterMs: 1 }] })
  await send('Hi')
  await until('the second time', () => kept.length === 1)
  await until('both answers', () => smsc.answers.length === 2)
  assert.deepEqual(
    smsc.answers.map(({ commandStatus }) => commandStatus),
    [S.ESME_RX_T_APPN, S.ESME_ROK],
  )
})

test('what a phone writes is taken in, and answered as the house says', async (t) => {
  const { smsc, messages, connector } = await open(t)
  await until('our bind', () => connector.lane.concurrency > 0 && smsc.sessions().length > 0)
  smsc.write('us', { from: TO, to: '12345', text: 'Hello' })
  await until('the message', () => messages.length === 1)
  assert.equal(messages[0]?.source.addr, TO)
})

test('a message whose answer broke off with the bind is brought again and kept once', async (t) => {
  let kept = 0
  const { smsc, connector } = await open(t, {
    parts: {
      async inbound() {
        kept += 1
        if (kept === 1) for (const session of smsc.sessions()) session.hangUp()
        return S.ESME_ROK
      },
    },
  })
  await until('our bind', () => connector.lane.concurrency > 0 && smsc.sessions().length > 0)
  smsc.write('us', { from: TO, to: '12345', text: 'yes' })
  await until('the answer to the second time', () => smsc.answers.length === 1)
  assert.equal(smsc.answers[0]?.commandStatus, S.ESME_ROK)
  assert.equal(kept, 1)
  smsc.write('us', { from: TO, to: '12345', text: 'yes' })
  await until('another yes', () => kept === 2)
})

test('an answer that comes too late is told for its delivery, with the id it brings', async (t) => {
  const { send, play, reports } = await open(t, { smpp: { responseTimeoutMs: 200 } })
  play({ answerAfterMs: 700 })
  const outcome = await send('Hi')
  assert.ok(outcome.kind === 'unknown')
  const key = outcome.remoteId
  await until('the answer', () => reports.length === 1)
  const [told] = reports
  assert.equal(told?.remoteId, key)
  assert.equal(told?.report.status, 'acknowledged')
  assert.equal(told?.report.remoteId, '00000001')
})

test('so is one that our patience with the attempt did not wait for', async (t) => {
  const { connector, play, reports } = await open(t)
  play({ answerAfterMs: 300 })
  const given = AbortSignal.timeout(50)
  const outcome = await connector.deliver(textTo(TO, 'Hi'), given)
  assert.equal(outcome.kind, 'unknown')
  await until('the answer', () => reports.length === 1)
  assert.equal(reports[0]?.report.remoteId, '00000001')
})

/** Whether doubles are dropped, and so requests sent again; what a late no is told as. */
const LATE_NO = [
  [false, ['refused']],
  [true, []],
] as const

for (const [dropsDuplicates, statuses] of LATE_NO) {
  const what = dropsDuplicates ? 'no news where it is sent again' : 'evidence where nothing is'
  test(`a late no is ${what}`, async (t) => {
    const smpp = { responseTimeoutMs: 200, dropsDuplicates }
    const { send, play, reports, smsc } = await open(t, { smpp })
    play({ answerAfterMs: 500, answer: refusing(S.ESME_RINVDSTADR) })
    assert.equal((await send('Hi')).kind, 'unknown')
    // Its answer went before ours to this one does: the line keeps the order.
    play({ answerAfterMs: 0, receipts: [{ stat: 'DELIVRD', afterMs: 500 }] })
    assert.equal((await send('Hi again')).kind, 'submitted')
    await until('the receipt of the second', () => smsc.answers.length === 1)
    reports.pop()
    assert.deepEqual(
      reports.map(({ report }) => report.status),
      statuses,
    )
  })
}

test('ids in a known form are brought to one', async (t) => {
  const { send, reports, play } = await open(t, { smpp: { idForm: 'hex-decimal' } })
  play({ receipts: [{ stat: 'DELIVRD', afterMs: 1 }], idForm: 'decimal-padded' })
  const ids: string[] = []
  for (let n = 0; n < 12; n += 1) {
    const outcome = await send('Hi')
    if (outcome.kind === 'submitted') ids.push(outcome.remoteId)
  }
  await until('the receipts', () => reports.length === 12)
  assert.deepEqual(new Set(reports.map(({ remoteId }) => remoteId)), new Set(ids))
})
