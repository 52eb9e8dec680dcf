/** What becomes of recipients and messages of an MM4 client that are refused: told, and kept. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OPEN_POLICY } from '../../src/core/directory.ts'
import { WILLING } from '../support/carrier.ts'
import {
  type AccountOptions,
  type AccountWorld,
  CLIENT,
  OWN_NUMBER,
  startAccount,
  submissionFields,
} from '../support/mm4-account.ts'
import { callDoor, forwardFields, handOver, writeMail } from '../support/mm4-client.ts'
import { GATEWAY_DOMAIN, HANDSET } from '../support/start-gateway.ts'

const TOLL_FREE = '18005550123'
const BYTES_MAX = 50_000
const STRICT: AccountOptions = {
  account: {
    policy: {
      ...OPEN_POLICY,
      tollFree: false,
      contentBytesMax: BYTES_MAX,
      tollFreeBytesMax: BYTES_MAX,
    },
  },
}
const QUIET = { 'X-Mms-Ack-Request': 'No' }

test('without responses, who was refused among others is told by a report with its code', async (t) => {
  const world = await startAccount(t, STRICT)
  const fields = submissionFields(QUIET)
  assert.match(await world.submit4(fields, [HANDSET, TOLL_FREE, '911']), /^250/)
  const told = [await world.report(), await world.report(), await world.report()]
  assert.deepEqual(
    told.map(({ about, status, code }) => `${about?.split('/')[0]} ${status} ${code}`).sort(),
    [`+${TOLL_FREE} Rejected 433`, `+${HANDSET} Retrieved 0`, '911 Rejected 492'].sort(),
  )
  assert.equal(world.mmsc.mails.left, 0, 'and by nothing else')
})

test('where neither responses nor reports are wanted, nobody is told', async (t) => {
  const world = await startAccount(t, STRICT)
  const fields = submissionFields({ ...QUIET, 'X-Mms-Delivery-Report': 'No' })
  assert.match(await world.submit4(fields, [TOLL_FREE, HANDSET]), /^250/)
  const [id = ''] = await messagesOf(world, 'accepted')
  await world.settled(id, 'delivered')
  assert.equal(world.mmsc.mails.all.length, 0)
})

test('with responses, the response is all that is said to who was refused', async (t) => {
  const world = await startAccount(t, STRICT)
  await world.submit4(submissionFields(), [HANDSET, TOLL_FREE])
  const answers = [await world.response(), await world.response()]
  assert.deepEqual(answers.map(({ status }) => status).sort(), ['Error-service-denied', 'Ok'])
  assert.equal((await world.report()).status, 'Retrieved')
  assert.equal(world.mmsc.mails.left, 0)
})

test('without responses, a message refused for all is refused in SMTP, whatever the reasons', async (t) => {
  const world = await startAccount(t, STRICT)
  const reply = await world.submit4(submissionFields(QUIET), [TOLL_FREE, '911'])
  assert.match(reply, /^550 5\.7\.1 433 rejected-forbidden-tollfree$/)
})

// biome-ignore format: a table
const objections = [
  ['broken MIME',                { 'Content-Type': 'multipart/mixed; boundary=b' }, '301', 'readable'],
  ['a flag that says neither',   { 'X-Mms-Delivery-Report': 'Maybe' },              '306', 'receipt-flag'],
] as const

test('a message refused as a whole is kept for trace, with what asked and its rule', async (t) => {
  const world = await startAccount(t)
  for (const [name, change, code, policy] of objections) {
    await world.submit4(submissionFields(change))
    assert.equal((await world.response()).code, code, name)
    const [id = ''] = await messagesOf(world, 'refused')
    const { events, deliveries } = await world.trace(id)
    const failed = events.find((event) => event.type === 'failed')
    assert.equal(failed?.policy, policy, name)
    assert.deepEqual(
      deliveries.map(({ state }) => state),
      ['failed'],
    )
  }
})

test('so is one that speaks for another domain', async (t) => {
  const world = await startAccount(t)
  const line = await callDoor(world.ports.smtp, '127.0.0.2')
  await line.ask(`MAIL FROM:<+${OWN_NUMBER}/TYPE=PLMN@mms.somebody.example>`)
  await line.ask(`RCPT TO:<+${HANDSET}/TYPE=PLMN@${GATEWAY_DOMAIN}>`)
  await line.ask('DATA')
  await line.ask(`${writeMail(submissionFields())}.`)
  line.socket.destroy()
  assert.equal((await world.response()).code, '451')
  const [id = ''] = await messagesOf(world, 'refused')
  const { events } = await world.trace(id)
  assert.equal(events.find((event) => event.type === 'failed')?.policy, 'identity')
})

test('what comes too fast costs no row', async (t) => {
  const limits = { callsPerSecond: 0.001, callsBurst: 1, contentBytesMax: 1_000_000 }
  const world = await startAccount(t, { account: { limits } })
  for (const change of [{}, {}, { 'X-Mms-Delivery-Report': 'Maybe' }]) {
    await world.submit4(submissionFields(change))
    await world.response()
  }
  assert.equal((await messagesOf(world)).length, 1)
})

test('that an account’s subscriber read it is told to the carrier whose handset asked', async (t) => {
  const world = await startAccount(t)
  world.mmsc.script(OWN_NUMBER, { ...WILLING, read: { status: 'Read', afterMs: 0 } })
  const to = `+${OWN_NUMBER}/TYPE=PLMN@${GATEWAY_DOMAIN}`
  const fields = forwardFields({ To: to, 'X-Mms-Read-Reply': 'Yes' })
  assert.match(await handOver(world.ports.smtp, writeMail(fields), [to]), /^250/)
  const asked = await world.mmsc.next('MM4_forward.REQ')
  assert.equal(asked.headers.get('X-Mms-Read-Reply'), 'Yes')
  const { headers, envelope } = await world.carrier.next('MM4_read_reply_report.REQ')
  assert.equal(headers.get('X-Mms-Read-Status'), 'Read')
  assert.equal(headers.get('X-Mms-Message-ID'), fields['X-Mms-Message-ID'])
  assert.match(headers.get('From') ?? '', new RegExp(`^\\+${OWN_NUMBER}/`))
  assert.match(envelope.to.join(), new RegExp(`^\\+${HANDSET}/`))
})

/** Ids of the account's messages, the newest first; `refused`: those a policy or objection ended. */
async function messagesOf(
  world: AccountWorld,
  which?: 'refused' | 'accepted',
): Promise<readonly string[]> {
  const { body } = await world.get(`/admin/messages?account=${CLIENT}`)
  const { messages } = JSON.parse(body) as { messages: { message: { id: string } }[] }
  const stories = await Promise.all(messages.map(({ message }) => world.trace(message.id)))
  return stories
    .filter(({ events }) => {
      const refused = events.some((event) => event.type === 'failed' && event.policy !== undefined)
      return which === undefined || refused === (which === 'refused')
    })
    .map(({ message }) => message.id)
}
