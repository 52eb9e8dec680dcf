/** Whatever is thrown at the doors: a named answer or a closed line, bounded memory, and others served. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { hearOut, leaveEarly, openUnderFire } from '../support/gateway-under-fire.ts'
import { exchange, ordinaryParts, SMIL, writeRequest } from '../support/mm7-client.ts'

const MIB = 1024 * 1024
const GROWTH_BYTES_MAX = 64 * MIB
const PATIENCE_MS = 1000
const SETTINGS = [
  `http.headersTimeoutMs=${PATIENCE_MS}`,
  `http.requestTimeoutMs=${2 * PATIENCE_MS}`,
  `smtp.commandTimeoutMs=${PATIENCE_MS}`,
  `smtp.dataTimeoutMs=${PATIENCE_MS}`,
]
const garbage = randomBytes(10 * MIB)
const TLS_HELLO = Buffer.from('16030100c8010000c40303', 'hex')
const MAIL =
  'EHLO c.example\r\nMAIL FROM:<x@mms.sandbox.example>\r\nRCPT TO:<12345@carillon.localhost>\r\nDATA\r\n'
const deep = `${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`
const manyParts = Array.from({ length: 500 }, (_, part) => ({
  contentType: 'text/plain',
  contentId: `p${part}`,
  body: [Buffer.from('x')],
}))
const inEnvelope = (inside: string) => ({
  envelope: (xml: string) => xml.replace(/<Subject>[^<]*/, `<Subject>${inside}`),
})
const garbageBody = {
  body: (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 60), garbage]),
}

// biome-ignore format: a table
const answered: readonly (readonly [string, (ports: { http: number; smtp: number }) => Promise<string>, RegExp])[] = [
  ['10 MB of garbage at the HTTP door',           ({ http }) => hearOut(http, garbage),                                     /^HTTP\/1\.1 4|^$/],
  ['10 MB of garbage at the SMTP door',           ({ smtp }) => hearOut(smtp, garbage),                                     /^220 /],
  ['10 MB of garbage as a body',                  ({ http }) => codeOf(http, garbageBody),                                  /^2007$/],
  ['10 MB of garbage as a mail',                  ({ smtp }) => hearOut(smtp, Buffer.concat([Buffer.from(MAIL), garbage])), /\r\n5\d\d /],
  ['a mail of 11 MB in one line',                 ({ smtp }) => hearOut(smtp, `${MAIL}${'x'.repeat(11 * MIB)}\r\n.\r\nQUIT\r\n`), /\r\n55[24] /],
  ['a mail declared as 11 MB',                    ({ smtp }) => hearOut(smtp, `EHLO c\r\nMAIL FROM:<x@c.example> SIZE=${11 * MIB}\r\nQUIT\r\n`), /\r\n552 5\.3\.4/],
  ['a header block of 1 MB in a mail',            ({ smtp }) => hearOut(smtp, `${MAIL}${'X-A: y\r\n'.repeat(130_000)}\r\n.\r\nQUIT\r\n`), /\r\n55\d /],
  ['HTTP at the SMTP door',                       ({ smtp }) => hearOut(smtp, 'POST /mm7/sinch HTTP/1.1\r\nHost: x\r\n\r\n'), /^220 [\s\S]*\r\n(421|5\d\d) /],
  ['SMTP at the HTTP door',                       ({ http }) => hearOut(http, 'EHLO c.example\r\n\r\n'),                    /^HTTP\/1\.1 400 /],
  ['a TLS hello at the plain HTTP door',          ({ http }) => hearOut(http, TLS_HELLO),                                   /^$/],
  ['a TLS hello at the SMTP door, then silence',  ({ smtp }) => hearOut(smtp, TLS_HELLO),                                   /^220 /],
  ['an HTTP head of 64 KB',                       ({ http }) => hearOut(http, `POST / HTTP/1.1\r\nX: ${'y'.repeat(65_536)}\r\n\r\n`), /^HTTP\/1\.1 431 /],
  ['a command of 1 MB',                           ({ smtp }) => hearOut(smtp, 'x'.repeat(MIB)),                             /\r\n500 /],
  ['5,000 levels of XML',                         ({ http }) => codeOf(http, inEnvelope(deep)),                             /^2007$/],
  ['50,000 elements of XML',                      ({ http }) => codeOf(http, inEnvelope('<a/>'.repeat(50_000))),            /^2007$/],
  ['an envelope of 1 MB',                         ({ http }) => codeOf(http, inEnvelope('x'.repeat(MIB))),                  /^2007$/],
  ['500 parts',                                   ({ http }) => codeOf(http, { parts: manyParts }),                         /^2007$/],
  ['a declared length of a terabyte',             ({ http }) => codeOf(http, { headers: { 'Content-Length': String(1024 ** 4) } }), /^2560$/],
]

async function codeOf(port: number, draft: Parameters<typeof writeRequest>[0]): Promise<string> {
  return (await exchange(port, writeRequest(draft))).code
}

test('hostile bytes get their answer, memory stays bounded, and other clients are served', async (t) => {
  const gateway = await openUnderFire(t, SETTINGS)
  const { ports, run } = gateway
  // What ordinary traffic of this size takes is no growth.
  for (let count = 0; count < 30; count += 1) await gateway.send()
  const large = { parts: ordinaryParts(Buffer.alloc(4 * MIB)) }
  for (let count = 0; count < 5; count += 1) {
    await Promise.all([codeOf(ports.http, large), codeOf(ports.http, large)])
  }
  const before = await gateway.residentBytes()

  for (const [name, attack, expected] of answered) {
    await t.test(name, async () => {
      const attacks = Promise.all([attack(ports), attack(ports)])
      const served = await gateway.send()
      assert.equal(served.code, '1000', 'a client meanwhile')
      for (const heard of await attacks) assert.match(heard, expected)
    })
  }

  await t.test('200 slow requests and 80 slow mails are cut off in time', async () => {
    const begun = (port: number, text: string, count: number) =>
      Array.from({ length: count }, () => hearOut(port, text))
    const slow = Promise.all([
      ...begun(ports.http, 'POST /mm7/sinch HTTP/1.1\r\nHo', 100),
      ...begun(
        ports.http,
        'POST /mm7/sinch HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: 99\r\n\r\n<',
        100,
      ),
      ...begun(ports.smtp, 'EHL', 40),
      ...begun(ports.smtp, `${MAIL}Subject: x`, 40),
    ])
    for (let count = 0; count < 10; count += 1) assert.equal((await gateway.send()).code, '1000')
    const ends = await slow
    for (const end of ends.slice(0, 200)) assert.match(end, /^HTTP\/1\.1 408 |^$/)
    for (const end of ends.slice(200)) assert.match(end, /\r\n421 4\.4\.2/)
  })

  await t.test(
    '100 clients that leave in the middle of an upload leave nothing behind',
    async () => {
      const request = writeRequest({ parts: ordinaryParts(Buffer.alloc(MIB)) })
      for (let count = 0; count < 100; count += 1) {
        await leaveEarly(ports.http, request.subarray(0, 600_000))
      }
      assert.equal((await gateway.send()).code, '1000')
    },
  )

  const growth = (await gateway.residentBytes()) - before
  t.diagnostic(`resident memory grew by ${(growth / MIB).toFixed(0)} MiB`)
  assert.ok(growth < GROWTH_BYTES_MAX, `grew by ${(growth / MIB).toFixed(0)} MiB`)
  run.child.kill('SIGTERM')
  const { code, stderr } = await run.ended
  assert.equal(code, 0)
  assert.doesNotMatch(stderr, /"level":"(error|fatal)"/)
})

test('folded headers, as real clients write them, are read', async (t) => {
  const gateway = await openUnderFire(t, [])
  for (const fold of ['\r\n ', '\r\n\t']) {
    const plain = writeRequest({
      parts: [{ contentType: 'application/smil', body: [Buffer.from(SMIL)] }],
    })
    const head = plain.subarray(0, plain.indexOf('\r\n\r\n')).toString('latin1')
    const folded = head.replace('multipart/related; ', `multipart/related;${fold}`)
    assert.notEqual(folded, head)
    const bytes = Buffer.concat([Buffer.from(folded, 'latin1'), plain.subarray(head.length)])
    assert.equal((await exchange(gateway.ports.http, bytes)).code, '1000')
  }
})
