import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Mm7Upstream } from '../../core/carrier.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import { DIALECTS, findDialect } from '../../dialects/index.ts'
import type { Attempt, Connector, Parties } from '../../engine/ports/connector.ts'
import { closedPort } from '../../transports/http/testing/raw-http.ts'
import { ORDINARY_RELAY, type RelayAnswer, type RelayBehaviour } from './behaviour.ts'
import { createMm7Connector, type Mm7ConnectorParts } from './connector.ts'
import { openMm7Emulator, type RelayEmulatorOptions, type SeenSubmit } from './emulator.ts'
import { laneOf } from './lane.ts'
import { attemptOf, partOf, upstreamAt } from './testing/attempt.ts'

/** Promised: 100 ms. A busy machine may be late; the timeouts it must beat are far longer. */
const PROMPT_MS_MAX = 2000

const never = new AbortController().signal

const findRow: Mm7ConnectorParts['findRow'] = (dialect, code) =>
  findDialect(dialect)?.surfaces[0]?.codes.find((row) => row.code === code)

interface World {
  readonly seen: SeenSubmit[]
  readonly refusals: string[]
  readonly connector: ReturnType<typeof createMm7Connector>
  time: number
  behaviour: RelayBehaviour
  deliver(attempt?: Attempt, signal?: AbortSignal): Promise<Outcome>
}

async function open(
  t: TestContext,
  change: Partial<Mm7Upstream> = {},
  emulation: Partial<RelayEmulatorOptions> = {},
): Promise<World> {
  const world = { seen: [] as SeenSubmit[], refusals: [] as string[], time: 1_000_000 }
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: () => held.behaviour,
    keepBodies: true,
    after: (_ms, callback) => setImmediate(callback),
    now: () => world.time,
    onSubmit: (submit) => void world.seen.push(submit),
    ...emulation,
  })
  const connector = createMm7Connector('upstream', upstreamAt(relay.url, change), {
    now: () => held.time,
    findRow,
    onLinkRefused: (_name, raw) => void world.refusals.push(raw),
    crashPoint: () => undefined,
  })
  t.after(async () => {
    await connector.close()
    await relay.close()
  })
  const held: World = Object.assign(world, {
    connector,
    behaviour: ORDINARY_RELAY,
    deliver: (attempt = attemptOf(), signal = never) => connector.deliver(attempt, signal),
  })
  return held
}

const answering = (answer: RelayAnswer): RelayBehaviour => ({ answer, reports: [] })
const code = (number: number, more: object = {}): RelayBehaviour =>
  answering({ kind: 'code', code: number, ...more })
const said = (outcome: Outcome) =>
  'reason' in outcome ? `${outcome.kind} ${outcome.reason}` : outcome.kind

test('a message is submitted whole, and named by the upstream’s MessageID', async (t) => {
  const world = await open(t, {
    vasId: 'service',
    basic: { user: 'us', password: 'päss:word' },
    headers: [{ name: 'X-Carrier-Code', value: '31002' }],
  })
  const picture = partOf('image/png', Buffer.from([1, 0, 255]), { contentId: 'bell.png' })
  const outcome = await world.deliver(attemptOf([picture]))
  assert.deepEqual(outcome, {
    kind: 'submitted',
    remoteId: 'relay-1',
    expects: 'report',
    raw: 'SubmitRsp 1000 "Success"',
  })
  const [seen] = world.seen
  assert.equal(seen?.transactionId, '123456789012345678-0')
  assert.deepEqual(
    seen?.request.parts.map(({ contentType, bytes }) => [contentType, [...bytes]]),
    [['image/png', [1, 0, 255]]],
  )
  const { headers, body } = seen?.request ?? {}
  assert.equal(headers?.['content-length'], String(body?.length))
  assert.equal(headers?.['transfer-encoding'], undefined)
  assert.equal(headers?.soapaction, '""')
  assert.equal(headers?.['x-carrier-code'], '31002')
  assert.equal(
    headers?.authorization,
    `Basic ${Buffer.from('us:päss:word', 'utf8').toString('base64')}`,
  )
})

test('five mebibytes go through without being held', async (t) => {
  const world = await open(t)
  const length = 5 * 1024 * 1024
  const piece = Buffer.alloc(64 * 1024, 7)
  const { part } = partOf('video/3gpp', piece, { length, decodedLength: length })
  const attempt = attemptOf([], {
    content: { parts: [part], length, extents: [] },
    async *open() {
      for (let sent = 0; sent < length; sent += piece.length) yield piece
    },
  })
  assert.equal((await world.deliver(attempt)).kind, 'submitted')
  assert.equal(world.seen[0]?.request.parts[0]?.bytes.length, length)
})

test('bytes that cannot be read here are our trouble and not sent', async (t) => {
  const world = await open(t)
  const { part } = partOf('image/png', Buffer.alloc(10))
  const attempt = attemptOf([], {
    content: { parts: [part], length: 10, extents: [] },
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async *open() {
      throw new Error('checksum')
    },
  })
  const outcome = await world.deliver(attempt)
  assert.equal(said(outcome), 'deferred internal-error')
  assert.equal(world.seen.length, 0)
})

/** What each reason becomes as an outcome. */
const ends = (reason: Reason | 'submitted'): string => {
  if (reason === 'submitted') return 'submitted'
  const waits: readonly Reason[] = ['carrier-error', 'carrier-busy', 'link-refused', 'link-down']
  return waits.includes(reason) ? `deferred ${reason}` : `rejected ${reason}`
}

/** Every number of 3GPP's list and every private one we know a meaning of. */
// biome-ignore format: a table
const CODES: Readonly<Record<number, Reason | 'submitted'>> = {
  1000: 'submitted',                     1100: 'submitted',
  2000: 'malformed-for-carrier',         2001: 'carrier-operation-unsupported',
  2002: 'recipient-unknown',             2003: 'recipient-unknown',
  2004: 'content-refused',               2005: 'malformed-for-carrier',
  2006: 'malformed-for-carrier',         2007: 'malformed-for-carrier',
  2008: 'link-refused',                  2009: 'malformed-for-carrier',
  2550: 'malformed-for-carrier',         2560: 'malformed-for-carrier',
  2561: 'link-refused',                  2562: 'link-refused',
  2563: 'link-refused',                  2564: 'link-refused',
  2565: 'link-refused',                  2566: 'link-refused',
  2567: 'link-refused',                  2568: 'link-refused',
  2569: 'malformed-for-carrier',         3000: 'carrier-error',
  3001: 'carrier-operation-unsupported', 3002: 'carrier-error',
  3003: 'carrier-operation-unsupported', 3004: 'carrier-operation-unsupported',
  3500: 'carrier-error',                 3510: 'carrier-busy',
  3520: 'carrier-error',                 4000: 'carrier-error',
  4001: 'link-refused',                  4002: 'carrier-version-unsupported',
  4003: 'carrier-operation-unsupported', 4004: 'carrier-error',
  4005: 'carrier-refused',               4006: 'carrier-busy',
  4007: 'carrier-denied',                4008: 'carrier-error',
  2777: 'malformed-for-carrier',         3777: 'carrier-error',
  4777: 'carrier-error',                 7777: 'carrier-error',
}

for (const as of ['fault', 'rsp'] as const) {
  for (const http of [200, 500]) {
    test(`every code in a ${as} on HTTP ${http} is what it says`, async (t) => {
      const world = await open(t)
      for (const [number, reason] of Object.entries(CODES)) {
        // A pause after a refused link is over by then.
        world.time += 3_600_000
        world.behaviour = code(Number(number), { as, http, text: 'The relay’s words' })
        const outcome = await world.deliver()
        const yes = reason === 'submitted' && http === 500
        // A yes that is an HTTP error as well is no yes to rely on.
        assert.equal(said(outcome), yes ? 'unknown response-missing' : ends(reason), number)
        assert.match(outcome.raw ?? '', new RegExp(`${number} "The relay’s words"`))
      }
    })
  }
}

test('every code of every MM7 dialect has an outcome, read by that dialect', async (t) => {
  for (const dialect of DIALECTS.filter(({ surfaces }) => surfaces[0]?.name === 'mm7')) {
    const world = await open(t, { codes: dialect.name })
    for (const row of dialect.surfaces[0]?.codes ?? []) {
      if (row.code === '0') continue
      world.time += 3_600_000
      world.behaviour = code(Number(row.code), { as: 'fault', text: row.text })
      const outcome = await world.deliver()
      assert.ok(outcome.raw?.includes(row.text), row.code)
      const progress = row.code === '1000' || row.code === '1100'
      assert.equal(outcome.kind === 'submitted', progress, `${dialect.name} ${row.code}`)
      assert.notEqual(outcome.kind, 'unknown', `${dialect.name} ${row.code}`)
    }
  }
})

test('a dialect’s own sense of a number is believed', async (t) => {
  const world = await open(t, { codes: 'sinch' })
  world.behaviour = code(3001)
  assert.equal(said(await world.deliver()), 'rejected recipient-opted-out')
  world.behaviour = code(2560)
  assert.equal(said(await world.deliver()), 'rejected too-large-for-carrier')
})

const fault = '<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>'
const bare = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${fault}</s:Body></s:Envelope>`

// biome-ignore format: a table
const statuses: readonly (readonly [number, string, string])[] = [
  [200, '',                      'unknown response-missing'],
  [200, '   \r\n',               'unknown response-missing'],
  [202, '',                      'unknown response-missing'],
  [204, '',                      'unknown response-missing'],
  [200, '<html>OK</html>',       'unknown response-missing'],
  [200, 'not even XML <',        'unknown response-missing'],
  [200, '{"status":"ok"}',       'unknown response-missing'],
  [200, bare,                    'deferred carrier-error'],
  [500, bare,                    'deferred carrier-error'],
  [301, '',                      'deferred link-refused'],
  [307, '',                      'deferred link-refused'],
  [400, 'Bad Request',           'rejected malformed-for-carrier'],
  [401, '',                      'deferred link-refused'],
  [402, '',                      'deferred link-refused'],
  [403, '<html>Forbidden</html>','deferred link-refused'],
  [404, '<html>Not here</html>', 'deferred link-refused'],
  [405, '',                      'deferred link-refused'],
  [407, '',                      'deferred link-refused'],
  [408, '',                      'deferred carrier-error'],
  [410, '',                      'deferred link-refused'],
  [411, '',                      'rejected malformed-for-carrier'],
  [413, '',                      'rejected too-large-for-carrier'],
  [415, '',                      'rejected malformed-for-carrier'],
  [418, '',                      'rejected carrier-refused'],
  [422, '',                      'rejected malformed-for-carrier'],
  [425, '',                      'deferred carrier-busy'],
  [429, '',                      'deferred carrier-busy'],
  [500, '<html>Oops</html>',     'deferred carrier-error'],
  [502, '',                      'deferred carrier-error'],
  [503, '',                      'deferred carrier-busy'],
  [504, '',                      'deferred carrier-error'],
  [599, '',                      'deferred carrier-error'],
]
test('an answer without a code is what its HTTP status says', async (t) => {
  const world = await open(t)
  for (const [status, body, expected] of statuses) {
    world.time += 3_600_000
    world.behaviour = answering({ kind: 'http', status, body })
    const outcome = await world.deliver()
    assert.equal(said(outcome), expected, `HTTP ${status} ${body}`)
    assert.match(outcome.raw ?? '', new RegExp(`HTTP ${status}`))
  }
})

test('an empty yes is a yes where the upstream is known for it', async (t) => {
  const world = await open(t, { blankMeansAccepted: true })
  world.behaviour = answering({ kind: 'http', status: 200 })
  assert.deepEqual(await world.deliver(), {
    kind: 'submitted',
    remoteId: '123456789012345678-0',
    expects: 'nothing',
    raw: 'HTTP 200 with no body',
  })
  world.behaviour = answering({ kind: 'http', status: 200, body: '<html/>' })
  assert.equal(said(await world.deliver()), 'unknown response-missing')
})

test('a yes that names no message, or of an upstream without reports, is the last word', async (t) => {
  const world = await open(t)
  world.behaviour = code(1000, { withoutMessageId: true })
  const nameless = await world.deliver()
  assert.deepEqual(nameless.kind === 'submitted' && [nameless.remoteId, nameless.expects], [
    '123456789012345678-0',
    'nothing',
  ])
  const silent = await open(t, { sendsReports: false })
  const outcome = await silent.deliver()
  assert.equal(outcome.kind === 'submitted' && outcome.expects, 'nothing')
  assert.equal(silent.seen[0]?.submit.deliveryReport, false)
})

test('a yes to another transaction is no yes, a no is a no', async (t) => {
  const world = await open(t)
  world.behaviour = code(1000, { transactionId: 'somebody-else' })
  assert.equal(said(await world.deliver()), 'unknown response-missing')
  world.behaviour = code(2004, { transactionId: '0000' })
  assert.equal(said(await world.deliver()), 'rejected content-refused')
})

test('a partial success is a yes unless it names our recipient', async (t) => {
  const world = await open(t)
  for (const details of ['not resolved: +15550100999', 'not resolved: 155501001234']) {
    world.behaviour = code(1100, { details })
    assert.equal((await world.deliver()).kind, 'submitted')
  }
  world.behaviour = code(1100, { details: 'not resolved: +15550100123' })
  assert.equal(said(await world.deliver()), 'rejected recipient-unknown')
})

test('an upstream that asks us to wait is heard', async (t) => {
  const world = await open(t)
  const wait = async (headers: Record<string, string>) => {
    world.behaviour = answering({ kind: 'http', status: 503, headers })
    const outcome = await world.deliver()
    return outcome.kind === 'deferred' ? outcome.retryAfterMs : undefined
  }
  assert.equal(await wait({}), undefined)
  assert.equal(await wait({ 'retry-after': '90' }), 90_000)
  assert.equal(await wait({ 'retry-after': '99999999' }), 3_600_000)
  assert.equal(await wait({ 'retry-after': 'soon' }), undefined)
  world.behaviour = code(4006, { http: 503, headers: { 'retry-after': '7' } })
  const busy = await world.deliver()
  assert.equal(busy.kind === 'deferred' && busy.retryAfterMs, 7000)
})

test('silence after the last byte, and a line lost then, are nobody’s yes or no', async (t) => {
  const world = await open(t, { answerTimeoutMs: 100 })
  world.behaviour = answering({ kind: 'silence' })
  const silent = await world.deliver()
  assert.equal(said(silent), 'unknown carrier-timeout')
  assert.equal('remoteId' in silent, false, 'the id is the upstream’s to give')
  world.behaviour = answering({ kind: 'drop', at: 'end' })
  assert.equal(said(await world.deliver()), 'unknown carrier-timeout')
  world.behaviour = answering({ kind: 'drop', at: 'answer' })
  assert.equal(said(await world.deliver()), 'unknown response-missing')
})

test('a line lost before the last byte is a retry', async (t) => {
  const world = await open(t, {}, { dropsAtHead: () => true })
  const bytes = Buffer.alloc(8 * 1024 * 1024)
  const outcome = await world.deliver(attemptOf([partOf('video/3gpp', bytes)]))
  assert.equal(said(outcome), 'deferred link-closed')
})

test('an upstream nobody can connect to is code 0 where its dialect says so', async (t) => {
  const url = `http://127.0.0.1:${await closedPort()}/mm7`
  const plain = await (await open(t, { url })).deliver()
  assert.equal(said(plain), 'deferred link-down')
  assert.match(plain.raw ?? '', /^connect-failed .*ECONNREFUSED/)
  const coded = await (await open(t, { url, codes: 'smsglobal' })).deliver()
  assert.equal(said(coded), 'deferred link-down')
  assert.match(coded.raw ?? '', /^0 Connection error: connect-failed .*ECONNREFUSED/)
})

test('an aborted attempt ends at once, as unknown after the last byte and deferred before', async (t) => {
  const world = await open(t)
  world.behaviour = answering({ kind: 'silence' })
  const given = new AbortController()
  const delivery = world.deliver(attemptOf(), given.signal)
  while (world.seen.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const startedAt = performance.now()
  given.abort()
  assert.equal(said(await delivery), 'unknown carrier-timeout')
  assert.ok(performance.now() - startedAt < PROMPT_MS_MAX)
  assert.equal(said(await world.deliver(attemptOf(), given.signal)), 'deferred link-closed')
})

test('a version it does not speak is changed for the next one, once', async (t) => {
  const world = await open(t, { fallbackVersion: '5.3.0' })
  world.behaviour = { ...ORDINARY_RELAY, versions: ['5.3.0'] }
  const first = await world.deliver()
  assert.equal(said(first), 'deferred carrier-error')
  assert.match(first.raw ?? '', /4002 .*; speaking 5\.3\.0 from now on/)
  assert.equal((await world.deliver()).kind, 'submitted')
  assert.deepEqual(
    world.seen.map(({ submit }) => submit.mm7Version),
    ['6.8.0', '5.3.0'],
  )
  world.behaviour = { ...ORDINARY_RELAY, versions: ['6.8.0'] }
  assert.equal(said(await world.deliver()), 'rejected carrier-version-unsupported')
})

test('messages under way in the old version go round again when it is changed', async (t) => {
  const world = await open(t, { fallbackVersion: '5.3.0' })
  world.behaviour = { ...ORDINARY_RELAY, versions: ['5.3.0'] }
  const attempts = [0, 1, 2].map((index) =>
    world.deliver(attemptOf([], { index, key: `123456789012345678-${index}` })),
  )
  assert.deepEqual((await Promise.all(attempts)).map(said), Array(3).fill('deferred carrier-error'))
})

test('without another version a version it does not speak is the end', async (t) => {
  const world = await open(t)
  world.behaviour = { ...ORDINARY_RELAY, versions: ['5.3.0'] }
  assert.equal(said(await world.deliver()), 'rejected carrier-version-unsupported')
})

test('a link that is refused holds messages back, sends one to see, and rings once', async (t) => {
  const world = await open(t, {}, { vaspId: 'another-key' })
  assert.equal(said(await world.deliver()), 'deferred link-refused')
  const held = await world.deliver()
  assert.equal(said(held), 'deferred link-refused')
  assert.equal(held.kind === 'deferred' && held.retryAfterMs, 60_000)
  assert.match(held.raw ?? '', /^kept back: RSErrorRsp 4001/)
  world.time += 60_000
  const [scout, follower] = await Promise.all([world.deliver(), world.deliver()])
  assert.doesNotMatch(scout?.raw ?? '', /kept back/)
  assert.match(follower?.raw ?? '', /kept back/)
  assert.equal(world.refusals.length, 1)
})

test('a refused link uses up no attempts, and is asked less and less often', async (t) => {
  const world = await open(t, {}, { vaspId: 'another-key' })
  for (const pauseMs of [60_000, 120_000, 240_000]) {
    const scout = await world.deliver()
    assert.doesNotMatch(scout.raw ?? '', /kept back/)
    const held = await world.deliver()
    assert.match(held.raw ?? '', /kept back/)
    for (const outcome of [scout, held]) {
      assert.equal(outcome.kind === 'deferred' && outcome.uncounted, true)
    }
    assert.equal(held.kind === 'deferred' && held.retryAfterMs, pauseMs)
    world.time += pauseMs
  }
})

test('a refused link is taken up again as soon as one message passes', async (t) => {
  const world = await open(t)
  world.behaviour = answering({ kind: 'http', status: 401 })
  await world.deliver()
  world.behaviour = ORDINARY_RELAY
  world.time += 60_000
  assert.equal((await world.deliver()).kind, 'submitted')
  assert.equal((await world.deliver()).kind, 'submitted')
  world.behaviour = answering({ kind: 'http', status: 401 })
  await world.deliver()
  assert.equal(world.refusals.length, 2, 'a new refusal rings again')
})

test('a sender that is not provisioned rings, and holds nobody else back', async (t) => {
  const world = await open(t)
  world.behaviour = code(2563)
  assert.equal(said(await world.deliver()), 'deferred link-refused')
  world.behaviour = ORDINARY_RELAY
  assert.equal((await world.deliver()).kind, 'submitted')
  assert.equal(world.refusals.length, 1)
})

test('an upstream that drops doubles takes a message once', async (t) => {
  const world = await open(t, { dropsDuplicates: true })
  const ids = [await world.deliver(), await world.deliver(attemptOf([], { number: 2 }))].map(
    (outcome) => (outcome.kind === 'submitted' ? outcome.remoteId : ''),
  )
  assert.deepEqual(ids, ['relay-1', 'relay-1'])
})

const PARTIES: Parties = {
  sender: { kind: 'short-code', text: '24680' },
  recipient: { kind: 'number', text: '15550100123' },
}

test('a message is withdrawn by its id until it is too late', async (t) => {
  const world = await open(t)
  world.behaviour = code(1000)
  await world.deliver()
  const cancel = async (from: Connector, id: string) =>
    (await from.cancel?.(id, AbortSignal.timeout(5000), PARTIES))?.kind
  const { connector } = world
  assert.equal(await cancel(connector, 'relay-1'), 'cancelled')
  assert.equal(await cancel(connector, 'relay-1'), 'too-late')
  assert.equal(await cancel(connector, 'relay-77'), 'not-found')
  const nowhere = await open(t, { url: `http://127.0.0.1:${await closedPort()}/` })
  assert.equal(await cancel(nowhere.connector, 'relay-1'), 'unreachable')
})

test('an upstream that serves no withdrawal is not asked for one', async (t) => {
  const { connector } = await open(t, { servesCancel: false })
  assert.equal(connector.cancel, undefined)
})

test('the lane is what the directory says', () => {
  const lane = laneOf(upstreamAt('http://x', { perSecond: 5, dropsDuplicates: true }))
  assert.deepEqual(
    [lane.concurrency, lane.rate, lane.whenAmbiguous, lane.retry.attemptsMax],
    [4, { perSecond: 5, burst: 5 }, 'resend', 12],
  )
  assert.equal(laneOf(upstreamAt('http://x')).whenAmbiguous, 'hold')
  assert.equal(laneOf(upstreamAt('http://x')).rate, undefined)
})
