/** What we write to a carrier's MMSC is read by tshark: the dialogue, the header, each part. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordinaryParts } from '../support/mm7-client.ts'
import { missing, openFolder } from '../support/peer-process.ts'
import { routeThrough } from '../support/postfix.ts'
import { startGateway } from '../support/start-gateway.ts'
import { type Chunk, readWithTshark } from '../support/tshark.ts'
import { openWireTap } from '../support/wire-tap.ts'

test('tshark finds in our MM4_forward.REQ what we meant', {
  skip: missing('tshark'),
}, async (t) => {
  const world = await startGateway(t)
  const tap = await openWireTap()
  t.after(() => tap.close())
  tap.leadTo(world.carrier.port)
  await routeThrough(world, tap.port)
  const id = await world.submit()
  await world.settled(id, 'delivered')
  const { message } = await world.carrier.next('MM4_forward.REQ')
  assert.ok(message?.type === 'MM4_forward.REQ')
  const said = Buffer.concat(tap.said())
  const [read = new Map<string, readonly string[]>()] = await readWithTshark(
    openFolder(t, 'tshark'),
    { port: 25, as: 'smtp', shown: 'imf', chunks: dialogueOf(said) },
  )
  const values = (name: string) => read.get(name) ?? []
  assert.deepEqual(values('_ws.malformed'), [])
  const named = new Map(
    values('imf.extension.type').map((name, index) => [
      name.toLowerCase(),
      values('imf.extension.value')[index],
    ]),
  )
  const header = (name: string) => named.get(`x-mms-${name}`)
  assert.deepEqual(
    {
      type: header('message-type'),
      version: header('3gpp-mms-version'),
      transactionId: header('transaction-id'),
      messageId: header('message-id'),
      ackRequest: header('ack-request'),
      system: header('originator-system'),
      deliveryReport: header('delivery-report'),
      from: values('imf.from')[0],
      to: values('imf.to')[0],
      subject: values('imf.subject')[0],
    },
    {
      type: message.type,
      version: message.version,
      transactionId: message.transactionId.raw,
      messageId: message.messageId.raw,
      ackRequest: 'Yes',
      system: message.originatorSystem?.raw,
      deliveryReport: 'Yes',
      from: message.from.raw,
      to: message.to[0]?.raw,
      subject: message.subject,
    },
  )
  const parts = ordinaryParts()
  assert.deepEqual(values('imf.content.type.type'), ['multipart/related'])
  assert.deepEqual(
    values('mime_multipart.header.content-type'),
    parts.map(({ contentType }) => contentType),
  )
  assert.deepEqual(
    values('mime_multipart.header.content-id'),
    parts.map(({ contentId }) => `<${contentId}>`),
  )
  assert.equal(values('mime_multipart.last_boundary').length, 1)
})

/** Each command in a packet of its own, and a yes where the mail may begin. */
function dialogueOf(said: Buffer): Chunk[] {
  const [start = '', ...rest] = said.toString('latin1').split(/(?<=^DATA\r\n)/m)
  const commands = start.split(/(?<=\r\n)/)
  const chunk = (text: string, answered = false) => ({
    answered,
    bytes: Buffer.from(text, 'latin1'),
  })
  return [
    ...commands.map((line) => chunk(line)),
    chunk('354 Go on\r\n', true),
    chunk(rest.join('')),
  ]
}
