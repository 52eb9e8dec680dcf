import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { connect as tlsConnect } from 'node:tls'
import {
  ADDRESS_CERTIFICATE,
  CERTIFICATE,
  KEY,
  NAME_CERTIFICATE,
} from '../../../test/support/certificate.ts'
import type { SmtpPoolOptions } from './client-options.ts'
import type { SmtpPeer } from './handler.ts'
import { openSmtpPool } from './pool.ts'
import { openSmtpServer } from './server.ts'
import type { SmtpServerOptions } from './server-options.ts'
import { createKeepingHandler } from './testing/keeping-handler.ts'
import { openRawClient, openRawServer, politely } from './testing/raw-peer.ts'

const MAIL = {
  from: 'a@a.example',
  to: ['b@b.example'],
  data: [Buffer.from('Subject: x\r\n\r\nhello\r\n')],
}
const TRUSTING = { ca: CERTIFICATE }
const auth = { user: 'peer', password: 'secret' }

interface Opened {
  readonly port: number
  readonly peers: readonly SmtpPeer[]
}

async function openTlsServer(
  t: TestContext,
  tls: Partial<SmtpServerOptions['tls'] & object> = {},
): Promise<Opened> {
  const peers: SmtpPeer[] = []
  const server = await openSmtpServer({
    host: '127.0.0.1',
    port: 0,
    hostname: 'mm4.example',
    handler: createKeepingHandler({
      auth: async (user, password) => user === auth.user && password === auth.password,
      mail: (_from, _params, session) => void peers.push(session.peer),
    }),
    limits: { lingerMs: 100 },
    tls: {
      options: { cert: CERTIFICATE, key: KEY, ca: CERTIFICATE },
      ...tls,
    },
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  return { port: server.address.port, peers }
}

function openPool(t: TestContext, port: number, options: Partial<SmtpPoolOptions>) {
  const pool = openSmtpPool({ host: '127.0.0.1', port, helloName: 'c.example', ...options })
  t.after(() => pool.close(0))
  return pool
}

test('a client that requires TLS sends over STARTTLS and may give its password there', async (t) => {
  const { port, peers } = await openTlsServer(t)
  const pool = openPool(t, port, { tls: 'required', tlsOptions: TRUSTING, auth })
  const result = await pool.send(MAIL)
  assert.equal(result.kind, 'accepted')
  assert.match(peers[0]?.tls?.protocol ?? '', /^TLSv1\.[23]$/)
})

test('implicit TLS speaks TLS from the first byte', async (t) => {
  const { port, peers } = await openTlsServer(t, { implicit: true })
  const pool = openPool(t, port, { tls: 'implicit', tlsOptions: TRUSTING })
  assert.equal((await pool.send(MAIL)).kind, 'accepted')
  assert.ok(peers[0]?.tls !== undefined)
})

test('a client certificate is told to the handler', async (t) => {
  const { port, peers } = await openTlsServer(t, { requestClientCert: true })
  const tlsOptions = { ...TRUSTING, cert: CERTIFICATE, key: KEY }
  await openPool(t, port, { tls: 'required', tlsOptions }).send(MAIL)
  await openPool(t, port, { tls: 'required', tlsOptions: TRUSTING }).send(MAIL)
  assert.equal(peers[0]?.tls?.authorized, true)
  assert.equal(peers[0]?.tls?.commonName, 'localhost')
  assert.match(peers[0]?.tls?.fingerprint256 ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  assert.equal(peers[1]?.tls?.authorized, false)
  assert.equal(peers[1]?.tls?.fingerprint256, undefined)
})

test('a certificate that nobody vouches for stops a client that requires TLS', async (t) => {
  const { port, peers } = await openTlsServer(t)
  const result = await openPool(t, port, { tls: 'required' }).send(MAIL)
  assert.ok(result.kind === 'not-sent')
  assert.deepEqual([result.phase, result.because], ['tls', 'tls-failed'])
  const implicit = await openTlsServer(t, { implicit: true })
  const other = await openPool(t, implicit.port, { tls: 'implicit' }).send(MAIL)
  assert.ok(other.kind === 'not-sent' && other.because === 'tls-failed')
  assert.deepEqual(peers, [])
})

test('a peer known by its address is verified by that address, a named one by its name', async (t) => {
  for (const tls of ['required', 'implicit'] as const) {
    for (const cert of [ADDRESS_CERTIFICATE, NAME_CERTIFICATE]) {
      const options = { cert, key: KEY }
      const { port, peers } = await openTlsServer(t, { options, implicit: tls === 'implicit' })
      for (const host of ['127.0.0.1', 'localhost']) {
        const pool = openPool(t, port, { host, tls, tlsOptions: { ca: cert } })
        const result = await pool.send(MAIL)
        const meant = (host === 'localhost') === (cert === NAME_CERTIFICATE)
        const got = result.kind === 'not-sent' ? result.because : result.kind
        assert.equal(got, meant ? 'accepted' : 'tls-failed', `${tls} ${host}`)
      }
      assert.equal(peers.length, 1)
    }
  }
})

test('an opportunistic client takes any certificate, and clear where TLS is not offered', async (t) => {
  const { port, peers } = await openTlsServer(t)
  assert.equal((await openPool(t, port, { tls: 'opportunistic' }).send(MAIL)).kind, 'accepted')
  assert.ok(peers[0]?.tls !== undefined)
  const plain = await openRawServer(politely({}))
  t.after(() => plain.close())
  const pool = openPool(t, plain.port, { tls: 'opportunistic' })
  assert.equal((await pool.send(MAIL)).kind, 'accepted')
})

test('an opportunistic client goes on in clear where the handshake fails', async (t) => {
  const EHLO = '250-polite.example\r\n250 STARTTLS'
  const polite = politely({ EHLO, STARTTLS: '220 Go' })
  const server = await openRawServer((line, call, number) => {
    // After the 220 comes a handshake, which this server answers with nonsense.
    if (call.lines.includes('STARTTLS') && line !== 'STARTTLS') call.socket.destroy()
    else if (line === 'STARTTLS') call.socket.write('220 Go\r\n', () => call.socket.destroy())
    else polite(line, call, number)
  })
  t.after(() => server.close())
  const result = await openPool(t, server.port, { tls: 'opportunistic' }).send(MAIL)
  assert.equal(result.kind, 'accepted')
  assert.equal(server.calls.length, 2)
})

test('a client that requires TLS sends nothing where it is not offered or refused', async (t) => {
  const without = await openRawServer(politely({}))
  const refusing = await openRawServer(
    politely({ EHLO: '250-h\r\n250 STARTTLS', STARTTLS: '454 4.7.0 Not now' }),
  )
  t.after(() => Promise.all([without.close(), refusing.close()]))
  const one = await openPool(t, without.port, { tls: 'required' }).send(MAIL)
  assert.ok(one.kind === 'not-sent' && one.because === 'tls-failed')
  const other = await openPool(t, refusing.port, { tls: 'required' }).send(MAIL)
  assert.ok(other.kind === 'refused' && other.phase === 'tls' && other.reply.code === 454)
})

test('a client believes nothing that was said in clear before the handshake', async (t) => {
  const server = await openRawServer(
    politely({ EHLO: '250-h\r\n250 STARTTLS', STARTTLS: '220 Go\r\n250 injected' }),
  )
  t.after(() => server.close())
  const result = await openPool(t, server.port, { tls: 'required' }).send(MAIL)
  assert.ok(result.kind === 'not-sent' && result.phase === 'tls')
})

test('a client keeps its password to itself in clear', async (t) => {
  const server = await openRawServer(politely({ EHLO: '250-h\r\n250 AUTH PLAIN' }))
  t.after(() => server.close())
  const result = await openPool(t, server.port, { auth }).send(MAIL)
  assert.ok(result.kind === 'refused' && result.phase === 'auth')
  assert.equal(result.reportedBy, 'client')
  assert.equal(
    server.calls[0]?.lines.some((line) => line.startsWith('AUTH')),
    false,
  )
})

test('a server reads nothing that was sent in clear after STARTTLS', async (t) => {
  const { port } = await openTlsServer(t)
  const client = await openRawClient(port)
  await client.ask('EHLO c')
  client.send('STARTTLS\r\nMAIL FROM:<a@a>\r\n')
  assert.equal(await client.untilClosed(), '554 5.5.1 Nothing may follow STARTTLS\r\n')
})

test('a server forgets what was said before STARTTLS and offers it only once', async (t) => {
  const { port } = await openTlsServer(t)
  const client = await openRawClient(port)
  assert.match(await client.ask('EHLO c'), /STARTTLS/)
  await client.ask('STARTTLS')
  client.socket.removeAllListeners('data')
  const secured = tlsConnect({ socket: client.socket, ca: CERTIFICATE, host: 'localhost' })
  const heard = await new Promise<string>((resolve) => {
    let text = ''
    secured.on('data', (chunk) => {
      text += chunk.toString()
      if (text.includes('221 ')) resolve(text)
    })
    secured.write('MAIL FROM:<a@a>\r\nEHLO c\r\nSTARTTLS\r\nQUIT\r\n')
  })
  assert.match(heard, /^503 5\.5\.1 Send EHLO/)
  assert.doesNotMatch(heard, /250.STARTTLS/)
  assert.match(heard, /\r\n503 5\.5\.1 TLS is already active/)
})

test('a peer that speaks nonsense in the handshake harms nobody', async (t) => {
  const { port } = await openTlsServer(t, { implicit: true })
  const client = await openRawClient(port, false)
  client.send('EHLO c\r\nMAIL FROM:<a@b>\r\n')
  await client.untilClosed()
  const pool = openPool(t, port, { tls: 'implicit', tlsOptions: TRUSTING })
  assert.equal((await pool.send(MAIL)).kind, 'accepted')
})
