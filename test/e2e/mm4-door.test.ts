/** The MM4 door towards real peers: who may come in, what is answered, what is delivered once. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import { hashPassword } from '../../src/config/secret.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import {
  callDoor,
  forwardFields,
  handOver,
  nextResponse,
  OURS,
  THEIRS,
  writeMail,
} from '../support/mm4-client.ts'
import { GATEWAY_DOMAIN, SENDER, startGateway, type World } from '../support/start-gateway.ts'

const delivers = ({ vasp }: World) => vasp.posts.all.filter(({ deliver }) => deliver !== undefined)

test('a stranger is refused before it can name anybody', async (t) => {
  const world = await startGateway(t, { mm4: { fromAddresses: ['192.0.2.0/24'] } })
  const client = await callDoor(world.ports.smtp)
  assert.match(await client.ask(`MAIL FROM:<${THEIRS}>`), /^530 5\.7\.0/)
  assert.match(await client.ask(`RCPT TO:<${OURS}>`), /^503/)
  assert.match(await client.ask('DATA'), /^503/)
  client.socket.destroy()
})

test('a peer without a known address comes in by name and password, under TLS only', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const files = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') }
  writeFileSync(files.key, KEY, { mode: 0o600 })
  writeFileSync(files.cert, CERTIFICATE)
  const world = await startGateway(t, {
    mm4: {
      fromAddresses: [],
      peerAuth: { user: 'northern', passwordHash: await hashPassword('aurora') },
    },
    flags: { 'smtp.tls.key': files.key, 'smtp.tls.cert': files.cert },
  })
  const clear = await callDoor(world.ports.smtp)
  const plain = Buffer.from('\0northern\0aurora').toString('base64')
  assert.match(await clear.ask(`AUTH PLAIN ${plain}`), /^538 5\.7\.11/)
  clear.socket.destroy()

  const send = (pass: string) => {
    const auth = { user: 'northern', pass }
    const tls = { ca: CERTIFICATE }
    const transport = createTransport({ host: 'localhost', port: world.ports.smtp, auth, tls })
    const raw = writeMail(forwardFields())
    return transport.sendMail({ envelope: { from: THEIRS, to: [OURS] }, raw })
  }
  await assert.rejects(send('borealis'), { responseCode: 535 })
  await send('aurora')
  assert.equal((await nextResponse(world)).status, 'Ok')
  await world.vasp.posts.next('the message', ({ deliver }) => deliver !== undefined)
})

// biome-ignore format: a table
const paths: readonly (readonly [string, boolean])[] = [
  [OURS,                                              true],
  [`${SENDER}@${GATEWAY_DOMAIN}`,                     true],
  [`+15550100123/TYPE=PLMN@${GATEWAY_DOMAIN}`,        true],
  [`+15550100123/type=plmn@RELAY.gateway.example`,    true],
  [`system@${GATEWAY_DOMAIN}`,                        true],
  ['+15550100123/TYPE=PLMN@mms.elsewhere.example',    false],
  ['somebody@example.org',                            false],
  [`somebody@sub.${GATEWAY_DOMAIN}`,                  false],
  [`somebody@${GATEWAY_DOMAIN}.example.org`,          false],
]

test('nobody is relayed for: a recipient is ours or refused', async (t) => {
  const world = await startGateway(t)
  const client = await callDoor(world.ports.smtp)
  await client.ask(`MAIL FROM:<${THEIRS}>`)
  for (const [path, ours] of paths) {
    const reply = await client.ask(`RCPT TO:<${path}>`)
    assert.match(reply, ours ? /^250 2\.1\.5/ : /^550 5\.7\.1/, path)
  }
  client.socket.destroy()
})

test('a repeated request gets the same response and is delivered once', async (t) => {
  const world = await startGateway(t)
  const text = writeMail(forwardFields())
  // A relay in between may have added to it.
  const again = `Received: from hub.example by mta.example; Sat, 21 Nov 2026 10:00:05 +0000\r\n${text}`
  for (const mail of [text, again, text]) {
    assert.match(await handOver(world.ports.smtp, mail), /^250 2\.0\.0/)
  }
  const [first, ...others] = [
    await nextResponse(world),
    await nextResponse(world),
    await nextResponse(world),
  ]
  assert.equal(first.status, 'Ok')
  for (const other of others) assert.deepEqual(other, first)
  const post = await world.vasp.posts.next('the message')
  await world.settled(post.deliver?.linkedId ?? '', 'delivered')
  assert.equal(delivers(world).length, 1)
})

test('the response echoes the ids byte for byte and goes to the originator system', async (t) => {
  const world = await startGateway(t)
  const fields = forwardFields()
  await handOver(world.ports.smtp, writeMail(fields))
  const { transactionId, messageId, envelope, status } = await nextResponse(world)
  assert.equal(status, 'Ok')
  assert.equal(transactionId, fields['X-Mms-Transaction-ID'])
  assert.equal(messageId, fields['X-Mms-Message-ID'])
  assert.deepEqual(
    [envelope.from, envelope.to],
    [`system@${GATEWAY_DOMAIN}`, ['mmsc@mms.carrier.example']],
  )
})

test('no response where none was asked for', async (t) => {
  const world = await startGateway(t)
  for (const value of ['No', undefined]) {
    await handOver(world.ports.smtp, writeMail(forwardFields({ 'X-Mms-Ack-Request': value })))
  }
  const asked = forwardFields()
  await handOver(world.ports.smtp, writeMail(asked))
  assert.equal((await nextResponse(world)).transactionId, asked['X-Mms-Transaction-ID'])
  for (const _ of [1, 2, 3]) await world.vasp.posts.next('a message')
})
