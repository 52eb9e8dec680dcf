/** Our connector hands messages to Postfix under TLS, and only to the Postfix that was meant. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Mm4Peer } from '../../src/core/carrier.ts'
import { type Authority, type Issued, openAuthority } from '../support/authority.ts'
import { CARRIER_DOMAIN } from '../support/carrier.ts'
import { until } from '../support/inbox.ts'
import { missingPostfix, openHub, routeThrough } from '../support/postfix.ts'
import { startGateway } from '../support/start-gateway.ts'

const skip = missingPostfix('openssl')
/** Postfix speaks TLS from the first byte. */
const WRAPPED = ['smtpd_tls_wrappermode = yes']

interface Wishes {
  /** How we reach it. */
  readonly mm4: Partial<Mm4Peer>
  readonly certificate: Issued
  /** More of `main.cf`. */
  readonly set?: readonly string[]
}

/** A gateway whose way out is Postfix with this certificate, and a message in it. */
async function through(t: TestContext, { mm4, certificate, set = [] }: Wishes) {
  const world = await startGateway(t, { mm4 })
  const hub = await openHub(t, {
    routes: { [CARRIER_DOMAIN]: world.carrier.port },
    set: [
      'smtpd_tls_security_level = encrypt',
      'smtpd_tls_loglevel = 1',
      `smtpd_tls_cert_file = ${certificate.certFile}`,
      `smtpd_tls_key_file = ${certificate.keyFile}`,
      ...set,
    ],
  })
  await routeThrough(world, hub.port)
  return { world, hub, id: await world.submit() }
}

type Through = Awaited<ReturnType<typeof through>>

async function arrives({ world, hub, id }: Through): Promise<void> {
  await world.settled(id, 'delivered').catch((error: Error) => {
    throw new Error(`${error.message}\n${hub.said()}`)
  })
  assert.match(hub.said(), /TLS connection established from .*TLSv1\.3/)
}

/** The attempt failed with these words, will be repeated, and nothing was handed over. */
async function waits({ world, hub, id }: Through, words: RegExp): Promise<void> {
  const { events } = await until('an attempt that failed', async () => {
    const trace = await world.trace(id)
    return trace.deliveries.every(({ state }) => state === 'deferred') && trace
  })
  assert.match(JSON.stringify(events), words)
  assert.deepEqual(world.carrier.mails.all, [])
  assert.match(hub.queue(), /empty/)
}

const trusting = ({ caFile }: Authority) => ({ tlsFiles: { caFile } })

/** Rows: how we reach it, by which name, what Postfix is told beside. */
// biome-ignore format: a table
const reached: readonly (readonly [string, Pick<Mm4Peer, 'tls' | 'host'>, string, readonly string[]])[] = [
  ['STARTTLS, by its name',               { tls: 'required', host: 'localhost' }, 'DNS:localhost', []],
  ['STARTTLS, by its address',            { tls: 'required', host: '127.0.0.1' }, 'IP:127.0.0.1',  []],
  ['TLS from the first byte, by name',    { tls: 'implicit', host: 'localhost' }, 'DNS:localhost', WRAPPED],
  ['TLS from the first byte, by address', { tls: 'implicit', host: '127.0.0.1' }, 'IP:127.0.0.1',  WRAPPED],
]

for (const [name, mm4, certified, set] of reached) {
  test(`Postfix with ${name}: its certificate is verified and the message arrives`, {
    skip,
  }, async (t) => {
    const authority = await openAuthority(t)
    const certificate = await authority.issue(certified)
    await arrives(await through(t, { mm4: { ...mm4, ...trusting(authority) }, certificate, set }))
  })
}

/** Rows: how we reach it, and what its certificate says instead. */
// biome-ignore format: a table
const strangers: readonly (readonly [string, Pick<Mm4Peer, 'tls' | 'host'>, string, readonly string[]])[] = [
  ['another name, under STARTTLS',               { tls: 'required', host: 'localhost' }, 'DNS:mms.other.example', []],
  ['another name, under TLS at once',            { tls: 'implicit', host: 'localhost' }, 'DNS:mms.other.example', WRAPPED],
  ['another address, under STARTTLS',            { tls: 'required', host: '127.0.0.1' }, 'IP:127.0.0.9',          []],
  ['another address, under TLS at once',         { tls: 'implicit', host: '127.0.0.1' }, 'IP:127.0.0.9',          WRAPPED],
  ['a name where we know an address, STARTTLS',  { tls: 'required', host: '127.0.0.1' }, 'DNS:localhost',         []],
  ['a name where we know an address, TLS at once', { tls: 'implicit', host: '127.0.0.1' }, 'DNS:localhost',       WRAPPED],
]

for (const [name, mm4, certified, set] of strangers) {
  test(`Postfix whose certificate is for ${name} is given nothing`, { skip }, async (t) => {
    const authority = await openAuthority(t)
    const certificate = await authority.issue(certified)
    const all = await through(t, { mm4: { ...mm4, ...trusting(authority) }, certificate, set })
    await waits(all, /tls-failed.*does not match certificate's altnames/)
  })
}

test('Postfix whose certificate another authority signed is given nothing', {
  skip,
}, async (t) => {
  const [known, other] = [await openAuthority(t), await openAuthority(t)]
  const certificate = await other.issue('DNS:localhost')
  const mm4 = { tls: 'required', host: 'localhost', ...trusting(known) } as const
  await waits(await through(t, { mm4, certificate }), /tls-failed.*unable to/)
})

test('Postfix that offers no STARTTLS is given nothing where TLS is required', {
  skip,
}, async (t) => {
  const authority = await openAuthority(t)
  const certificate = await authority.issue('DNS:localhost')
  const mm4 = { tls: 'required', host: 'localhost', ...trusting(authority) } as const
  const set = ['smtpd_tls_security_level = none']
  await waits(await through(t, { mm4, certificate, set }), /STARTTLS is not offered/)
})

test('where TLS is only welcome, a Postfix that nobody vouches for is spoken to under TLS', {
  skip,
}, async (t) => {
  const certificate = await (await openAuthority(t)).issue('DNS:mms.other.example')
  await arrives(await through(t, { mm4: { tls: 'opportunistic' }, certificate }))
})

for (const shown of [true, false]) {
  test(`Postfix that relays by certificates alone ${shown ? 'takes' : 'refuses'} what we bring ${shown ? 'with' : 'without'} ours`, {
    skip,
  }, async (t) => {
    const authority = await openAuthority(t)
    const [certificate, own] = [
      await authority.issue('DNS:localhost'),
      await authority.issue('DNS:relay.gateway.example'),
    ]
    const { certFile, keyFile } = own
    const all = await through(t, {
      certificate,
      mm4: {
        tls: 'required',
        host: 'localhost',
        tlsFiles: { caFile: authority.caFile, ...(shown ? { certFile, keyFile } : {}) },
      },
      set: [
        'smtpd_tls_ask_ccert = yes',
        `smtpd_tls_CAfile = ${authority.caFile}`,
        'smtpd_tls_fingerprint_digest = sha256',
        `relay_clientcerts = inline:{ { ${own.fingerprint} = ours } }`,
        'smtpd_relay_restrictions = permit_tls_clientcerts, reject',
      ],
    })
    if (shown) return arrives(all)
    await all.world.settled(all.id, 'failed')
    assert.deepEqual(all.world.carrier.mails.all, [])
  })
}
