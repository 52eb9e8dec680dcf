import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { openSmtpServer } from './server.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { openRawClient, type RawClient } from './testing/raw-peer.ts'

/** Every way to end a message that some server on the way might take for the real one. */
const FAKE_ENDS: readonly (readonly [name: string, bytes: string])[] = [
  ['LF . LF', '\n.\n'],
  ['LF . CRLF', '\n.\r\n'],
  ['CRLF . LF', '\r\n.\n'],
  ['CR . CR', '\r.\r'],
  ['CR . CRLF', '\r.\r\n'],
  ['CRLF . CR', '\r\n.\r'],
  ['LF . CR', '\n.\r'],
  ['CR . LF', '\r.\n'],
  ['CR CRLF . CRLF', '\r\r\n.\r\n'],
  ['CRLF . CR CRLF', '\r\n.\r\r\n'],
  ['LF CRLF . CRLF', '\n\r\n.\r\n'],
  ['NUL-padded LF . LF', '\0\n.\0\n'],
]

const SMUGGLED =
  'MAIL FROM:<boss@b.example>\r\nRCPT TO:<victim@b.example>\r\nDATA\r\nhello\r\n.\r\nQUIT\r\n'

type Delivery = (client: RawClient, bytes: Buffer) => Promise<void>

const DELIVERIES: readonly (readonly [name: string, deliver: Delivery])[] = [
  ['in one piece', async (client, bytes) => client.send(bytes)],
  ['byte by byte', (client, bytes) => sendPieces(client, bytes, 1)],
  ['in threes', (client, bytes) => sendPieces(client, bytes, 3)],
  [
    'with a pause inside the mark',
    async (client, bytes) => {
      const inside = bytes.indexOf('.')
      await sendPieces(client, bytes, inside)
    },
  ],
  [
    'with the whole dialogue before it',
    async (client, bytes) => client.send(Buffer.concat([Buffer.from('RSET\r\n'), OPENING, bytes])),
  ],
]

const OPENING = Buffer.from('MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n')

async function sendPieces(client: RawClient, bytes: Buffer, size: number): Promise<void> {
  for (let from = 0; from < bytes.length && !client.socket.destroyed; from += size) {
    if (!client.socket.write(bytes.subarray(from, from + size))) {
      await Promise.race([once(client.socket, 'drain'), client.untilClosed()])
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

for (const [end, mark] of FAKE_ENDS) {
  for (const [delivered, deliver] of DELIVERIES) {
    test(`${end}, sent ${delivered}, smuggles nothing and is refused`, async (t) => {
      const handler = createKeepingHandler()
      const server = await openSmtpServer({
        host: '127.0.0.1',
        port: 0,
        hostname: 'mm4.example',
        handler,
      })
      t.after(() => server.close({ deadlineMs: 0 }))
      const client = await openRawClient(server.address.port)
      await client.ask('EHLO c.example')
      if (delivered !== 'with the whole dialogue before it') {
        client.send(OPENING)
        for (let index = 0; index < 3; index++) await client.reply()
      }
      const attack = Buffer.from(`Subject: x\r\n\r\nhello${mark}${SMUGGLED}`)
      await deliver(client, attack)
      assert.match(await client.untilClosed(), /550 5\.5\.2 [^\r]*\r\n$/)
      assert.equal(handler.kept.length, 0)
      assert.ok(handler.aborts.length === 1 && handler.aborts[0]?.startsWith('bare-'))
    })
  }
}

test('whatever bytes come, the server keeps answering the next peer', async (t) => {
  const handler = createKeepingHandler()
  const server = await openSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'mm4.example',
    handler,
    limits: { messageBytesMax: 10_000 },
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  const line = fc.constantFrom(
    'EHLO c\r\n',
    'MAIL FROM:<a@b>\r\n',
    'RCPT TO:<c@d>\r\n',
    'DATA\r\n',
    'text\r\n',
    '..\r\n',
    '.\r\n',
    'RSET\r\n',
    'AUTH PLAIN\r\n',
    'STARTTLS\r\n',
    '\n',
    '\r',
  )
  const noise = fc
    .uint8Array({ maxLength: 30 })
    .map((bytes) => Buffer.from(bytes).toString('latin1'))
  const script = fc.array(fc.oneof({ weight: 5, arbitrary: line }, noise), { maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(script, async (pieces) => {
      const client = await openRawClient(server.address.port)
      client.socket.end(Buffer.from(pieces.join(''), 'latin1'))
      await client.untilClosed()
      const next = await openRawClient(server.address.port)
      assert.equal(await next.ask('NOOP'), '250 2.0.0 OK')
      next.socket.destroy()
    }),
    { numRuns: 60 },
  )
})
