import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openSmtpServer } from './server.ts'
import type { SmtpServerLimits } from './server-options.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { openRawClient } from './testing/raw-peer.ts'

const FROM = 'MAIL FROM:<a@a.example>'
const TO = 'RCPT TO:<b@b.example>'
const MESSAGE = 'Subject: x\r\n\r\n..two dots\r\n.\r\nand the rest\r\n'

async function open(t: TestContext, limits: Partial<SmtpServerLimits> = {}) {
  const handler = createKeepingHandler()
  const server = await openSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'mm4.example',
    handler,
    limits,
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  const client = await openRawClient(server.address.port)
  await client.ask('EHLO c.example')
  return { handler, client }
}

/** The same message in pieces of this size, each with its command. */
function chunksOf(message: string, size: number): string {
  let text = ''
  for (let from = 0; from < message.length; from += size) {
    const piece = message.slice(from, from + size)
    const last = from + size >= message.length ? ' LAST' : ''
    text += `BDAT ${piece.length}${last}\r\n${piece}`
  }
  return text
}

for (const size of [1, 2, 7, 16, MESSAGE.length]) {
  for (const written of ['in one write', 'byte by byte'] as const) {
    test(`a message in chunks of ${size}, ${written}, arrives as it is, dots and all`, async (t) => {
      const { handler, client } = await open(t)
      const text = `${FROM}\r\n${TO}\r\n${chunksOf(MESSAGE, size)}NOOP\r\n`
      if (written === 'in one write') client.send(text)
      else {
        for (const byte of text) {
          client.send(byte)
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const chunks = Math.ceil(MESSAGE.length / size)
      const replies = []
      for (let reply = 0; reply < chunks + 3; reply += 1) replies.push(await client.reply())
      assert.equal(replies.at(-1), '250 2.0.0 OK')
      assert.equal(replies.at(-2), '250 2.0.0 Kept 1')
      assert.ok(replies.slice(2, -2).every((reply) => /^250 2\.0\.0 \d+ octets/.test(reply)))
      assert.equal(handler.kept[0]?.body, MESSAGE)
    })
  }
}

test('an empty last chunk ends what the chunks before it brought', async (t) => {
  const { handler, client } = await open(t)
  await client.ask(FROM)
  await client.ask(TO)
  client.send(`BDAT ${MESSAGE.length}\r\n${MESSAGE}`)
  assert.match(await client.reply(), /^250 2\.0\.0 \d+ octets/)
  assert.match(await client.ask('BDAT 0 LAST'), /^250 2\.0\.0 Kept 1/)
  assert.equal(handler.kept[0]?.body, MESSAGE)
})

// biome-ignore format: a table
const faults: readonly (readonly [string, string])[] = [
  ['a bare LF', '\n'], ['a bare CR', '\r'], ['CR CR LF', '\r\r\n'], ['LF . LF', '\n.\n'],
  ['LF . CRLF', '\n.\r\n'], ['CRLF . LF', '\r\n.\n'], ['CR . CR', '\r.\r'], ['CR . CRLF', '\r.\r\n'],
]

for (const [name, bytes] of faults) {
  for (const size of [1, 2, 3, 1000]) {
    test(`${name} inside chunks of ${size} is refused, and nothing of it is kept`, async (t) => {
      const { handler, client } = await open(t)
      await client.ask(FROM)
      await client.ask(TO)
      client.send(chunksOf(`Subject: x\r\n\r\nhello${bytes}MAIL FROM:<boss@b.example>\r\n`, size))
      assert.match(await client.untilClosed(), /550 5\.5\.2 [^\r]*\r\n$/)
      assert.equal(handler.kept.length, 0)
      assert.ok(handler.aborts[0]?.startsWith('bare-'))
    })
  }
}

test('a CR at the very end is a bare one', async (t) => {
  const { handler, client } = await open(t)
  await client.ask(FROM)
  await client.ask(TO)
  client.send('BDAT 6 LAST\r\nhello\r')
  assert.match(await client.untilClosed(), /^550 5\.5\.2/)
  assert.equal(handler.kept.length, 0)
})

test('the bytes of a chunk nobody asked for are read and never obeyed', async (t) => {
  const { handler, client } = await open(t)
  const smuggled = `${FROM}\r\n${TO}\r\nDATA\r\n`
  client.send(`BDAT ${smuggled.length} LAST\r\n${smuggled}NOOP\r\n`)
  assert.match(await client.reply(), /^503 5\.5\.1 Send MAIL first/)
  assert.equal(await client.reply(), '250 2.0.0 OK')
  assert.equal(handler.kept.length, 0)
})

test('DATA has no place in a message that comes in chunks, and RSET forgets it', async (t) => {
  const { handler, client } = await open(t)
  await client.ask(FROM)
  await client.ask(TO)
  client.send('BDAT 4\r\nhell')
  await client.reply()
  assert.match(await client.ask('DATA'), /^503 5\.5\.1/)
  assert.match(await client.ask('RSET'), /^250/)
  assert.deepEqual(handler.aborts, ['closed'])
  assert.match(await client.ask('BDAT 0 LAST'), /^503 5\.5\.1 Send MAIL first/)
})

test('chunks above the limit are refused, and what follows of them until RSET', async (t) => {
  const { handler, client } = await open(t, { messageBytesMax: 10 })
  await client.ask(FROM)
  await client.ask(TO)
  client.send('BDAT 8\r\n12345678BDAT 8\r\n12345678BDAT 8 LAST\r\n12345678')
  assert.match(await client.reply(), /^250/)
  assert.match(await client.reply(), /^552 5\.3\.4/)
  assert.match(await client.reply(), /^503 5\.5\.1/)
  assert.deepEqual([handler.kept.length, handler.aborts], [0, ['too-large']])
  await client.ask('RSET')
  assert.match(await client.ask(FROM), /^250/)
})

test('a chunk far above the limit ends the connection at once', async (t) => {
  const { client } = await open(t, { messageBytesMax: 10 })
  await client.ask(FROM)
  client.send('BDAT 999999999999 LAST\r\n')
  assert.match(await client.untilClosed(), /^552 5\.3\.4/)
})
