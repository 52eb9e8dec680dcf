/** Taking a short message back from the message centre that has it already, over real sockets. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CancelSm } from '../../src/codecs/smpp/pdu.ts'
import type { SmscBehaviour } from '../../src/connectors/smpp/behaviour.ts'
import type { SmppPeer } from '../../src/core/smpp-peer.ts'
import { until } from '../support/inbox.ts'
import { CLIENT_NUMBER, openSmsWorld, PHONE, TAKES } from '../support/sms-world.ts'

const CANCEL_FAILED = 0x11
const SOURCE = { ton: 1, npi: 1, addr: CLIENT_NUMBER }
const DESTINATION = { ton: 1, npi: 1, addr: PHONE }
const SERVES: Partial<SmppPeer> = { servesCancel: true, cancelTimeoutMs: 300 }

/** A message the centre has taken and not yet delivered. */
async function openTaken(
  t: TestContext,
  behaviour: Partial<SmscBehaviour> = {},
  smpp: Partial<SmppPeer> = SERVES,
) {
  const world = await openSmsWorld(t, smpp)
  world.play({ ...TAKES, ...behaviour })
  const id = await world.sms('Never mind')
  await world.settled(id, 'submitted')
  const body: CancelSm = {
    command: 'cancel_sm',
    serviceType: '',
    messageId: id,
    source: SOURCE,
    destination: { ton: 0, npi: 0, addr: '' },
    tlvs: {},
  }
  const cancel = async () => {
    const reply = await world.client.session.request(body)
    return reply.kind === 'answered' ? reply.commandStatus : reply.kind
  }
  return { world, id, cancel }
}

test('a centre that gives a message back ends it, and its word is kept', async (t) => {
  const { world, id, cancel } = await openTaken(t)
  assert.equal(await cancel(), 0)
  const [asked] = world.smsc.cancels
  const [sent] = world.smsc.seen
  assert.equal(asked?.messageId, sent?.id)
  assert.deepEqual([asked?.source, asked?.destination], [SOURCE, DESTINATION])
  const { deliveries, events } = await world.trace(id)
  assert.equal(deliveries[0]?.state, 'cancelled')
  const [event] = events.filter(({ type }) => type === 'cancelled')
  assert.ok(event?.type === 'cancelled' && event.route === 'harbour')
  assert.match(event.raw ?? '', /cancel_sm_resp ESME_ROK/)
})

const status = (number: number) => ({ kind: 'status', status: number }) as const
const refusals: Readonly<Record<string, SmscBehaviour['cancelAnswer']>> = {
  'too late': status(CANCEL_FAILED),
  'never heard of it': status(0x0c),
  'not served': status(0x03),
  silence: { kind: 'silence' },
  'a broken line': { kind: 'drop' },
}
for (const [what, cancelAnswer] of Object.entries(refusals)) {
  test(`a centre that says ${what} keeps the message, whose receipt is still told`, async (t) => {
    const { world, id, cancel } = await openTaken(t, { ...(cancelAnswer && { cancelAnswer }) })
    assert.equal(await cancel(), CANCEL_FAILED)
    assert.equal((await world.trace(id)).deliveries[0]?.state, 'submitted')
    const [sent] = world.smsc.seen
    assert.ok(sent !== undefined)
    await until('a bind', () => world.smsc.sessions().some(({ open }) => open))
    world.smsc.report(sent, { stat: 'DELIVRD' })
    await world.settled(id, 'delivered')
  })
}

test('a centre that is not said to serve it is not asked', async (t) => {
  const { world, cancel } = await openTaken(t, {}, {})
  assert.equal(await cancel(), CANCEL_FAILED)
  assert.deepEqual(world.smsc.cancels, [])
})
