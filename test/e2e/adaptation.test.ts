/** A photograph that a carrier does not take: made smaller on the way, whole in the store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPictureHeader } from '../../src/adaptation/picture-header.ts'
import { photograph, skip } from '../../src/adaptation/testing/pictures.ts'
import { hashKey } from '../../src/config/secret.ts'
import { until } from '../support/inbox.ts'
import { ordinaryOperation, ordinaryParts } from '../support/mm7-client.ts'
import { CARRIER, startGateway } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

const KIB = 1024
const BUDGET = { messageBytesMax: 100 * KIB, imageWidthMax: 640 }

const photo = async () =>
  Buffer.from(await (await photograph(1200, 900, 1)).toFormat('jpeg', { quality: 90 }).toBuffer())

const withBudget = <C extends { readonly name: string }>(carriers: readonly C[]) =>
  carriers.map((carrier) => (carrier.name === CARRIER ? { ...carrier, budget: BUDGET } : carrier))

test('a carrier with a budget gets a smaller picture, and history says what was done', {
  skip,
}, async (t) => {
  const world = await startGateway(t, {
    directory: (data) => ({ ...data, carriers: withBudget(data.carriers) }),
  })
  const large = await photo()
  assert.ok(large.length > 100 * KIB)
  const id = await world.submit(undefined, { parts: ordinaryParts(large) })
  const { parts } = await world.carrier.next('MM4_forward.REQ')
  const seen = parts.find(({ contentType }) => contentType.startsWith('image/'))
  const header = readPictureHeader(seen?.bytes ?? new Uint8Array(0))
  assert.deepEqual(header, { kind: 'ok', format: 'jpeg', width: 640, height: 480 })
  const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0)
  assert.ok(bytes * 1.37 < 100 * KIB, String(bytes))
  await until('the report', () => told(world.vasp, id).includes('Retrieved'))
  const { events, message } = await world.trace(id)
  const types = events.map(({ type }) => type)
  assert.deepEqual(types.slice(0, 3), ['accepted', 'adapted', 'attempted'])
  assert.ok(message.content.parts.some(({ decodedLength }) => decodedLength === large.length))
})

test('a client that forbids adaptation is told that the carrier takes no such message', {
  skip,
}, async (t) => {
  const world = await startGateway(t, {
    directory: (data) => ({ ...data, carriers: withBudget(data.carriers) }),
  })
  const id = await world.submit(undefined, {
    parts: ordinaryParts(await photo()),
    operation: { content: { href: 'cid:content', allowAdaptations: false } },
  })
  await until('the report', () => told(world.vasp, id).some((line) => line.startsWith('Rejected')))
  const { deliveries, events } = await world.trace(id)
  assert.equal(deliveries[0]?.reason, 'too-large-for-carrier')
  assert.match(JSON.stringify(events), /adaptation-forbidden/)
})

test('the sandbox has a carrier that takes no large messages, to see it happen', {
  skip,
}, async (t) => {
  const world = await startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    account: { id: 'tryer', dialect: 'sinch' },
    access: { vaspIdHash: hashKey('small-key') },
    directory: (data) => ({ ...data, numbers: [], carriers: [], routes: [] }),
  })
  const operation = ordinaryOperation('99970000001', 'small-key')
  const answer = await world.send({
    path: '/mm7/sinch',
    operation,
    parts: ordinaryParts(await photo()),
  })
  assert.equal(answer.code, '1000', answer.body)
  const id = answer.messageId ?? ''
  await until('the report', () => told(world.vasp, id).includes('Retrieved'))
  const { events } = await world.trace(id)
  assert.ok(events.some((event) => event.type === 'adapted' && event.route === 'sandbox-small'))
})
