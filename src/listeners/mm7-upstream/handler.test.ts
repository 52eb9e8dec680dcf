import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { plainGuesses } from '../../../test/support/guesses.ts'
import { contentType, parseContentType } from '../../codecs/mime/content-type.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { readMm7Reply } from '../../codecs/mm7/request-reader.ts'
import type { Mm7Operation, Received as Mm7Received } from '../../codecs/mm7/types.ts'
import { namespaceFor } from '../../codecs/mm7/versions.ts'
import { ORDINARY_RELAY } from '../../connectors/mm7/behaviour.ts'
import { openMm7Emulator, type RelayEmulator } from '../../connectors/mm7/emulator.ts'
import type { Acceptance } from '../../engine/accept.ts'
import { openHttpPools } from '../../transports/http/pools.ts'
import { KEY, LOGIN, mount } from './testing/mounted.ts'

interface Heard {
  readonly http: number
  readonly name: string
  readonly code: number
  readonly details: string | undefined
  readonly transactionId: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const TIMEOUTS = { connectTimeoutMs: 5000, answerTimeoutMs: 5000, bodyTimeoutMs: 5000 }

async function post(
  t: TestContext,
  url: string,
  text: string,
  headers: Record<string, string> = {},
  method: 'GET' | 'POST' = 'POST',
): Promise<Heard> {
  const pools = openHttpPools({ connectionsPerOriginMax: 1 })
  t.after(() => pools.close(0))
  const bytes = Buffer.from(text)
  const result = await pools.send({
    method,
    url: new URL(url),
    headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    ...(method === 'GET'
      ? {}
      : {
          body: {
            bytes: bytes.length,
            async *open() {
              yield bytes
            },
          },
        }),
    timeouts: TIMEOUTS,
    answerBytesMax: 100_000,
  })
  if (result.kind !== 'answered') throw new Error(result.detail)
  const type = parseContentType(result.headers['content-type'] ?? '') ?? contentType('text/xml')
  const reply = readMm7Reply(type, result.body)
  const operation = reply.kind === 'ok' ? reply.operation : undefined
  const status = operation !== undefined && 'status' in operation ? operation.status : undefined
  return {
    http: result.status,
    name: operation?.name ?? '',
    code: status?.statusCode ?? 0,
    details: status?.details,
    transactionId: reply.transactionId,
    headers: result.headers,
    body: result.body.toString(),
  }
}

function envelope(operation: Mm7Received<Mm7Operation>): string {
  return encodeMm7({
    transactionId: 't-1',
    namespace: namespaceFor(operation.mm7Version ?? '6.8.0'),
    operation,
  })
}

const REPORT = {
  name: 'DeliveryReportReq',
  mm7Version: '5.3.0',
  messageId: 'relay-1',
  recipient: { kind: 'Number', value: '15550100123' },
  sender: { kind: 'ShortCode', value: '12345' },
  dateMs: 1_000,
  mmStatus: 'Retrieved',
} as const

async function relayTo(t: TestContext, url: string, basic?: typeof LOGIN): Promise<RelayEmulator> {
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: () => ORDINARY_RELAY,
    keepBodies: true,
    after: (_ms, callback) => setImmediate(callback),
    now: () => 5_000,
  })
  t.after(() => relay.close())
  relay.connect({ url, ...(basic === undefined ? {} : { basic }) })
  return relay
}

test('a delivery report is handed over and answered in its own version', async (t) => {
  const { url, reports } = await mount(t)
  const heard = await post(t, url, envelope(REPORT))
  assert.deepEqual([heard.http, heard.name, heard.code], [200, 'DeliveryReportRsp', 1000])
  assert.equal(heard.transactionId, 't-1')
  assert.match(heard.body, /<MM7Version>5\.3\.0<.*REL-5-MM7|REL-5-MM7.*<MM7Version>5\.3\.0</s)
  assert.deepEqual(reports, [
    {
      route: 'upstream',
      remoteId: 'relay-1',
      report: { status: 'retrieved', happenedAt: 1000, raw: 'DeliveryReportReq Retrieved' },
      park: true,
    },
  ])
})

test('the answer waits until the report is kept', async (t) => {
  let keep: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    keep = resolve
  })
  let kept = false
  const { url } = await mount(t, {
    parts: {
      async receive() {
        await asked
        kept = true
        return 'applied'
      },
    },
  })
  const answer = post(t, url, envelope(REPORT)).then(({ code }) => [code, kept])
  setImmediate(keep)
  assert.deepEqual(await answer, [1000, true])
})

test('a report that cannot be kept is asked for again', async (t) => {
  const { url, alarms } = await mount(t, {
    parts: { receive: () => Promise.reject(new Error('the store')) },
  })
  const heard = await post(t, url, envelope(REPORT))
  assert.deepEqual([heard.http, heard.name, heard.code], [500, 'VASPErrorRsp', 3000])
  assert.equal(heard.headers['retry-after'], '5')
  assert.equal(alarms.length, 1)
})

test('a report about nothing of ours is answered so', async (t) => {
  const { url, refused } = await mount(t, { parts: { receive: async () => 'unknown' } })
  const heard = await post(t, url, envelope(REPORT))
  assert.deepEqual([heard.http, heard.code], [200, 2005])
  assert.deepEqual(refused, ['2005'])
})

for (const receipt of ['evidence', 'repeat', 'parked'] as const) {
  test(`a report that is ${receipt} is a yes: it need not come again`, async (t) => {
    const { url } = await mount(t, { parts: { receive: async () => receipt } })
    assert.equal((await post(t, url, envelope(REPORT))).code, 1000)
  })
}

test('a code in the text is read by the upstream’s own dialect', async (t) => {
  const asked: unknown[] = []
  const { url, reports } = await mount(t, {
    parts: {
      reasonOfCode(route, code) {
        asked.push([route, code])
        return 'too-large-for-carrier'
      },
    },
  })
  const mmStatus = 'Rejected'
  await post(t, url, envelope({ ...REPORT, mmStatus, statusText: 'Rejected: 2560 too long' }))
  assert.deepEqual(asked, [['upstream', 2560]])
  assert.equal(reports[0]?.report.reason, 'too-large-for-carrier')
})

test('a read reply is handed over, and one without news is only thanked for', async (t) => {
  const { url, reports } = await mount(t)
  const reading = {
    name: 'ReadReplyReq',
    mm7Version: '6.8.0',
    messageId: 'relay-1',
    recipient: REPORT.recipient,
    sender: REPORT.sender,
    timeStampMs: 7,
  } as const
  const read = await post(t, url, envelope({ ...reading, mmStatus: 'Read' }))
  assert.deepEqual([read.name, read.code], ['ReadReplyRsp', 1000])
  await post(t, url, envelope({ ...reading, mmStatus: 'Deleted' }))
  const nothing = await post(t, url, envelope({ ...reading, mmStatus: 'Indeterminate' }))
  assert.equal(nothing.code, 1000)
  assert.deepEqual(
    reports.map(({ report }) => report.status),
    ['read', 'deleted-unread'],
  )
})

// biome-ignore format: a table
const bad: readonly (readonly [string, string, number, number])[] = [
  ['bytes that are no XML',             '<soap',                                        200, 4004],
  ['an envelope without an operation',  '<Envelope><Header/><Body/></Envelope>',        200, 4004],
  ['a report without a MessageID',      envelope({ ...REPORT, messageId: '' }),         200, 4004],
  ['a report without a status',         envelope({ ...REPORT, mmStatus: '' }),          200, 4004],
  ['a request of a VASP',               envelope({ name: 'SubmitReq', mm7Version: '6.8.0' }), 200, 4003],
  ['an answer',                         envelope({ name: 'SubmitRsp', mm7Version: '6.8.0' }), 200, 4003],
  ['a message from nobody',             envelope({ name: 'DeliverReq', mm7Version: '6.8.0' }), 200, 4004],
  ['a message to nobody',               envelope({ name: 'DeliverReq', mm7Version: '6.8.0', sender: REPORT.recipient }), 200, 2002],
  ['a message whose content is absent', envelope({ name: 'DeliverReq', mm7Version: '6.8.0', sender: REPORT.recipient, recipients: [{ list: 'To', address: REPORT.sender }], content: { href: 'cid:nothing' } }), 200, 2004],
]
for (const [what, body, http, code] of bad) {
  test(`${what} is answered ${code}, and nothing is handed over`, async (t) => {
    const { url, reports, submissions } = await mount(t)
    const heard = await post(t, url, body)
    assert.deepEqual([heard.http, heard.name, heard.code], [http, 'VASPErrorRsp', code])
    assert.deepEqual([reports, submissions], [[], []])
  })
}

test('a report in a foreign wrapping is read', async (t) => {
  const { url, reports } = await mount(t)
  const bare = envelope(REPORT)
  const forms: readonly (readonly [string, string])[] = [
    [bare, 'multipart/related; type="text/xml"'],
    [`\ufeff${bare}`, 'application/xml'],
    [bare, 'nonsense'],
    [bare.replaceAll('REL-5-MM7-1-0', 'REL-5-MM7-9-9'), 'text/xml'],
    [bare.replaceAll('soap-env', 'env'), 'text/xml;charset="utf-8"'],
  ]
  for (const [body, type] of forms) {
    const heard = await post(t, url, body, { 'content-type': type })
    assert.equal(heard.code, 1000, type)
  }
  assert.equal(reports.length, forms.length)
})

test('a stranger learns that there is nothing here', async (t) => {
  const { origin, reports } = await mount(t)
  for (const path of ['/mm7-upstream', '/mm7-upstream/', '/mm7-upstream/wrong-secret', `/${KEY}`]) {
    const heard = await post(t, origin + path, envelope(REPORT))
    assert.deepEqual([heard.http, heard.body], [404, ''], path)
  }
  assert.deepEqual(reports, [])
})

const token = (text: string) => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
})

test('the secret, the address and the login must all be right', async (t) => {
  const elsewhere = await mount(t, { peer: { fromAddresses: ['192.0.2.0/24'] } })
  assert.equal((await post(t, elsewhere.url, envelope(REPORT))).http, 403)
  const here = await mount(t, { peer: { fromAddresses: ['127.0.0.0/8'] }, withLogin: true })
  assert.equal((await post(t, here.url, envelope(REPORT))).http, 401)
  const wrong = await post(t, here.url, envelope(REPORT), token('relay:dong'))
  assert.deepEqual([wrong.http, wrong.headers['www-authenticate']], [401, 'Basic realm="MM7"'])
  const right = await post(t, here.url, envelope(REPORT), token('relay:ding'))
  assert.equal(right.code, 1000)
  assert.equal(here.reports.length, 1)
})

const STOPPED = { now: () => 1_000_000, wakeAt: () => ({ cancel: () => undefined }) }

test('an upstream that knows its path is heard, whoever tries wrong ones from its address', async (t) => {
  const guesses = plainGuesses(STOPPED, { failedLoginsPerMinute: 1 })
  const here = await mount(t, { parts: { guesses } })
  const wrong = await post(t, `${here.origin}/mm7-upstream/another-secret`, envelope(REPORT))
  assert.equal(wrong.http, 404)
  assert.equal((await post(t, here.url, envelope(REPORT))).code, 1000)
})

test('a password is looked at no more after too many wrong ones, right or wrong', async (t) => {
  const guesses = plainGuesses(STOPPED, { failedLoginsPerMinute: 1 })
  const { url } = await mount(t, { withLogin: true, parts: { guesses } })
  for (const login of ['relay:dong', 'relay:ding']) {
    assert.equal((await post(t, url, envelope(REPORT), token(login))).http, 401)
  }
})

test('too many logins at once are asked to come again', async (t) => {
  const { url } = await mount(t, {
    withLogin: true,
    parts: {
      checks: { hashKey: () => '', addressIn: () => true, verify: async () => 'busy' },
      findUpstream: () => ({
        name: 'upstream',
        fromAddresses: [],
        forwardedMeans: 'forwarded',
        basic: { user: 'relay', passwordHash: '' },
      }),
    },
  })
  const heard = await post(t, url, envelope(REPORT), { authorization: 'Basic YTpi' })
  assert.deepEqual([heard.http, heard.headers['retry-after']], [503, '5'])
})

test('only POST is served, and only bodies whose end is known', async (t) => {
  const { url } = await mount(t)
  const get = await post(t, url, '', {}, 'GET')
  assert.deepEqual([get.http, get.headers.allow], [405, 'POST'])
  const coded = await post(t, url, envelope(REPORT), { 'content-encoding': 'gzip' })
  assert.deepEqual([coded.http, coded.code], [415, 4004])
})

test('a body over the limit is refused before it is read', async (t) => {
  const { url } = await mount(t, {
    parts: {
      limits: {
        requestBytesMax: 1000,
        drainBytesMax: 1_000_000,
        mm7: (await mount(t)).parts.limits.mm7,
      },
    },
  })
  const heard = await post(t, url, 'x'.repeat(200_000))
  assert.deepEqual([heard.http, heard.code], [413, 2004])
})

test('a door that is closing asks to come again', async (t) => {
  const { url, parts } = await mount(t)
  parts.admission.drain()
  const heard = await post(t, url, envelope(REPORT))
  assert.deepEqual([heard.http, heard.code, heard.details], [503, 4006, 'draining'])
})

test('a message from a handset is kept for the number’s owner', async (t) => {
  const { url, submissions, parts } = await mount(t)
  const relay = await relayTo(t, url)
  const bell = { contentType: 'image/png', contentId: 'bell', bytes: Buffer.from([1, 2, 3]) }
  const words = { contentType: 'text/plain', contentId: 'words', bytes: Buffer.from('Dong') }
  const sent = await relay.sendFromHandset('+15550100123', { kind: 'Number', value: '12345' }, [
    bell,
    words,
  ])
  assert.deepEqual([sent.http, sent.answer, sent.code], [200, 'DeliverRsp', 1000])
  const [submission] = submissions
  assert.ok(submission)
  const { envelope: given, content, idempotency: _, ...rest } = submission
  assert.deepEqual(rest, {
    accountId: 'tenant',
    direction: 'mo',
    channel: 'mms',
    dialect: 'sinch',
    peer: 'upstream',
    recipients: [{ kind: 'short-code', text: '12345' }],
    expiresAt: 1_000_000 + 86_400_000,
  })
  assert.deepEqual(given, {
    sender: { kind: 'number', text: '15550100123' },
    shownTo: [{ kind: 'short-code', text: '12345' }],
    messageClass: 'personal',
    priority: 'normal',
    senderVisible: true,
    adaptationAllowed: true,
    deliveryReports: false,
    readReports: false,
    serviceId: 'service',
    carrier: 'upstream',
    originId: 'relay-m1',
    clientReference: 'relay-t2',
  })
  const pieces: Uint8Array[] = []
  const [picture] = content.parts
  assert.ok(picture)
  for await (const piece of parts.media.read(content, picture.offset, picture.length)) {
    pieces.push(piece)
  }
  assert.deepEqual([...Buffer.concat(pieces)], [1, 2, 3])
  assert.deepEqual(
    content.parts.map(({ mediaType, contentId }) => [mediaType, contentId]),
    [
      ['image/png', 'bell'],
      ['text/plain', 'words'],
    ],
  )
})

test('a message that is nothing but a keyword says what its sender wants', async (t) => {
  const { url, submissions } = await mount(t)
  const relay = await relayTo(t, url)
  const to = { kind: 'ShortCode', value: '12345' } as const
  const words = (text: string) => [
    { contentType: 'text/plain', contentId: 'words', bytes: Buffer.from(text) },
  ]
  await relay.sendFromHandset('15550100123', to, words('Stop'))
  await relay.sendFromHandset('15550100123', to, words('Stop it'))
  assert.deepEqual(
    submissions.map(({ consent }) => consent),
    [{ consent: 'stop', keyword: 'STOP' }, undefined],
  )
})

test('a message without content is a message', async (t) => {
  const { url, submissions } = await mount(t)
  const relay = await relayTo(t, url)
  const to = { kind: 'ShortCode', value: '12345' } as const
  assert.equal((await relay.sendFromHandset('15550100123', to, [])).code, 1000)
  assert.deepEqual(submissions[0]?.content.parts, [])
})

test('a repeated message can be told, and another one of the same ids cannot be taken for it', async (t) => {
  const { url, submissions } = await mount(t)
  const base = {
    name: 'DeliverReq',
    mm7Version: '6.8.0',
    sender: REPORT.recipient,
    recipients: [{ list: 'To', address: REPORT.sender }],
  } as const
  await post(t, url, envelope({ ...base, subject: 'one', timeStampMs: 1 }))
  await post(t, url, envelope({ ...base, subject: 'one', timeStampMs: 2 }))
  await post(t, url, envelope({ ...base, subject: 'two', timeStampMs: 2 }))
  const [first, repeat, other] = submissions.map(({ idempotency }) => idempotency)
  assert.deepEqual(first, repeat)
  assert.equal(first?.key, other?.key)
  assert.notEqual(first?.fingerprint, other?.fingerprint)
})

test('a message to several is kept for those that are ours', async (t) => {
  const { url, submissions } = await mount(t)
  const to = (...values: readonly string[]) =>
    envelope({
      name: 'DeliverReq',
      mm7Version: '6.8.0',
      sender: REPORT.recipient,
      recipients: values.map((value) => ({ list: 'To', address: { kind: 'Number', value } })),
    })
  assert.equal((await post(t, url, to('12345', '15550100777'))).code, 1000)
  assert.equal(submissions.length, 2)
  const some = await post(t, url, to('12345', '15550100999'))
  assert.deepEqual([some.name, some.code], ['DeliverRsp', 1100])
  assert.match(some.details ?? '', /15550100999/)
  const none = await post(t, url, to('15550100999', '54321'))
  assert.deepEqual([none.name, none.code], ['VASPErrorRsp', 2003])
  assert.equal(submissions.length, 3)
})

// biome-ignore format: a table
const acceptances: readonly (readonly [string, Acceptance, number, number])[] = [
  ['a duplicate',  { kind: 'duplicate', messageId: '1' },               200, 1000],
  ['a full disk',  { kind: 'refused', reason: 'storage-full' },         503, 4006],
  ['overload',     { kind: 'refused', reason: 'overloaded' },           503, 4006],
  ['our mistake',  { kind: 'refused', reason: 'internal-error' },       500, 3000],
]
for (const [what, acceptance, http, code] of acceptances) {
  test(`a message that meets ${what} is answered ${code} with HTTP ${http}`, async (t) => {
    const { url } = await mount(t, { parts: { accept: async () => acceptance } })
    const relay = await relayTo(t, url)
    const sent = await relay.sendFromHandset('15550100123', REPORT.sender, [])
    assert.deepEqual([sent.http, sent.code], [http, code])
  })
}

test('a relay that waits for leave to send is given it', async (t) => {
  const { url, reports } = await mount(t)
  const heard = await post(t, url, envelope(REPORT), { expect: '100-continue' })
  assert.equal(heard.code, 1000)
  assert.equal(reports.length, 1)
})

test('the emulated relay reports with its credentials, and hears what we say', async (t) => {
  const { url, reports } = await mount(t, { withLogin: true })
  const relay = await relayTo(t, url, LOGIN)
  const sent = await relay.sendReport('relay-1', 'Expired', 'too late')
  assert.deepEqual([sent.http, sent.answer, sent.code], [200, 'DeliveryReportRsp', 1000])
  const read = await relay.sendReadReply('relay-1', 'Read')
  assert.deepEqual([read.answer, read.code], ['ReadReplyRsp', 1000])
  assert.deepEqual(
    reports.map(({ report }) => report.status),
    ['expired', 'read'],
  )
})
