/** Doors under TLS: who may speak in clear, and who must show which certificate. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { createTransport } from 'nodemailer'
import type { Mm7Access } from '../../src/core/directory.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { forwardFields, OURS, THEIRS, writeMail } from '../support/mm4-client.ts'
import { exchangeOn, writeRequest } from '../support/mm7-client.ts'
import { HANDSET, startGateway } from '../support/start-gateway.ts'

const OWN = new X509Certificate(CERTIFICATE).fingerprint256.replaceAll(':', '').toLowerCase()
const SHOWN = { cert: CERTIFICATE, key: KEY }
const OURSELVES = { servername: 'localhost', ca: CERTIFICATE }

/** Settings of a door that speaks TLS and asks for certificates. */
function underTls(t: TestContext, door: 'http' | 'smtp') {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  writeFileSync(key, KEY, { mode: 0o600 })
  writeFileSync(cert, CERTIFICATE)
  return {
    [`${door}.tls.key`]: key,
    [`${door}.tls.cert`]: cert,
    [`${door}.tls.clientCertificates`]: true,
  }
}

// biome-ignore format: a table
const lines: readonly (readonly [string, Partial<Mm7Access>, object, string])[] = [
  ['no certificate where none is demanded',  {},                                 {},    '1000'],
  ['any TLS where only that is demanded',    { tlsRequired: true },              {},    '1000'],
  ['the certificate that is demanded',       { certificates: [OWN] },            SHOWN, '1000'],
  ['no certificate where one is demanded',   { certificates: [OWN] },            {},    '2000'],
  ['a certificate of somebody else',         { certificates: ['0'.repeat(64)] }, SHOWN, '2000'],
]
for (const [what, access, shown, code] of lines) {
  test(`${what} is answered ${code}`, async (t) => {
    const world = await startGateway(t, { access, flags: underTls(t, 'http') })
    const socket = connect({ host: '127.0.0.1', port: world.ports.http, ...OURSELVES, ...shown })
    t.after(() => socket.destroy())
    const answer = await exchangeOn(socket, writeRequest({}, HANDSET))
    assert.equal(answer.code, code, answer.body)
  })
}

test('a line in clear is refused where TLS is demanded', async (t) => {
  const world = await startGateway(t, { access: { tlsRequired: true } })
  assert.equal((await world.send()).code, '2000')
})

test('a peer is known by the certificate it shows', async (t) => {
  const world = await startGateway(t, {
    mm4: { fromAddresses: [], certificates: [OWN] },
    flags: underTls(t, 'smtp'),
  })
  const send = (shown: object) => {
    const tls = { ca: CERTIFICATE, ...shown }
    const transport = createTransport({ host: 'localhost', port: world.ports.smtp, tls })
    const raw = writeMail(forwardFields())
    return transport.sendMail({ envelope: { from: THEIRS, to: [OURS] }, raw })
  }
  await assert.rejects(send({}), { responseCode: 530 })
  await send(SHOWN)
  await world.vasp.posts.next('the message', ({ deliver }) => deliver !== undefined)
})
