/** swaks and Postfix prove under TLS who they are, and see who we are, at our MM4 door. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { hashPassword } from '../../src/config/secret.ts'
import type { Mm4Peer } from '../../src/core/carrier.ts'
import { type Issued, openAuthority } from '../support/authority.ts'
import { until } from '../support/inbox.ts'
import {
  OWN_NUMBER,
  SYSTEM_OF_CLIENT,
  startAccount,
  submissionFields,
} from '../support/mm4-account.ts'
import { forwardFields, nextResponse, writeMail } from '../support/mm4-client.ts'
import { missing, missingPackage, openFolder } from '../support/peer-process.ts'
import { missingPostfix, openHub } from '../support/postfix.ts'
import { GATEWAY_DOMAIN, HANDSET, startGateway, type World } from '../support/start-gateway.ts'
import { swaks } from '../support/swaks.ts'

/** swaks' own exit codes. */
const DONE = 0
const MAIL_REFUSED = 23
const NO_LOGIN = 28
const NO_TLS = 29

const HOSTNAME = 'relay.gateway.example'
/** By which nobody is recognised. */
const ELSEWHERE = '127.0.0.3'

const doorTls = ({ keyFile, certFile }: Issued) => ({
  'smtp.tls.key': keyFile,
  'smtp.tls.cert': certFile,
  'smtp.tls.clientCertificates': true,
})

const shows = ({ certFile, keyFile }: Issued) => ['--tls-cert', certFile, '--tls-key', keyFile]

const received = (world: World) =>
  world.vasp.posts.next('the message', ({ deliver }) => Boolean(deliver))

test('swaks is an account by its certificate, and nobody by another of the same name or none', {
  skip: missing('swaks', 'openssl'),
}, async (t) => {
  const authority = await openAuthority(t)
  const [door, own, other] = [
    await authority.issue(`DNS:${HOSTNAME}`),
    await authority.issue('DNS:mms.bells.example'),
    await authority.issue('DNS:mms.bells.example'),
  ]
  const world = await startAccount(t, {
    client: { fromAddresses: [], certificates: [own.mark] },
    flags: doorTls(door),
  })
  const folder = openFolder(t, 'swaks')
  const say = (...more: string[]) =>
    swaks(folder, world.ports.smtp, writeMail(submissionFields()), [
      ...['--from', SYSTEM_OF_CLIENT, '--to', `${HANDSET}/TYPE=PLMN@${GATEWAY_DOMAIN}`],
      ...['--local-interface', ELSEWHERE, ...more],
    ])
  for (const more of [['--tls'], ['--tls', ...shows(other)], shows(own)]) {
    const { code, said } = await say(...more)
    assert.equal(code, MAIL_REFUSED, said)
    assert.match(said, /530 5\.7\.0 Authentication required/)
  }
  const { code, said } = await say('--tls', ...shows(own))
  assert.equal(code, DONE, said)
  assert.equal((await world.response()).status, 'Ok')
  const { envelope } = await world.carrier.next('MM4_forward.REQ')
  assert.match(envelope.from, new RegExp(OWN_NUMBER))
})

test('a login decides before a certificate does, by PLAIN and LOGIN and no other mechanism', {
  skip: missing('swaks', 'openssl'),
}, async (t) => {
  const authority = await openAuthority(t)
  const [door, own] = [
    await authority.issue(`DNS:${HOSTNAME}`),
    await authority.issue('DNS:mms.bells.example'),
  ]
  const world = await startAccount(t, {
    client: {
      fromAddresses: [],
      certificates: [own.mark],
      peerAuth: { user: 'bells', passwordHash: await hashPassword('aurora') },
    },
    flags: doorTls(door),
  })
  const folder = openFolder(t, 'swaks')
  const say = (password: string, mechanism: string) =>
    swaks(folder, world.ports.smtp, writeMail(submissionFields()), [
      ...['--from', SYSTEM_OF_CLIENT, '--to', `${HANDSET}/TYPE=PLMN@${GATEWAY_DOMAIN}`],
      ...['--local-interface', ELSEWHERE, '--tls', ...shows(own)],
      ...['--auth', mechanism, '--auth-user', 'bells', '--auth-password', password],
    ])
  assert.equal((await say('borealis', 'PLAIN')).code, NO_LOGIN, 'a certificate mends no password')
  assert.equal((await say('aurora', 'CRAM-MD5')).code, NO_LOGIN, 'we keep no passwords for it')
  for (const mechanism of ['PLAIN', 'LOGIN']) {
    const { code, said } = await say('aurora', mechanism)
    assert.equal(code, DONE, said)
    assert.equal((await world.response()).status, 'Ok')
  }
})

test('swaks verifies us by our authority, under TLS 1.2 and 1.3, and leaves us by another', {
  skip: missing('swaks', 'openssl'),
}, async (t) => {
  const [ours, strange] = [await openAuthority(t), await openAuthority(t)]
  const world = await startGateway(t, { flags: doorTls(await ours.issue(`DNS:${HOSTNAME}`)) })
  const folder = openFolder(t, 'swaks')
  const say = (caFile: string, ...more: string[]) =>
    swaks(folder, world.ports.smtp, writeMail(forwardFields()), [
      ...['--tls', '--tls-verify', '--tls-ca-path', caFile, ...more],
    ])
  for (const protocol of ['tlsv1_2', 'tlsv1_3']) {
    const { code, said } = await say(ours.caFile, '--tls-protocol', protocol)
    assert.equal(code, DONE, said)
    assert.match(said, new RegExp(`TLS started with cipher ${protocol.replace('_', '.')}`, 'i'))
    await received(world)
  }
  assert.equal((await say(strange.caFile)).code, NO_TLS)
  assert.equal((await say(ours.caFile, '--tls-protocol', 'tlsv1_1')).code, NO_TLS, 'too old')
})

/** Rows: what Postfix demands of us, and whether we are that. */
interface Demand {
  readonly level: string
  /** Of `main.cf`; `door` and `strange` are two certificates, `ca` and `strangeCa` who signed them. */
  readonly set: (known: Known) => readonly string[]
}

interface Known {
  readonly door: Issued
  readonly strange: Issued
  readonly caFile: string
  readonly strangeCaFile: string
}

const byFingerprint = ({ fingerprint }: Issued) => [
  'smtp_tls_fingerprint_digest = sha256',
  `smtp_tls_fingerprint_cert_match = ${fingerprint}`,
]
const byName = (caFile: string, name: string) => [
  `smtp_tls_CAfile = ${caFile}`,
  `smtp_tls_secure_cert_match = ${name}`,
]

// biome-ignore format: a table
const met: readonly (readonly [string, Demand])[] = [
  ['TLS, whoever we are',           { level: 'encrypt',     set: () => [] }],
  ['our certificate, by SHA-256',   { level: 'fingerprint', set: ({ door }) => byFingerprint(door) }],
  ['our name by an authority',      { level: 'secure',      set: ({ caFile }) => byName(caFile, HOSTNAME) }],
]

// biome-ignore format: a table
const unmet: readonly (readonly [string, Demand])[] = [
  ['another certificate',           { level: 'fingerprint', set: ({ strange }) => byFingerprint(strange) }],
  ['another name',                  { level: 'secure',      set: ({ caFile }) => byName(caFile, 'mms.other.example') }],
  ['our name by another authority', { level: 'secure',      set: ({ strangeCaFile }) => byName(strangeCaFile, HOSTNAME) }],
]

/** A hub that demands something of us, and a mail it was given for us. */
async function demanding(t: TestContext, { level, set }: Demand, mm4: Partial<Mm4Peer> = {}) {
  const [ours, strangers] = [await openAuthority(t), await openAuthority(t)]
  const door = await ours.issue(`DNS:${HOSTNAME}`)
  const strange = await strangers.issue(`DNS:${HOSTNAME}`)
  const world = await startGateway(t, { mm4, flags: doorTls(door) })
  const hub = await openHub(t, {
    routes: { [GATEWAY_DOMAIN]: world.ports.smtp },
    set: [
      `smtp_tls_security_level = ${level}`,
      'smtp_tls_loglevel = 1',
      ...set({ door, strange, caFile: ours.caFile, strangeCaFile: strangers.caFile }),
    ],
  })
  const { code, said } = await swaks(openFolder(t, 'swaks'), hub.port, writeMail(forwardFields()))
  assert.equal(code, DONE, said)
  return { world, hub }
}

for (const [name, demand] of met) {
  test(`Postfix that demands ${name} brings its mail under TLS`, {
    skip: missingPostfix('swaks', 'openssl'),
  }, async (t) => {
    const { world, hub } = await demanding(t, demand)
    assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
    await received(world)
    assert.match(hub.said(), /TLS connection established to 127\.0\.0\.1.*TLSv1\.3/)
    await until('an empty queue', () => /empty/.test(hub.queue()))
  })
}

for (const [name, demand] of unmet) {
  test(`Postfix that demands ${name} keeps its mail`, {
    skip: missingPostfix('swaks', 'openssl'),
  }, async (t) => {
    const { world, hub } = await demanding(t, demand)
    await until('a mail that waits', () => /not verified|not trusted/i.test(hub.queue()))
    assert.equal(world.vasp.posts.all.length, 0)
  })
}

test('Postfix is a carrier by the certificate it shows', {
  skip: missingPostfix('swaks', 'openssl'),
}, async (t) => {
  const own = await (await openAuthority(t)).issue('DNS:hub.exchange.example')
  const { world, hub } = await demanding(
    t,
    {
      level: 'encrypt',
      set: () => [`smtp_tls_cert_file = ${own.certFile}`, `smtp_tls_key_file = ${own.keyFile}`],
    },
    { fromAddresses: [], certificates: [own.mark] },
  )
  assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
  await received(world)
})

for (const [name, password, taken] of [
  ['the password we know', 'aurora', true],
  ['another password', 'borealis', false],
] as const) {
  test(`Postfix that logs in with ${name} is ${taken ? 'a carrier' : 'nobody, and keeps its mail'}`, {
    skip: missingPostfix('swaks', 'openssl') || missingPackage('libsasl2-modules'),
  }, async (t) => {
    const { world, hub } = await demanding(
      t,
      {
        level: 'encrypt',
        set: () => [
          'smtp_sasl_auth_enable = yes',
          'smtp_sasl_security_options = noanonymous',
          `smtp_sasl_password_maps = inline:{ { 127.0.0.1 = northern:${password} } }`,
        ],
      },
      {
        fromAddresses: [],
        peerAuth: { user: 'northern', passwordHash: await hashPassword('aurora') },
      },
    )
    if (taken) {
      assert.equal((await nextResponse(world)).status, 'Ok', hub.said())
      await received(world)
      return
    }
    await until('a mail that waits', () => /535 5\.7\.8/.test(hub.queue()))
    assert.equal(world.vasp.posts.all.length, 0)
  })
}
