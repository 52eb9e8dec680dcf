import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import type { SmtpMail, SmtpPoolOptions, SmtpTimeouts } from './client-options.ts'
import { openSmtpPool, type SmtpPool } from './pool.ts'
import type { SendResult } from './send-result.ts'
import { openSmtpServer } from './server.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { type OnLine, openRawServer, politely, type RawServer } from './testing/raw-peer.ts'

/** Promised: 100 ms. A busy machine may be late; the timeouts it must beat are far longer. */
const PROMPT_MS_MAX = 2000

const MAIL: SmtpMail = {
  from: '+15550100123/TYPE=PLMN@a.example',
  to: ['+15550100456/TYPE=PLMN@b.example'],
  data: [Buffer.from('Subject: x\r\n\r\nhello\r\n')],
}
/** Longer than what is sent in one go with its final dot. */
const LONG = Buffer.alloc(780_000, `${'x'.repeat(76)}\r\n`)

function openPool(t: TestContext, port: number, options: Partial<SmtpPoolOptions> = {}): SmtpPool {
  const pool = openSmtpPool({ host: '127.0.0.1', port, helloName: 'c.example', ...options })
  t.after(() => pool.close(0))
  return pool
}

async function openPeer(t: TestContext, onLine: OnLine): Promise<RawServer> {
  const server = await openRawServer(onLine)
  t.after(() => server.close())
  return server
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

/** What a result says, in one line. */
function told(result: SendResult): string {
  switch (result.kind) {
    case 'accepted':
      return `accepted ${result.reply.code}`
    case 'refused':
      return `refused ${result.phase} ${result.reply.code} ${result.reportedBy}`
    case 'not-sent':
      return `not-sent ${result.phase} ${result.because}`
    case 'unknown':
      return `unknown ${result.because}`
  }
}

const ANSWERS: readonly (readonly [
  name: string,
  answers: Readonly<Record<string, string>>,
  told: string,
])[] = [
  ['all goes well', {}, 'accepted 250'],
  ['the greeting is a refusal', { connect: '554 5.7.1 Not you' }, 'refused greeting 554 peer'],
  ['the greeting says come later', { connect: '421 Busy' }, 'refused greeting 421 peer'],
  ['EHLO is unknown', { EHLO: '500 What?' }, 'accepted 250'],
  ['EHLO is not implemented', { EHLO: '502 No' }, 'accepted 250'],
  ['EHLO has a bad parameter', { EHLO: '504 No' }, 'accepted 250'],
  ['EHLO is refused', { EHLO: '550 No' }, 'refused ehlo 550 peer'],
  ['HELO is refused too', { EHLO: '500 What?', HELO: '550 No' }, 'refused ehlo 550 peer'],
  ['PIPELINING is not offered', { EHLO: '250 plain.example' }, 'accepted 250'],
  ['MAIL is refused', { MAIL: '550 5.1.8 No' }, 'refused mail 550 peer'],
  ['MAIL is refused without PIPELINING', { EHLO: '250 h', MAIL: '451 4' }, 'refused mail 451 peer'],
  ['RCPT is refused', { RCPT: '550 5.1.1 No', DATA: '554 No' }, 'refused rcpt 550 peer'],
  ['RCPT is refused and data wanted all the same', { RCPT: '550 No' }, 'refused rcpt 550 peer'],
  [
    'RCPT is refused without PIPELINING',
    { EHLO: '250 h', RCPT: '553 No' },
    'refused rcpt 553 peer',
  ],
  ['RCPT forwards', { RCPT: '251 Will forward' }, 'accepted 250'],
  ['DATA is refused', { DATA: '452 4.3.1 Full' }, 'refused data 452 peer'],
  ['the message is refused', { '.': '552 5.3.4 Too much' }, 'refused dot 552 peer'],
  ['the message is refused for now', { '.': '451 4.3.0 Later' }, 'refused dot 451 peer'],
  ['the peer speaks HTTP', { connect: 'HTTP/1.1 400 Bad Request' }, 'not-sent greeting closed'],
]

for (const [name, answers, expected] of ANSWERS) {
  test(`when ${name}, the sending ends as ${expected}`, async (t) => {
    const peer = await openPeer(t, politely(answers))
    assert.equal(told(await openPool(t, peer.port).send(MAIL)), expected)
  })
}

test('the raw words of the peer are kept', async (t) => {
  const peer = await openPeer(t, politely({ '.': '550-5.7.1 Spam\r\n550 5.7.1 says the filter' }))
  const result = await openPool(t, peer.port).send(MAIL)
  assert.ok(result.kind === 'refused')
  assert.equal(result.reply.raw, '550-5.7.1 Spam\n550 5.7.1 says the filter')
  assert.equal(result.reply.enhanced, '5.7.1')
  assert.deepEqual(result.reply.lines, ['Spam', 'says the filter'])
})

test('one refused recipient does not hold up the others', async (t) => {
  const polite = politely({})
  const peer = await openPeer(t, (line, call, number) => {
    if (line === 'RCPT TO:<two@b.example>') call.say('550 5.1.1 Nobody')
    else polite(line, call, number)
  })
  const to = ['one@b.example', 'two@b.example', 'three@b.example']
  const result = await openPool(t, peer.port).send({ ...MAIL, to })
  assert.ok(result.kind === 'accepted')
  assert.deepEqual(
    result.perRecipient.map(({ to, accepted, reply }) => [to, accepted, reply.code]),
    [
      ['one@b.example', true, 250],
      ['two@b.example', false, 550],
      ['three@b.example', true, 250],
    ],
  )
})

test('with PIPELINING the envelope leaves in one packet; without it, line by line', async (t) => {
  const bursts: string[] = []
  for (const pipelining of [true, false]) {
    const peer = await openPeer(t, politely({}))
    const pool = openPool(t, peer.port, { pipelining })
    const sent = pool.send(MAIL)
    while (peer.calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    const found: string[] = []
    peer.calls[0]?.socket.on('data', (chunk) => found.push(chunk.toString('latin1')))
    await sent
    bursts.push(found.find((burst) => burst.startsWith('MAIL')) ?? '')
  }
  assert.match(bursts[0] ?? '', /^MAIL [^\r]*\r\nRCPT [^\r]*\r\nDATA\r\n$/)
  assert.match(bursts[1] ?? '', /^MAIL [^\r]*\r\n$/)
})

test('the size and 8BITMIME are declared where they are offered', async (t) => {
  const peer = await openPeer(t, politely({ EHLO: '250-h\r\n250-8BITMIME\r\n250 SIZE 5000' }))
  await openPool(t, peer.port).send({ ...MAIL, sizeBytes: 23, eightBit: true })
  assert.equal(peer.calls[0]?.lines[1], `MAIL FROM:<${MAIL.from}> SIZE=23 BODY=8BITMIME`)
  const plain = await openPeer(t, politely({ EHLO: '250 h' }))
  await openPool(t, plain.port).send({ ...MAIL, sizeBytes: 23 })
  assert.equal(plain.calls[0]?.lines[1], `MAIL FROM:<${MAIL.from}>`)
})

const BEFOREHAND: readonly (readonly [name: string, mail: Partial<SmtpMail>, told: string])[] = [
  ['larger than the peer takes', { sizeBytes: 100_001 }, 'refused mail 552 client'],
  ['eight-bit where 8BITMIME is missing', { eightBit: true }, 'refused mail 554 client'],
  ['for nobody', { to: [] }, 'refused rcpt 501 client'],
  ['for an empty address', { to: [''] }, 'refused rcpt 501 client'],
  ['from an address with a line end', { from: 'a@b>\r\nRCPT TO:<c@d' }, 'refused mail 501 client'],
  ['to an address with a bracket', { to: ['a@b> X=<c'] }, 'refused rcpt 501 client'],
]

for (const [name, change, expected] of BEFOREHAND) {
  test(`a message ${name} is refused before anything of it is said`, async (t) => {
    const peer = await openPeer(t, politely({}))
    const result = await openPool(t, peer.port).send({ ...MAIL, ...change })
    assert.equal(told(result), expected)
    assert.deepEqual(peer.calls[0]?.lines, ['EHLO c.example'])
  })
}

test('no address, whatever it holds, says more than one command', async (t) => {
  const peer = await openPeer(t, politely({ EHLO: '250 h' }))
  const pool = openPool(t, peer.port, { connectionsMax: 1 })
  const address = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.stringMatching(/^[a@<>\r\n "\\]{0,10}$/),
  )
  await fc.assert(
    fc.asyncProperty(address, address, async (from, to) => {
      const before = peer.calls[0]?.lines.length ?? 0
      await pool.send({ ...MAIL, from, to: [to] })
      const said = (peer.calls[0]?.lines ?? []).slice(before)
      for (const verb of ['MAIL', 'RCPT', 'DATA']) {
        assert.ok(said.filter((line) => line.startsWith(verb)).length <= 1)
      }
    }),
    { numRuns: 100 },
  )
})

test('a message arrives as it was, whatever lines begin with dots and however it is cut', async (t) => {
  const handler = createKeepingHandler()
  const server = await openSmtpServer({ host: '127.0.0.1', port: 0, hostname: 'h', handler })
  t.after(() => server.close({ deadlineMs: 0 }))
  const pool = openPool(t, server.address.port)
  const line = fc.constantFrom('.', '..', '.a', 'a.', '', 'b')
  const bodies = fc.array(line).map((lines) => Buffer.from(lines.map((l) => `${l}\r\n`).join('')))
  await fc.assert(
    fc.asyncProperty(bodies, fc.integer({ min: 1, max: 9 }), async (body, size) => {
      const result = await pool.send({ ...MAIL, data: inChunks(body, size) })
      assert.equal(result.kind, 'accepted')
      assert.equal(handler.kept.at(-1)?.body, body.toString())
    }),
    { numRuns: 50 },
  )
  for (const data of [[LONG], [LONG.subarray(0, 100_000), LONG.subarray(100_000)]]) {
    await pool.send({ ...MAIL, data })
    assert.equal(handler.kept.at(-1)?.body, LONG.toString())
  }
  await pool.send({ ...MAIL, data: inChunks(LONG, 300_000) })
  assert.equal(handler.kept.at(-1)?.body, LONG.toString())
})

// --- losing the connection ----------------------------------------------------------------------

/** A polite peer that hangs up when it hears `verb`. */
function hangingUpAt(verb: string): OnLine {
  const polite = politely({})
  return (line, call, number) => {
    if (line === verb || (verb !== '' && line.startsWith(`${verb} `))) call.socket.destroy()
    else polite(line, call, number)
  }
}

const DROPS: readonly (readonly [verb: string, told: string])[] = [
  ['', 'not-sent greeting closed'],
  ['EHLO', 'not-sent ehlo closed'],
  ['MAIL', 'not-sent mail closed'],
  ['.', 'unknown closed'],
]

for (const [verb, expected] of DROPS) {
  test(`a peer that hangs up at ${verb || 'once'} leaves ${expected}`, async (t) => {
    const peer = await openPeer(t, hangingUpAt(verb))
    assert.equal(told(await openPool(t, peer.port).send(MAIL)), expected)
    assert.equal(peer.calls.length, 1)
  })
}

test('a peer that hangs up between commands leaves not-sent', async (t) => {
  for (const [verb, expected] of [
    ['RCPT', 'not-sent rcpt closed'],
    ['DATA', 'not-sent data closed'],
  ] as const) {
    const peer = await openPeer(t, hangingUpAt(verb))
    const pool = openPool(t, peer.port, { pipelining: false })
    assert.equal(told(await pool.send(MAIL)), expected)
  }
})

test('nobody listening is connect-failed', async (t) => {
  const peer = await openRawServer(() => {})
  await peer.close()
  const result = await openPool(t, peer.port).send(MAIL)
  assert.equal(told(result), 'not-sent connect connect-failed')
  assert.match(result.kind === 'not-sent' ? result.detail : '', /ECONNREFUSED/)
})

test('a peer that hangs up in the middle of a long message leaves not-sent', async (t) => {
  const polite = politely({})
  const peer = await openPeer(t, (line, call, number) => {
    if (call.lines.length > 1000) call.socket.destroy()
    else polite(line, call, number)
  })
  const source = async function* () {
    yield LONG
    // The source goes on only after the peer is gone, so the dot cannot be on its way.
    while (peer.calls[0]?.socket.destroyed === false) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    yield* inChunks(Buffer.concat([LONG, LONG, LONG, LONG, LONG, LONG]), 100_000)
  }
  const result = await openPool(t, peer.port).send({ ...MAIL, data: source() })
  assert.equal(told(result), 'not-sent data closed')
})

test('a peer that refuses in the middle of a message is heard', async (t) => {
  const polite = politely({})
  const peer = await openPeer(t, (line, call, number) => {
    if (line === 'Subject: early') call.say('552 5.3.4 Enough')
    else polite(line, call, number)
  })
  const pool = openPool(t, peer.port)
  let stopped = false
  const source = async function* () {
    try {
      yield Buffer.from('Subject: early\r\n')
      for (;;) {
        yield Buffer.from('more\r\n')
        await new Promise((resolve) => setImmediate(resolve))
      }
    } finally {
      stopped = true
    }
  }
  assert.equal(told(await pool.send({ ...MAIL, data: source() })), 'refused data 552 peer')
  assert.equal(stopped, true)
})

// --- patience -----------------------------------------------------------------------------------

const SILENT: readonly (readonly [verb: string, told: string, timeouts: Partial<SmtpTimeouts>])[] =
  [
    ['connect', 'not-sent greeting', { greetingMs: 40 }],
    ['EHLO', 'not-sent ehlo', { helloMs: 40 }],
    ['MAIL', 'not-sent mail', { mailMs: 40 }],
    ['RCPT', 'not-sent rcpt', { rcptMs: 40 }],
    ['DATA', 'not-sent data', { dataMs: 40 }],
    ['.', 'unknown', { dotMs: 40 }],
  ]

for (const [verb, expected, timeouts] of SILENT) {
  test(`a peer silent after ${verb} is waited for as long as told: ${expected}`, async (t) => {
    const peer = await openPeer(t, politely({ [verb]: '' }))
    const pool = openPool(t, peer.port, { timeouts, pipelining: false })
    assert.equal(told(await pool.send(MAIL)), `${expected} timeout`)
  })

  test(`an abort while the peer is silent after ${verb} ends it at once: ${expected}`, async (t) => {
    const peer = await openPeer(t, politely({ [verb]: '' }))
    const pool = openPool(t, peer.port, { pipelining: false })
    const controller = new AbortController()
    const sent = pool.send(MAIL, controller.signal)
    const heard = () => {
      const lines = peer.calls[0]?.lines
      return verb === 'connect' ? lines : lines?.some((line) => line.startsWith(verb))
    }
    while (!heard()) await new Promise((resolve) => setImmediate(resolve))
    const at = performance.now()
    controller.abort()
    assert.equal(told(await sent), `${expected} aborted`)
    assert.ok(performance.now() - at < PROMPT_MS_MAX)
  })
}

test('a peer that stops reading in the middle of a message is not waited for for ever', async (t) => {
  const polite = politely({})
  const peer = await openPeer(t, (line, call, number) => {
    if (line === 'DATA') call.socket.pause()
    polite(line, call, number)
  })
  const pool = openPool(t, peer.port, { timeouts: { blockMs: 60 } })
  const data = [Buffer.alloc(50_000_000, 'x\r\n')]
  assert.equal(told(await pool.send({ ...MAIL, data })), 'not-sent data timeout')
})

test('a source that hangs ends with an abort; one that fails sends no message', async (t) => {
  const handler = createKeepingHandler()
  const server = await openSmtpServer({ host: '127.0.0.1', port: 0, hostname: 'h', handler })
  t.after(() => server.close({ deadlineMs: 0 }))
  const pool = openPool(t, server.address.port)
  const controller = new AbortController()
  const hanging = async function* () {
    yield Buffer.from('begun\r\n')
    controller.abort()
    await new Promise(() => {})
  }
  const hung = await pool.send({ ...MAIL, data: hanging() }, controller.signal)
  assert.equal(told(hung), 'not-sent data aborted')
  const failing = async function* () {
    yield Buffer.from('begun\r\n')
    throw new Error('media is gone')
  }
  const failed = await pool.send({ ...MAIL, data: failing() })
  assert.deepEqual(failed, {
    kind: 'not-sent',
    phase: 'data',
    because: 'content-failed',
    detail: 'media is gone',
  })
  assert.equal((await pool.send(MAIL)).kind, 'accepted')
  assert.equal(handler.kept.length, 1)
})
