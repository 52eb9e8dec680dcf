import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createReply } from '../../codecs/smtp/reply.ts'
import type { SmtpHandler } from './handler.ts'
import { RECIPIENT_OK } from './replies.ts'
import { openSmtpServer, type SmtpServer } from './server.ts'
import type { SmtpServerOptions, SmtpServerProblem } from './server-options.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { openRawClient, type RawClient } from './testing/raw-peer.ts'

const FROM = 'MAIL FROM:<+15550100123/TYPE=PLMN@a.example>'
const TO = 'RCPT TO:<+15550100456/TYPE=PLMN@b.example>'

async function open(
  t: TestContext,
  options: Partial<SmtpServerOptions> = {},
): Promise<{ server: SmtpServer; port: number; problems: SmtpServerProblem[] }> {
  const problems: SmtpServerProblem[] = []
  const server = await openSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'mm4.example',
    handler: createKeepingHandler(),
    onProblem: (problem) => problems.push(problem),
    ...options,
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  return { server, port: server.address.port, problems }
}

async function askAll(client: RawClient, lines: readonly string[]): Promise<string> {
  let last = ''
  for (const line of lines) last = await client.ask(line)
  return last
}

test('a message arrives with its envelope and without its stuffed dots', async (t) => {
  const handler = createKeepingHandler()
  const { port } = await open(t, { handler })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c.example', `${FROM} SIZE=20 BODY=8BITMIME`, TO])
  assert.match(await client.ask('DATA'), /^354 /)
  assert.equal(await client.ask('a\r\n..b\r\n.'), '250 2.0.0 Kept 1')
  assert.deepEqual(handler.kept[0]?.envelope.to, ['+15550100456/TYPE=PLMN@b.example'])
  assert.equal(handler.kept[0]?.envelope.from, '+15550100123/TYPE=PLMN@a.example')
  assert.equal(handler.kept[0]?.envelope.params.get('SIZE'), '20')
  assert.equal(handler.kept[0]?.body, 'a\r\n.b\r\n')
  assert.equal(await client.ask('QUIT'), '221 2.0.0 Bye')
  assert.equal(await client.untilClosed(), '')
})

test('replies to a pipelined burst come in their order and in one write', async (t) => {
  const { port } = await open(t)
  const client = await openRawClient(port)
  const before = client.chunks
  client.send(`HELO c\r\n${FROM}\r\n${TO}\r\n${TO}\r\nNOOP\r\nRSET\r\nDATA\r\n`)
  const codes = []
  for (let index = 0; index < 7; index++) codes.push((await client.reply()).slice(0, 3))
  assert.deepEqual(codes, ['250', '250', '250', '250', '250', '250', '503'])
  assert.equal(client.chunks - before, 1)
})

test('two whole messages in one burst are two messages', async (t) => {
  const handler = createKeepingHandler()
  const { port } = await open(t, { handler })
  const client = await openRawClient(port)
  const one = `${FROM}\r\n${TO}\r\nDATA\r\nx\r\n.\r\n`
  client.send(`EHLO c\r\n${one}${one}QUIT\r\n`)
  await client.untilClosed()
  assert.equal(handler.kept.length, 2)
})

test('EHLO offers what the server does, and AUTH and STARTTLS only where they work', async (t) => {
  const { port } = await open(t, { limits: { messageBytesMax: 5000 } })
  const client = await openRawClient(port)
  assert.equal(
    await client.ask('EHLO c'),
    '250-mm4.example\r\n250-PIPELINING\r\n250-SIZE 5000\r\n250-8BITMIME\r\n250-CHUNKING\r\n250 ENHANCEDSTATUSCODES',
  )
  assert.equal(await client.ask('HELO c'), '250 mm4.example')
})

const ORDER: readonly (readonly [lines: readonly string[], code: string])[] = [
  [[FROM], '503 5.5.1'],
  [['EHLO c', TO], '503 5.5.1'],
  [['EHLO c', 'DATA'], '503 5.5.1'],
  [['EHLO c', FROM, FROM], '503 5.5.1'],
  [['EHLO c', FROM, 'DATA'], '554 5.5.1'],
  [['EHLO c', FROM, 'RSET', TO], '503 5.5.1'],
  [['EHLO c', FROM, 'EHLO c', TO], '503 5.5.1'],
  [['EHLO c', `${FROM} SIZE=99999999999`], '552 5.3.4'],
  [['EHLO c', `${FROM} SIZE=many`], '501 5.5.4'],
  [['EHLO c', `${FROM} BODY=BINARYMIME`], '555 5.5.4'],
  [['EHLO c', `${FROM} RET=FULL`], '555 5.5.4'],
  [['EHLO c', FROM, `${TO} NOTIFY=NEVER`], '555 5.5.4'],
  [['EHLO c', 'MAIL FROM:<a b>'], '501 5.1.7'],
  [['EHLO c', FROM, 'RCPT TO:<>'], '501 5.1.3'],
  [['EHLO'], '501 5.5.4'],
  [['VRFY someone'], '252 2.1.5'],
  [['STARTTLS'], '502 5.5.1'],
  [['AUTH PLAIN'], '502 5.5.1'],
  [['EXPN list'], '500 5.5.1'],
  [['HELP'], '214 2.0.0'],
  [['BDAT 0 LAST'], '503 5.5.1'],
  [['GET / HTTP/1.1'], '554 5.5.1'],
]

test('every command out of place gets the reply it earns', async (t) => {
  const { port } = await open(t)
  for (const [lines, code] of ORDER) {
    const client = await openRawClient(port)
    assert.equal((await askAll(client, lines)).slice(0, 9), code, lines.join(' / '))
    client.socket.destroy()
  }
})

test('a recipient is refused unless the handler says yes', async (t) => {
  const handler = createKeepingHandler({ rcpt: () => undefined })
  const { port } = await open(t, { handler })
  const client = await openRawClient(port)
  const answer = await askAll(client, ['EHLO c', FROM, TO])
  assert.equal(answer, '550 5.7.1 Relaying denied')
})

test('the handler may refuse a connection, a sender and the data', async (t) => {
  const refuse = (code: number, enhanced: string) => createReply(code, enhanced, 'no')
  const shy = await open(t, {
    handler: createKeepingHandler({ connect: () => refuse(554, '5.7.1') }),
  })
  const turnedAway = await openRawClient(shy.port, false)
  assert.equal(await turnedAway.untilClosed(), '554 5.7.1 no\r\n')
  const picky = await open(t, {
    handler: createKeepingHandler({
      mail: async (from) => (from === '' ? refuse(550, '5.1.8') : undefined),
      data: async () => refuse(452, '4.3.1'),
    }),
  })
  const client = await openRawClient(picky.port)
  assert.equal(await askAll(client, ['EHLO c', 'MAIL FROM:<>']), '550 5.1.8 no')
  assert.equal(await askAll(client, [FROM, TO, 'DATA']), '452 4.3.1 no')
  assert.equal(await client.ask('NOOP'), '250 2.0.0 OK')
})

const THROWING: readonly (readonly [name: string, overrides: Partial<SmtpHandler>])[] = [
  ['mail throws', { mail: () => fail() }],
  ['mail rejects', { mail: async () => fail() }],
  ['rcpt throws', { rcpt: () => fail() }],
  ['data throws', { data: () => fail() }],
  ['push throws', { data: () => ({ push: () => fail(), end: () => fail(), abort: () => {} }) }],
  [
    'push rejects and abort throws',
    { data: () => ({ push: async () => fail(), end: () => fail(), abort: () => fail() }) },
  ],
  ['end rejects', { data: () => ({ push: () => {}, end: async () => fail(), abort: () => {} }) }],
]

function fail(): never {
  throw new Error('disk on fire')
}

for (const [name, overrides] of THROWING) {
  test(`when ${name} the peer hears 451 4.3.0 and the connection lives on`, async (t) => {
    const { port, problems } = await open(t, { handler: createKeepingHandler(overrides) })
    const client = await openRawClient(port)
    client.send(`EHLO c\r\n${FROM}\r\n${TO}\r\nDATA\r\n`)
    let answer = ''
    while (!answer.startsWith('451') && !answer.startsWith('354')) answer = await client.reply()
    if (answer.startsWith('354')) answer = await client.ask('a\r\nb\r\n.')
    assert.equal(answer.slice(0, 9), '451 4.3.0')
    assert.equal(problems[0]?.kind, 'handler-failed')
    client.send('RSET\r\nNOOP\r\n')
    while (answer !== '250 2.0.0 OK') answer = await client.reply()
  })
}

test('one recipient too many gets 452 and the others stay', async (t) => {
  const handler = createKeepingHandler()
  const { port } = await open(t, { handler, limits: { recipientsMax: 2 } })
  const client = await openRawClient(port)
  assert.equal((await askAll(client, ['EHLO c', FROM, TO, TO, TO])).slice(0, 9), '452 4.5.3')
  await askAll(client, ['DATA', 'x\r\n.'])
  assert.equal(handler.kept[0]?.envelope.to.length, 2)
})

test('a message too large is read to its end, answered 552 and forgotten', async (t) => {
  const handler = createKeepingHandler()
  const { port } = await open(t, { handler, limits: { messageBytesMax: 1000 } })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  const answer = await client.ask(`${'x'.repeat(70)}\r\n`.repeat(20).concat('.'))
  assert.equal(answer, '552 5.3.4 Message too large')
  assert.deepEqual(handler.aborts, ['too-large'])
  assert.equal(handler.kept.length, 0)
  assert.equal(await client.ask('NOOP'), '250 2.0.0 OK')
})

test('a flood beyond twice the limit is cut', async (t) => {
  const { port } = await open(t, { limits: { messageBytesMax: 1000 } })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  client.send(`${'x'.repeat(70)}\r\n`.repeat(100))
  assert.equal(await client.untilClosed(), '552 5.3.4 Message too large\r\n')
})

test('a command line too long, or with a bare line end, ends the session', async (t) => {
  const { port } = await open(t)
  for (const [line, answer] of [
    ['x'.repeat(3000), '500 5.5.6'],
    ['NOOP\nNOOP\r\n', '550 5.5.2'],
    ['NOOP\rNOOP\r\n', '550 5.5.2'],
  ] as const) {
    const client = await openRawClient(port)
    client.send(line)
    assert.equal((await client.untilClosed()).slice(0, 9), answer)
  }
})

test('too many errors end the session, and an accepted message clears the count', async (t) => {
  const { port } = await open(t, { limits: { errorsMax: 3 } })
  const client = await openRawClient(port)
  await askAll(client, ['X', 'X', 'EHLO c', FROM, TO, 'DATA', 'x\r\n.', 'X', 'X'])
  client.send('X\r\n')
  assert.match(await client.untilClosed(), /^500 .*\r\n421 4\.7\.0 Too many errors\r\n$/)
})

test('sessions are counted in all and per address, and a place is free again at once', async (t) => {
  for (const limits of [{ sessionsMax: 2 }, { sessionsPerAddressMax: 2 }]) {
    const { port, server } = await open(t, { limits })
    const first = await openRawClient(port)
    await openRawClient(port)
    const third = await openRawClient(port, false)
    assert.equal(await third.untilClosed(), '421 4.7.0 Too many connections\r\n')
    await first.ask('QUIT')
    while (server.sessionCount > 1) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(await (await openRawClient(port)).ask('NOOP'), '250 2.0.0 OK')
  }
})

test('a peer that drips half a command is told the time is over', async (t) => {
  const { port } = await open(t, { limits: { commandTimeoutMs: 60 } })
  const client = await openRawClient(port)
  const drip = setInterval(() => client.send('N'), 15)
  t.after(() => clearInterval(drip))
  assert.equal(await client.untilClosed(), '421 4.4.2 Timed out waiting for you\r\n')
})

test('a message that stops, or drips on and on, is aborted', async (t) => {
  for (const limits of [{ dataTimeoutMs: 60 }, { dataTotalTimeoutMs: 120, lingerMs: 80 }]) {
    const handler = createKeepingHandler()
    const { port } = await open(t, { handler, limits })
    const client = await openRawClient(port)
    await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
    const drip =
      'dataTotalTimeoutMs' in limits ? setInterval(() => client.send('x'), 20) : undefined
    assert.equal((await client.untilClosed()).slice(0, 9), '421 4.4.2')
    clearInterval(drip)
    assert.deepEqual(handler.aborts, ['timeout'])
  }
})

test('a peer that hangs up in the middle of a message leaves nothing behind', async (t) => {
  const ended = deferred()
  const handler = createKeepingHandler({
    data: () => ({
      push: () => {},
      end: () => fail(),
      abort: (because) => ended.resolve(because),
    }),
  })
  const { port } = await open(t, { handler })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  client.send('half a message\r\n.\r')
  client.socket.end()
  assert.equal(await ended.promise, 'closed')
})

test('a peer that closes its side after the dot still gets its reply', async (t) => {
  const { port } = await open(t)
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  client.socket.end('x\r\n.\r\n')
  assert.equal(await client.untilClosed(), '250 2.0.0 Kept 1\r\n')
})

test('a handler that is slow to take bytes slows the peer, not the memory', async (t) => {
  const gate = deferred()
  let bytes = 0
  const handler = createKeepingHandler({
    data: () => ({
      async push(chunk) {
        bytes += chunk.length
        await gate.promise
      },
      end: () => createReply(250, '2.0.0', String(bytes)),
      abort: () => {},
    }),
  })
  const { port } = await open(t, { handler, limits: { messageBytesMax: 64_000_000 } })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  const body = Buffer.alloc(40_000_000, `${'x'.repeat(78)}\r\n`)
  client.send(body)
  while (bytes === 0) await turns(1)
  await turns(200)
  assert.ok(bytes <= 65_536, `${bytes} bytes were pushed while the handler was busy`)
  assert.ok(client.socket.writableLength > 0)
  gate.resolve('')
  assert.equal(await client.ask('.'), `250 2.0.0 ${body.length}`)
})

test('close lets a message come to its end and answers commands with 421', async (t) => {
  const handler = createKeepingHandler()
  const { server, port } = await open(t, { handler })
  const [idleClient, busyClient] = [await openRawClient(port), await openRawClient(port)]
  await askAll(busyClient, ['EHLO c', FROM, TO, 'DATA'])
  const closed = server.close({ deadlineMs: 5000 })
  assert.equal(await idleClient.untilClosed(), '421 4.3.2 Service shutting down\r\n')
  busyClient.send('x\r\n.\r\n')
  assert.match(await busyClient.untilClosed(), /^250 2\.0\.0 Kept 1\r\n421 4\.3\.2 /)
  await closed
  assert.equal(server.sessionCount, 0)
})

test('close cuts what is left after its deadline', async (t) => {
  const handler = createKeepingHandler()
  const { server, port } = await open(t, { handler })
  const client = await openRawClient(port)
  await askAll(client, ['EHLO c', FROM, TO, 'DATA'])
  await server.close({ deadlineMs: 30 })
  assert.deepEqual(handler.aborts, ['shutdown'])
  assert.equal(await client.untilClosed(), '')
})

const PLAIN = Buffer.from('\0peer\0secret').toString('base64')
const [USER, PASSWORD] = ['peer', 'secret'].map((text) => Buffer.from(text).toString('base64'))

test('AUTH works both ways where a password in clear is allowed', async (t) => {
  const seen: (string | undefined)[] = []
  const handler = createKeepingHandler({
    auth: async (user, password) => user === 'peer' && password === 'secret',
    rcpt: (_to, _params, session) => {
      seen.push(session.user)
      return RECIPIENT_OK
    },
  })
  const { port } = await open(t, { handler, allowPlainAuth: true })
  for (const exchange of [
    [`AUTH PLAIN ${PLAIN}`],
    ['AUTH PLAIN', PLAIN],
    ['AUTH LOGIN', `${USER}`, `${PASSWORD}`],
    [`auth login ${USER}`, `${PASSWORD}`],
  ]) {
    const client = await openRawClient(port)
    assert.match(await client.ask('EHLO c'), /AUTH PLAIN LOGIN/)
    assert.equal((await askAll(client, exchange)).slice(0, 9), '235 2.7.0')
    await askAll(client, [`${FROM} AUTH=<>`, TO])
    client.socket.destroy()
  }
  assert.deepEqual(seen, ['peer', 'peer', 'peer', 'peer'])
})

test('AUTH is refused in clear, when cancelled, broken or wrong; the third time for good', async (t) => {
  const handler = createKeepingHandler({ auth: async () => false })
  const clear = await open(t, { handler })
  const careless = await openRawClient(clear.port)
  assert.doesNotMatch(await careless.ask('EHLO c'), /AUTH/)
  assert.equal((await careless.ask(`AUTH PLAIN ${PLAIN}`)).slice(0, 10), '538 5.7.11')
  const { port } = await open(t, { handler, allowPlainAuth: true })
  const client = await openRawClient(port)
  assert.equal((await askAll(client, ['EHLO c', 'AUTH LOGIN', '*'])).slice(0, 9), '501 5.7.0')
  assert.equal((await askAll(client, ['AUTH PLAIN ????'])).slice(0, 9), '501 5.5.2')
  assert.equal((await askAll(client, ['AUTH CRAM-MD5'])).slice(0, 9), '504 5.5.4')
  await askAll(client, [`AUTH PLAIN ${PLAIN}`, `AUTH PLAIN ${PLAIN}`])
  client.send(`AUTH PLAIN ${PLAIN}\r\n`)
  assert.equal((await client.untilClosed()).slice(0, 9), '535 5.7.8')
})

function deferred(): { promise: Promise<string>; resolve: (value: string) => void } {
  let resolve: (value: string) => void = () => {}
  const promise = new Promise<string>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** Lets what could still happen happen: there is no event for "nothing more was read". */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
