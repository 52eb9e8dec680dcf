/** Habits of real MM4 peers that the gateway lives with: each was seen in traffic or in a peer's code. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CARRIER_DOMAIN, WILLING } from '../support/carrier.ts'
import { startAccount, submissionFields } from '../support/mm4-account.ts'
import {
  callDoor,
  type Fields,
  forwardFields,
  handOver,
  nextResponse,
  OURS,
  SYSTEM,
  THEIRS,
  writeMail,
} from '../support/mm4-client.ts'
import { HANDSET, startGateway } from '../support/start-gateway.ts'

const NUMBER = `+${HANDSET}/TYPE=PLMN@${CARRIER_DOMAIN}`

// biome-ignore format: a table
const systems: readonly (readonly [string, Fields, string])[] = [
  ['a system address',                    {},                                                                SYSTEM],
  ['no system, but a Sender',             { 'X-Mms-Originator-System': undefined, Sender: 'mmsc@hub.example' }, 'mmsc@hub.example'],
  ['a subscriber as system',              { 'X-Mms-Originator-System': NUMBER },                             `system@${CARRIER_DOMAIN}`],
  ['a subscriber as system and Sender',   { 'X-Mms-Originator-System': NUMBER, Sender: NUMBER },             `system@${CARRIER_DOMAIN}`],
  ['nobody at all',                       { 'X-Mms-Originator-System': undefined },                          `system@${CARRIER_DOMAIN}`],
]

test('a response goes to a system, never to a number: some would show it to the subscriber', async (t) => {
  const world = await startGateway(t)
  for (const [name, change, to] of systems) {
    await handOver(world.ports.smtp, writeMail(forwardFields(change)))
    assert.deepEqual((await nextResponse(world)).envelope.to, [to], name)
  }
})

test('a response that comes to a subscriber’s address is a response and no message', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, response: 'none', reports: [] })
  const id = await world.submit()
  const { headers } = await world.carrier.next('MM4_forward.REQ')
  const answer = writeMail({
    'X-Mms-3GPP-MMS-Version': '6.10.0',
    'X-Mms-Message-Type': 'MM4_forward.RES',
    'X-Mms-Transaction-ID': headers.get('X-Mms-Transaction-ID'),
    'X-Mms-Request-Status-Code': 'Error-content-not-accepted',
  })
  assert.match(await handOver(world.ports.smtp, answer, [OURS]), /^250/)
  await world.settled(id, 'failed')
  const delivered = world.vasp.posts.all.filter(({ deliver }) => deliver !== undefined)
  assert.deepEqual(delivered, [])
})

// biome-ignore format: a table
const rewritten: readonly (readonly [string, Fields, string])[] = [
  ['as it was',                      {},                                                                   'A bell'],
  ['with a Message-ID of a relay',   { 'Message-ID': '<other@av.example>' },                               'A bell'],
  ['with marks of a virus scanner',  { 'X-Brightmail-Tracker': 'AAAA', 'X-AuditID': 'c0a80001-f79' },      'A bell'],
  ['in another encoding',            { 'Content-Transfer-Encoding': 'base64' },                            'QSBiZWxs'],
  ['with a footer',                  {},                                                                   'A bell\r\n-- \r\nScanned'],
  ['with its id unquoted',           { 'X-Mms-Message-ID': 'same@mms.carrier.example' },                   'A bell'],
]

test('a request repeated is one message, whatever a relay made of it in between', async (t) => {
  const world = await startGateway(t)
  const own = { 'X-Mms-Message-ID': '"same@mms.carrier.example"' }
  for (const [name, change, body] of rewritten) {
    const mail = writeMail(forwardFields({ ...own, ...change }), body)
    assert.match(await handOver(world.ports.smtp, mail), /^250/, name)
    assert.equal((await nextResponse(world)).status, 'Ok', name)
  }
  const post = await world.vasp.posts.next('the message')
  await world.settled(post.deliver?.linkedId ?? '', 'delivered')
  assert.equal(world.vasp.posts.all.filter(({ deliver }) => deliver !== undefined).length, 1)
})

// biome-ignore format: a table
const bodies: readonly (readonly [string, Fields, string])[] = [
  ['a boundary on a line of its own',  { 'Content-Type': 'multipart/related; \r\n\tboundary="b" ' },         '--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b--'],
  ['a fold of blanks only',            { 'Content-Type': 'multipart/related; boundary=b\r\n  ' },           '--b\r\nContent-Type: text/plain\r\n\r\nHi\r\n--b--'],
  ['no blank after the colon',         { 'Content-Type': 'multipart/mixed;Boundary=b' },                    '--b\r\nContent-Type:text/plain;Name=x.txt\r\nContent-ID:<x>\r\nContent-Disposition:attachment;FileName=x.txt\r\n\r\nHi\r\n--b--'],
  ['a start without its brackets',     { 'Content-Type': 'multipart/related; Start=0.smil; Type="application/smil"; boundary=b' }, '--b\r\nContent-Type: text/plain\r\nContent-ID: 0.txt\r\n\r\nHi\r\n--b--'],
  ['a single part and no multipart',   { 'Content-Type': 'text/plain; Charset="utf-8"' },                   'Hi'],
  ['an empty subject',                 { Subject: '' },                                                     'Hi'],
]

test('bodies are read as peers write them', async (t) => {
  const world = await startGateway(t)
  for (const [name, change, body] of bodies) {
    const mail = writeMail(forwardFields(change), body)
    assert.match(await handOver(world.ports.smtp, mail), /^250/, name)
    assert.equal((await nextResponse(world)).status, 'Ok', name)
  }
})

test('a message whose time was up before it came is told as expired and not sent', async (t) => {
  const world = await startAccount(t)
  for (const expiry of ['Tue, 01 Feb 2022 22:17:44 GMT', '2022-02-01T22:17:44Z']) {
    await world.submit4(submissionFields({ 'X-Mms-Expiry': expiry }))
    assert.equal((await world.report()).status, 'Expired', expiry)
  }
  assert.equal(world.carrier.mails.all.length, 0)
})

test('a peer that wants plain addresses gets them in its envelope', async (t) => {
  const world = await startGateway(t, { mm4: { addressForm: 'plain' } })
  await world.submit()
  const { envelope } = await world.carrier.next('MM4_forward.REQ')
  assert.deepEqual(envelope.to, [`+${HANDSET}@${CARRIER_DOMAIN}`])
})

test('a dot too many after the reply is no reason to forget what was taken', async (t) => {
  const world = await startGateway(t)
  const line = await callDoor(world.ports.smtp)
  for (const command of [`MAIL FROM:<${THEIRS}>`, `RCPT TO:<${OURS}>`, 'DATA']) {
    await line.ask(command)
  }
  assert.match(await line.ask(`${writeMail(forwardFields())}.`), /^250/)
  assert.match(await line.ask('.'), /^500/)
  assert.match(await line.ask('QUIT now'), /^(221|501)/)
  line.socket.destroy()
  assert.equal((await nextResponse(world)).status, 'Ok')
  await world.vasp.posts.next('the message', ({ deliver }) => deliver !== undefined)
})

test('an answer of Ok proves nothing about the handset, and a refusal is never a success', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { ...WILLING, reports: [] })
  const id = await world.submit()
  await world.carrier.next('MM4_forward.REQ')
  const { deliveries } = await world.settled(id, 'submitted')
  assert.equal(deliveries[0]?.state, 'submitted')
  world.carrier.script('15550100888', { ...WILLING, response: 'Error-service-denied', reports: [] })
  await world.settled(await world.submit('15550100888'), 'failed')
})

// biome-ignore format: a table
const wishes: readonly (readonly [string, Fields, string])[] = [
  ['its user',           { 'X-Mms-Delivery-Report': 'Yes' },                                                'Yes'],
  ['its MMSC alone',     { 'X-Mms-Delivery-Report': 'No', 'X-Mms-Originator-R/S-Delivery-Report': 'Yes' },  'No'],
  ['both of them',       { 'X-Mms-Delivery-Report': 'Yes', 'X-Mms-Originator-R/S-Delivery-Report': 'Yes' }, 'Yes'],
]

test('a report says whether the user is to see it: only what the user asked for', async (t) => {
  const world = await startAccount(t)
  for (const [who, change, shown] of wishes) {
    await world.submit4(submissionFields(change))
    const { headers } = await world.mmsc.next('MM4_delivery_report.REQ')
    assert.equal(headers.get('X-Mms-Forward-To-Originator-UA'), shown, who)
  }
})

test('a peer of an older release is told Expired of a handset that was not reached', async (t) => {
  for (const [version, status] of [
    ['5.5.0', 'Expired'],
    ['6.10.0', 'Unreachable'],
  ] as const) {
    const world = await startAccount(t, { client: { version } })
    world.carrier.script(HANDSET, { ...WILLING, reports: [{ status: 'Unreachable', afterMs: 0 }] })
    await world.submit4(submissionFields())
    const { status: told, code } = await world.report()
    assert.deepEqual([told, code], [status, '650'])
  }
})
