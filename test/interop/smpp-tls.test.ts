/** Kannel, openssl and the npm package on lines that speak TLS from the first byte. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { SmppPeer } from '../../src/core/smpp-peer.ts'
import { DEMO_ESME, DEMO_ESME_SENDER } from '../../src/simulator/smpp-accounts.ts'
import { bindBody, bytesOf } from '../../src/transports/smpp/testing/raw-peer.ts'
import { type Authority, openAuthority } from '../support/authority.ts'
import { startEsmeWorld, submitText } from '../support/esme-world.ts'
import { openForeignCentre } from '../support/foreign-centre.ts'
import { reservePort } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { openKannel } from '../support/kannel.ts'
import { missing, openFolder, startPeer } from '../support/peer-process.ts'
import { bindTo } from '../support/smpp-door.ts'

const HANDSET = '15550100123'
const LONG = 'Die Glocken von Rom läuten zum Fest. '.repeat(11).trim()
const kannel = { systemId: DEMO_ESME, password: 'demo' }

/** A gateway whose SMPP door speaks TLS under the name localhost. */
async function secured(t: TestContext, authority: Authority) {
  const { keyFile, certFile } = await authority.issue('DNS:localhost')
  return startEsmeWorld(t, {}, [], {
    flags: { 'smpp.tls.key': keyFile, 'smpp.tls.cert': certFile },
  })
}

test('Kannel binds over TLS: messages, receipts and what a handset writes pass', {
  skip: missing('bearerbox', 'smsbox', 'openssl'),
}, async (t) => {
  const authority = await openAuthority(t)
  const world = await secured(t, authority)
  const { smpp: port } = world.ports
  const box = await openKannel(t, { ...kannel, port, caFile: authority.caFile })
  const message = { from: DEMO_ESME_SENDER, to: HANDSET, text: LONG, charset: 'UTF-8' }
  await box.send({ ...message, 'dlr-mask': '3' })
  const { query } = await box.calls.next('the receipt', ({ path }) => path === 'receipt')
  assert.match(query.get('answer') ?? '', /stat:DELIVRD/, box.said())
  assert.equal(world.smsc.seen.map(({ text }) => text).join(''), LONG)
  world.smsc.write('carillon', { from: HANDSET, to: DEMO_ESME_SENDER, text: LONG })
  const { text } = await box.calls.next('the answer', ({ path }) => path === 'message')
  assert.equal(text, LONG)
})

test('Kannel gives no password to a door that its authority did not certify', {
  skip: missing('bearerbox', 'smsbox', 'openssl'),
}, async (t) => {
  const [ours, strange] = [await openAuthority(t), await openAuthority(t)]
  const world = await secured(t, ours)
  const { smpp: port } = world.ports
  const box = await openKannel(t, { ...kannel, port, caFile: strange.caFile, awaitBind: false })
  await until('its refusal', () => /certificate verify failed/.test(box.said()))
})

test('Kannel in clear finds nobody behind a door that speaks TLS', {
  skip: missing('bearerbox', 'smsbox', 'openssl'),
}, async (t) => {
  const world = await secured(t, await openAuthority(t))
  const box = await openKannel(t, { ...kannel, port: world.ports.smpp, awaitBind: false })
  await until('its complaint', () => /Couldn't connect|I\/O error/.test(box.said()))
})

/** The name by which the door answers a bind. */
const BOUND = /carillon\0/

/** Rows: what `openssl s_client` demands, and what is seen then. */
// biome-ignore format: a table
const callers: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['TLS 1.2, our name',   ['-tls1_2', '-verify_hostname', 'localhost'], BOUND],
  ['TLS 1.3, our name',   ['-tls1_3', '-verify_hostname', 'localhost'], BOUND],
  ['the name of another', ['-verify_hostname', 'mms.other.example'],    /hostname mismatch/],
  ['TLS 1.1',             ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'],    /alert protocol version/],
]

for (const [name, demands, words] of callers) {
  test(`openssl that demands ${name} is ${words === BOUND ? 'bound' : 'not'}`, {
    skip: missing('openssl'),
  }, async (t) => {
    const authority = await openAuthority(t)
    const world = await secured(t, authority)
    const folder = openFolder(t, 'openssl')
    const bind = join(folder, 'bind')
    const body = bindBody('bind_transceiver', { systemId: DEMO_ESME, password: 'demo' })
    writeFileSync(bind, bytesOf(body, 1))
    // It hangs up when there is nothing more to be said.
    const caller = startPeer(
      'sh',
      [
        ...['-c', '{ cat "$0"; tail -f /dev/null; } | openssl s_client "$@"', bind],
        ...['-quiet', '-connect', `127.0.0.1:${world.ports.smpp}`, ...demands],
        ...['-CAfile', authority.caFile, '-verify_return_error'],
      ],
      folder,
    )
    t.after(() => caller.stop())
    await until('its words', () => words.test(caller.said())).catch((error: Error) => {
      throw new Error(`${error.message}: ${caller.said()}`)
    })
    assert.equal(BOUND.test(caller.said()), words === BOUND)
  })
}

const BY_NAME = { host: 'localhost' }
const BY_ADDRESS = { host: '127.0.0.1' }

/** Rows: how we reach the centre, what its certificate says, and whether that is it. */
// biome-ignore format: a table
const centres: readonly (readonly [string, Pick<SmppPeer, 'host'>, string, boolean])[] = [
  ['its name',                       BY_NAME,    'DNS:localhost',          true],
  ['its address',                    BY_ADDRESS, 'IP:127.0.0.1',           true],
  ['another name',                   BY_NAME,    'DNS:sms.other.example',  false],
  ['another address',                BY_ADDRESS, 'IP:127.0.0.9',           false],
  ['a name where we know an address', BY_ADDRESS, 'DNS:localhost',         false],
]

for (const [name, place, certified, meant] of centres) {
  test(`a centre whose certificate is for ${name} ${meant ? 'takes our texts' : 'is told no password'}`, {
    skip: missing('openssl'),
  }, async (t) => {
    const authority = await openAuthority(t)
    const certificate = await authority.issue(certified)
    const centre = await openForeignCentre(t, { certificate })
    const tlsFiles = { caFile: authority.caFile }
    const world = await startEsmeWorld(t, { ...place, port: centre.port, tls: true, tlsFiles })
    const client = await bindTo(world.ports.smpp)
    t.after(() => client.close())
    const id = await submitText(client, 'Ding')
    if (meant) {
      await world.settled(id, 'delivered')
      return
    }
    await told(world, id, /tls: .*does not match certificate's altnames/)
    assert.equal(centre.binds, 0)
  })
}

type EsmeWorld = Awaited<ReturnType<typeof startEsmeWorld>>

/** An attempt failed with these words. */
async function told(world: EsmeWorld, id: string, words: RegExp): Promise<void> {
  let seen = ''
  await until(`${words}`, async () => {
    seen = JSON.stringify((await world.trace(id)).events)
    return words.test(seen)
  }).catch((error: Error) => {
    throw new Error(`${error.message}: ${seen}`)
  })
}

test('a centre that another authority certified is told no password', {
  skip: missing('openssl'),
}, async (t) => {
  const [known, other] = [await openAuthority(t), await openAuthority(t)]
  const centre = await openForeignCentre(t, { certificate: await other.issue('DNS:localhost') })
  const tlsFiles = { caFile: known.caFile }
  const world = await startEsmeWorld(t, { ...BY_NAME, port: centre.port, tls: true, tlsFiles })
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  await told(world, await submitText(client, 'Ding'), /tls: .*unable to/)
  assert.equal(centre.binds, 0)
})

test('a server of openssl that insists on a certificate sees ours, then our bind', {
  skip: missing('openssl'),
}, async (t) => {
  const authority = await openAuthority(t)
  const [door, own] = [
    await authority.issue('DNS:localhost'),
    await authority.issue('DNS:relay.gateway.example'),
  ]
  const port = await reservePort()
  const { caFile } = authority
  // It ends when there is nothing more to be read.
  const server = startPeer(
    'sh',
    [
      ...['-c', 'tail -f /dev/null | openssl s_server "$@"', 's_server', '-accept', `${port}`],
      ...['-cert', door.certFile, '-key', door.keyFile, '-CAfile', caFile, '-Verify', '1'],
      ...['-verify_return_error'],
    ],
    tmpdir(),
  )
  t.after(() => server.stop())
  await until('it to listen', () => /ACCEPT/.test(server.said()))
  const { certFile, keyFile } = own
  const tlsFiles = { caFile, certFile, keyFile }
  await startEsmeWorld(t, { ...BY_NAME, port, tls: true, tlsFiles, systemId: 'chimes' })
  await until('our bind', () => /chimes\0/.test(server.said())).catch((error: Error) => {
    throw new Error(`${error.message}: ${server.said()}`)
  })
  assert.match(server.said(), /Client certificate\n[\s\S]*subject=CN = leaf2/)
})
