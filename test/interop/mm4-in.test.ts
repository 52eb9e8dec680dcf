/** Carriers that are not ours hand messages in over MM4: swaks, smtp-source, Postfix on the way. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { hashPassword } from '../../src/config/secret.ts'
import { CARRIER_DOMAIN } from '../support/carrier.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { reservePort } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { forwardFields, nextResponse, THEIRS, writeMail } from '../support/mm4-client.ts'
import { missing, openFolder, runPeer } from '../support/peer-process.ts'
import { missingPostfix, openHub, routeThrough } from '../support/postfix.ts'
import {
  ACCOUNT,
  GATEWAY_DOMAIN,
  PICTURE,
  startGateway,
  type World,
} from '../support/start-gateway.ts'
import { swaks } from '../support/swaks.ts'

const BOUNDARY = 'ding-dong'
const TEXT = 'Glück auf!\r\n.\r\n..two dots\r\n'

/** A picture and a text, as a carrier writes them: folded lines, comments, odd spacing. */
function multimedia(): string {
  const picture = Buffer.from(PICTURE).toString('base64').replace(/.{76}/g, '$&\r\n')
  const body = [
    `--${BOUNDARY}`,
    'Content-Type:text/plain;charset=utf-8',
    'Content-ID:<text>',
    'Content-Transfer-Encoding: 8bit',
    '',
    `${TEXT}--${BOUNDARY}`,
    'Content-Type: image/png; name="bell.png"',
    'Content-ID: <bell>',
    'Content-Transfer-Encoding: base64',
    '',
    picture,
    `--${BOUNDARY}--`,
    '',
  ].join('\r\n')
  const type = `multipart/mixed;\r\n\tboundary="${BOUNDARY}"`
  return writeMail(forwardFields({ 'Content-Type': type }), body)
}

async function arrives(world: World): Promise<void> {
  const { parts } = await world.vasp.posts.next('the message', ({ deliver }) => Boolean(deliver))
  const found = (type: string) => parts.find(({ mediaType }) => mediaType === type)?.bytes ?? []
  assert.equal(Buffer.from(found('text/plain')).toString(), TEXT.replace(/\r\n$/, ''))
  assert.deepEqual(Buffer.from(found('image/png')), Buffer.from(PICTURE))
}

/** A gateway whose way out to the carrier, responses too, is Postfix. */
async function behindHub(t: TestContext) {
  const world = await startGateway(t)
  const hub = await openHub(t, {
    routes: { [GATEWAY_DOMAIN]: world.ports.smtp, [CARRIER_DOMAIN]: world.carrier.port },
  })
  await routeThrough(world, hub.port)
  return { world, hub }
}

test('swaks is a peer: in clear, its response goes out through Postfix', {
  skip: missingPostfix('swaks'),
}, async (t) => {
  const { world, hub } = await behindHub(t)
  const { code, said } = await swaks(openFolder(t, 'swaks'), world.ports.smtp, multimedia())
  assert.equal(code, 0, said)
  assert.match(said, /<-\s+250 2\.0\.0/)
  assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
  await arrives(world)
})

test('swaks is a peer under TLS, by name and password', { skip: missing('swaks') }, async (t) => {
  const folder = openFolder(t, 'swaks')
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
  const say = (...more: string[]) => swaks(folder, world.ports.smtp, multimedia(), more)
  const login = ['--auth-user', 'northern', '--auth-password']
  assert.equal((await say('--tls')).code, 23, 'MAIL is refused without a login')
  assert.equal((await say('--auth', ...login, 'aurora')).code, 28, 'no login in clear')
  assert.equal((await say('--tls', '--auth', ...login, 'borealis')).code, 28, 'a wrong password')
  for (const mechanism of ['PLAIN', 'LOGIN']) {
    const { code, said } = await say('--tls', '--auth', mechanism, ...login, 'aurora')
    assert.equal(code, 0, said)
    assert.match(said, /235 2\.7\.0/)
    await arrives(world)
  }
})

test('what Postfix relays to us is the message that was sent', {
  skip: missingPostfix('swaks'),
}, async (t) => {
  const { world, hub } = await behindHub(t)
  const { code, said } = await swaks(openFolder(t, 'swaks'), hub.port, multimedia())
  assert.equal(code, 0, said)
  assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
  await arrives(world)
})

const FLOOD = 1000
const FLOOD_SESSIONS = 20

test('of 1,000 mails smtp-source sends at once none is lost and none is doubled', {
  skip: missing('smtp-source'),
}, async (t) => {
  // smtp-source writes a number of its own before each recipient: 1555…, 2555…
  const numbers = Array.from({ length: FLOOD }, (_, index) => `${index + 1}5550100777`)
  const world = await startGateway(t, {
    directory: (data) => ({
      ...data,
      numbers: [
        ...data.numbers,
        ...numbers.map((number) => ({
          number,
          account: ACCOUNT,
          service: 'demo',
          state: 'active' as const,
        })),
      ],
    }),
  })
  const folder = openFolder(t, 'flood')
  const file = join(folder, 'mail.eml')
  const mail = writeMail(forwardFields({ 'X-Mms-Ack-Request': 'No' }), `${'x'.repeat(70)}\r\n`)
  // It writes the line ends itself.
  writeFileSync(file, mail.replaceAll('\r\n', '\n'))
  const { code, said } = await runPeer('smtp-source', [
    ...['-s', String(FLOOD_SESSIONS), '-m', String(FLOOD), '-N', '-F', file],
    ...['-f', THEIRS, '-t', `5550100777@${GATEWAY_DOMAIN}`, `127.0.0.1:${world.ports.smtp}`],
  ])
  assert.equal(code, 0, said)
  await until('all of them', () => world.vasp.posts.all.length >= FLOOD)
  const told = world.vasp.posts.all.flatMap(({ deliver }) => deliver?.recipients ?? [])
  assert.equal(new Set(told.map((to) => JSON.stringify(to))).size, FLOOD)
  assert.equal(world.vasp.posts.all.length, FLOOD)
})

test('Postfix keeps for us what comes while we are away, and brings it later', {
  skip: missingPostfix('swaks'),
}, async (t) => {
  const port = await reservePort()
  const hub = await openHub(t, { routes: { [GATEWAY_DOMAIN]: port } })
  const { code, said } = await swaks(openFolder(t, 'swaks'), hub.port, multimedia())
  assert.equal(code, 0, said)
  await until('a mail that waits', () => /refused/.test(hub.queue()))
  const world = await startGateway(t, { flags: { 'smtp.port': port } })
  assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
  await arrives(world)
  assert.match(hub.queue(), /empty/)
})
