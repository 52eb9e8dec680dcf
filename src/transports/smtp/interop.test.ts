/** Two well-known implementations as oracles: what we say they understand, and the reverse. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { openSmtpPool } from './pool.ts'
import { openSmtpServer } from './server.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'

const FROM = '+15550100123/TYPE=PLMN@a.example'
const TO = ['+15550100456/TYPE=PLMN@b.example', '+15550100789/TYPE=PLMN@b.example']
const BODY = `Subject: dots\r\n\r\n.\r\n..\r\n.begin\r\nend.\r\n${'long line '.repeat(90)}\r\n`

test('nodemailer delivers to our server, in clear with a password', async (t) => {
  const handler = createKeepingHandler({ auth: async (user) => user === 'peer' })
  const server = await openSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'mm4.example',
    handler,
    allowPlainAuth: true,
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  const transport = createTransport({
    host: '127.0.0.1',
    port: server.address.port,
    pool: true,
    auth: { user: 'peer', pass: 'secret' },
  })
  t.after(() => transport.close())
  for (let count = 0; count < 3; count++) {
    await transport.sendMail({ envelope: { from: FROM, to: TO }, raw: BODY })
  }
  assert.equal(handler.kept.length, 3)
  assert.deepEqual(handler.kept[0]?.envelope.to, TO)
  assert.equal(handler.kept[0]?.body, BODY)
})

test('our client delivers to smtp-server, pipelined and with a password', async (t) => {
  const received: { from: string | undefined; to: string[]; body: string }[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) =>
      auth.username === 'peer' && auth.password === 'secret'
        ? done(null, { user: auth.username })
        : done(new Error('wrong')),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? undefined : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          body: Buffer.concat(chunks).toString(),
        })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  const listener = server.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const settings = { host: '127.0.0.1', port, helloName: 'c.example', allowPlainAuth: true }
  const pool = openSmtpPool({ ...settings, auth: { user: 'peer', password: 'secret' } })
  t.after(() => pool.close(0))
  const data = [Buffer.from(BODY)]
  for (let count = 0; count < 3; count++) {
    const result = await pool.send({ from: FROM, to: TO, data, sizeBytes: BODY.length })
    assert.equal(result.kind, 'accepted')
  }
  assert.deepEqual(received, Array(3).fill({ from: FROM, to: TO, body: BODY }))
  const wrong = openSmtpPool({ ...settings, auth: { user: 'peer', password: 'guess' } })
  t.after(() => wrong.close(0))
  const refused = await wrong.send({ from: FROM, to: TO, data })
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  assert.ok(refused.kind === 'refused' && refused.phase === 'auth' && refused.reply.code === 535)
})
