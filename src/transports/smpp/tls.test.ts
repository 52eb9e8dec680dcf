import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CERTIFICATE, KEY } from '../../../test/support/certificate.ts'
import { createSubmitSm } from '../../codecs/smpp/create-body.ts'
import { connectSmpp } from './client.ts'
import { bindTo, openWorld, yes } from './testing/open-world.ts'
import { openRawClient } from './testing/raw-peer.ts'

const tls = { options: { cert: CERTIFICATE, key: KEY, ca: CERTIFICATE }, requestClientCert: true }
const SUBMIT = createSubmitSm({ destination: { ton: 1, npi: 1, addr: '15550100123' } })

test('over TLS a client binds, submits and unbinds', async (t) => {
  const world = await openWorld(t, { tls })
  const session = await bindTo(t, world.port, { tls: { ca: CERTIFICATE } })
  assert.equal((await session.request(SUBMIT)).kind, 'answered')
  assert.match(session.peer.tls?.protocol ?? '', /^TLSv1\.[23]$/)
  assert.equal(world.bound[0]?.peer.tls?.authorized, false)
  assert.equal((await session.unbind()).because, 'unbound')
})

test('a client certificate is told to the handler', async (t) => {
  const world = await openWorld(t, { tls })
  await bindTo(t, world.port, { tls: { ca: CERTIFICATE, cert: CERTIFICATE, key: KEY } })
  const proved = world.bound[0]?.peer.tls
  assert.ok(proved?.authorized === true && proved.commonName === 'localhost')
})

test('a client does not speak to a centre it cannot verify', async (t) => {
  const world = await openWorld(t, { tls })
  const result = await connectSmpp({
    host: '127.0.0.1',
    port: world.port,
    bindAs: 'transmitter',
    systemId: 'client',
    password: 'secret',
    tls: {},
    handler: { request: (body) => yes(body) },
  })
  assert.ok(result.kind === 'failed' && result.phase === 'tls')
  assert.equal(world.bound.length, 0)
})

test('whoever speaks in clear at a TLS port is closed and counted out', async (t) => {
  const world = await openWorld(t, { tls })
  const peer = await openRawClient(world.port)
  peer.write('00000010000000150000000000000001')
  await peer.untilClosed()
  while (world.server.sessionCount > 0) await new Promise((resolve) => setImmediate(resolve))
  assert.equal(world.problems[0]?.kind, 'tls-failed')
})

test('a handshake that is not finished takes the place of one that has not bound', async (t) => {
  const world = await openWorld(t, { tls, limits: { unboundMax: 1 } })
  const idle = await openRawClient(world.port)
  await bindTo(t, world.port, { tls: { ca: CERTIFICATE } })
  await idle.untilClosed()
  assert.equal(world.server.unboundCount, 0)
})

test('a server that closes does not wait for handshakes', async (t) => {
  const world = await openWorld(t, { tls })
  const idle = await openRawClient(world.port)
  while (world.server.sessionCount === 0) await new Promise((resolve) => setImmediate(resolve))
  await world.server.close()
  await idle.untilClosed()
})
