/** The SMPP door under TLS, by the files the operator names. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createSubmitSm } from '../../src/codecs/smpp/create-body.ts'
import { DEMO_ESME, DEMO_ESME_SENDER } from '../../src/simulator/smpp-accounts.ts'
import { worldOf } from '../../src/simulator/world.ts'
import { CERTIFICATE, KEY } from '../support/certificate.ts'
import { bindTo } from '../support/smpp-door.ts'
import { startGateway, type WorldOptions } from '../support/start-gateway.ts'

const OURSELVES = { servername: 'localhost', ca: CERTIFICATE }
const SANDBOX = { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 }
const SUBMIT = createSubmitSm({
  source: { ton: 1, npi: 1, addr: DEMO_ESME_SENDER },
  destination: { ton: 1, npi: 1, addr: '15550100123' },
  registeredDelivery: 1,
  shortMessage: Buffer.from('Behind a curtain'),
})

function underTls(t: TestContext): NonNullable<WorldOptions['flags']> {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-smpp-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  writeFileSync(key, KEY, { mode: 0o600 })
  writeFileSync(cert, CERTIFICATE)
  return { 'smpp.tls.key': key, 'smpp.tls.cert': cert }
}

test('over TLS a client binds, submits and gets its receipt', async (t) => {
  const { ports } = await startGateway(t, { flags: { ...SANDBOX, ...underTls(t) } })
  const client = await bindTo(ports.smpp, { tls: OURSELVES })
  const reply = await client.session.request(SUBMIT)
  assert.ok(reply.kind === 'answered' && 'messageId' in reply.response)
  const told = await client.inbox.next('the receipt')
  assert.equal(told.tlvs.receiptedMessageId, reply.response.messageId)
  await client.close()
})

test('a client in clear does not get through a door under TLS', async (t) => {
  const { ports } = await startGateway(t, { flags: { ...SANDBOX, ...underTls(t) } })
  await assert.rejects(bindTo(ports.smpp), /"failed"/)
})

/** The first account has an entry for clients that speak TLS. */
const demanding: NonNullable<WorldOptions['directory']> = (data) => {
  const smpp = worldOf([]).accounts.find(({ id }) => id === DEMO_ESME)?.smpp
  if (smpp === undefined) throw new Error('the sandbox has no client of SMPP')
  return {
    ...data,
    accounts: data.accounts.map((account, index) =>
      index === 0 ? { ...account, smpp: { ...smpp, tlsRequired: true } } : account,
    ),
  }
}

test('a client that must speak TLS binds over it, and in clear nowhere', async (t) => {
  const clear = await startGateway(t, { directory: demanding })
  await assert.rejects(bindTo(clear.ports.smpp), /"refused".*13/)
  const curtained = await startGateway(t, { directory: demanding, flags: underTls(t) })
  const client = await bindTo(curtained.ports.smpp, { tls: OURSELVES })
  await client.close()
})
