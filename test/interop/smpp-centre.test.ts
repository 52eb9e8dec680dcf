/**
 * Message centres that are not ours, reached by our connector. Kannel cannot play one, but its
 * package has `drive_smpp`, a bare centre without ids and receipts; the npm package `smpp` has both.
 */
import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import type { ForeignPdu } from '../../src/codecs/smpp/testing/foreign-smpp.ts'
import { startEsmeWorld, submitText } from '../support/esme-world.ts'
import { openForeignCentre } from '../support/foreign-centre.ts'
import { reservePort } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { missing, startPeer } from '../support/peer-process.ts'
import { bindTo } from '../support/smpp-door.ts'

test('drive_smpp of Kannel takes what we send, and what it sends arrives', {
  skip: missing('drive_smpp'),
}, async (t) => {
  const port = await reservePort()
  const centre = startPeer('drive_smpp', ['-v', '0', '-p', String(port), '-m', '3'], tmpdir())
  t.after(() => centre.stop())
  // It writes to this number as soon as somebody binds as receiver.
  const sms = { port, bindAs: 'pair', binds: 1, sendsReports: false } as const
  await until('the centre to start', () => /accept_thread/.test(centre.said()))
  const world = await startEsmeWorld(t, sms, ['123'])
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  const ids: string[] = []
  for (const text of ['Ding', 'Dong']) ids.push(await submitText(client, text))
  await until('both', () => /message = <Dong>/.test(centre.said()))
  assert.match(centre.said(), /message = <Ding>/)
  // It gives no ids and sends no receipts: that it took them is all that is ever known.
  for (const id of ids) await world.settled(id, 'forwarded')
  for (const text of ['1', '2', '3']) {
    await client.inbox.next(
      text,
      ({ shortMessage }) => Buffer.from(shortMessage).toString() === text,
    )
  }
})

test('the npm package takes a text from us, and its receipt in another spelling of the id ends it', async (t) => {
  const seen: ForeignPdu[] = []
  const { port } = await openForeignCentre(t, { submitted: (pdu) => seen.push(pdu) })
  const world = await startEsmeWorld(t, { port })
  const client = await bindTo(world.ports.smpp)
  t.after(() => client.close())
  const id = await submitText(client, 'Ding @ dong')
  const { tlvs } = await client.inbox.next('the receipt')
  assert.equal(tlvs.receiptedMessageId, id)
  assert.equal(tlvs.messageState, 2)
  assert.deepEqual(
    seen.map(({ short_message: text }) => (text as { readonly message: string }).message),
    ['Ding ¡ dong'],
  )
})
