/** What the MM4 door answers to requests, reports and responses that are unusual or broken. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/inbox.ts'
import {
  type Fields,
  forwardFields,
  handOver,
  nextResponse,
  OURS,
  SYSTEM,
  writeMail,
} from '../support/mm4-client.ts'
import { CARRIER, GATEWAY_DOMAIN, HANDSET, startGateway } from '../support/start-gateway.ts'

const NOBODY = `54321/TYPE=PLMN@${GATEWAY_DOMAIN}`
const RELATED = 'multipart/related; boundary="b"; type="application/smil"'
const BROKEN_BASE64 =
  '--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!\r\n--b--\r\n'
const received = (count: number, host: string): Fields => ({
  Received: Array(count).fill(
    `from a.example by ${host} with ESMTP; Sat, 21 Nov 2026 10:00:00 GMT`,
  ),
})

// biome-ignore format: a table
const refused: readonly (readonly [string, Fields, string, string])[] = [
  ['no From',                         { From: undefined },                                'Error-message-format-corrupt', 'x'],
  ['no To',                           { To: undefined },                                  'Error-message-format-corrupt', 'x'],
  ['no message id',                   { 'X-Mms-Message-ID': undefined },                  'Error-message-format-corrupt', 'x'],
  ['a multipart that never begins',   { 'Content-Type': RELATED },                        'Error-message-format-corrupt', 'x'],
  ['a multipart without its end',     { 'Content-Type': RELATED },                        'Error-message-format-corrupt', '--b\r\n\r\nx'],
  ['a part that is no base64',        { 'Content-Type': RELATED },                        'Error-message-format-corrupt', BROKEN_BASE64],
  ['a message type of nobody',        { 'X-Mms-Message-Type': 'MM4_dance.REQ' },          'Error-unsupported-message',    'x'],
  ['a major version of nobody',       { 'X-Mms-3GPP-MMS-Version': '17.0.0' },             'Error-unsupported-message',    'x'],
  ['sender and recipient are one',    { From: OURS },                                     'Error-unspecified',            'x'],
  ['it has been here before, twice',  received(2, 'relay.gateway.example'),               'Error-unspecified',            'x'],
  ['it has been through 101 hands',   received(101, 'hub.example'),                       'Error-unspecified',            'x'],
]

test('a request that cannot be served is taken with 250 and refused in its response', async (t) => {
  const world = await startGateway(t)
  for (const [name, change, status, body] of refused) {
    await t.test(name, async () => {
      const fields = forwardFields(change)
      assert.match(await handOver(world.ports.smtp, writeMail(fields, body)), /^250/)
      const response = await nextResponse(world)
      assert.equal(response.status, status)
      assert.equal(response.transactionId, fields['X-Mms-Transaction-ID'])
      assert.equal(response.version, '6.10.0', 'in a version we speak')
      assert.deepEqual(response.envelope.to, [SYSTEM])
    })
  }
  assert.equal(world.vasp.posts.all.length, 0)
})

test('a mail that is no MM4 at all is refused for good', async (t) => {
  const world = await startGateway(t)
  const mail = 'From: a@a.example\r\nTo: b@b.example\r\nSubject: hello\r\n\r\nhello'
  assert.match(await handOver(world.ports.smtp, mail), /^554 5\.6\.0/)
  assert.match(await handOver(world.ports.smtp, ''), /^554 5\.6\.0/)
})

test('a recipient nobody owns is named as unresolved', async (t) => {
  const world = await startGateway(t)
  await handOver(world.ports.smtp, writeMail(forwardFields({ To: NOBODY })), [NOBODY])
  const { status, recipients } = await nextResponse(world)
  assert.equal(status, 'Error-sending-address-unresolved')
  assert.equal(recipients, NOBODY)
})

test('where no response is wanted, a refusal is the answer to the final dot', async (t) => {
  const world = await startGateway(t)
  const quiet = (change: Fields) => forwardFields({ 'X-Mms-Ack-Request': 'No', ...change })
  const smtp = (change: Fields, to = OURS, body = 'x') =>
    handOver(world.ports.smtp, writeMail(quiet(change), body), [to])
  assert.match(await smtp({ To: NOBODY }, NOBODY), /^550 5\.1\.1/)
  assert.match(await smtp({ From: undefined }), /^554 5\.6\.0/)
  assert.match(await smtp({ 'Content-Type': RELATED }), /^554 5\.6\.0/)
  assert.match(await smtp({ From: OURS }), /^554 5\.4\.6/)
})

test('of two recipients each gets its own answer, and the one we know its message', async (t) => {
  const world = await startGateway(t)
  // The envelope decides; the header shows a group of which two are here.
  const shown = `+15550100777/TYPE=PLMN, ${OURS}`
  await handOver(world.ports.smtp, writeMail(forwardFields({ To: shown })), [OURS, NOBODY])
  const answers = [await nextResponse(world), await nextResponse(world)]
  assert.deepEqual(
    new Map(answers.map(({ status, recipients }) => [status, recipients])),
    new Map([
      ['Ok', OURS],
      ['Error-sending-address-unresolved', NOBODY],
    ]),
  )
  await world.vasp.posts.next('the message')
  assert.equal(world.vasp.posts.left, 0)
})

test('without responses, a recipient nobody owns is told by a report, if one is wanted', async (t) => {
  const world = await startGateway(t)
  const quiet = {
    To: `${OURS}, ${NOBODY}`,
    'X-Mms-Ack-Request': 'No',
    'X-Mms-Delivery-Report': 'Yes',
  }
  const unwanted = forwardFields({ ...quiet, 'X-Mms-Message-Class': 'Auto' })
  const wanted = forwardFields(quiet)
  for (const fields of [unwanted, wanted]) {
    assert.match(await handOver(world.ports.smtp, writeMail(fields), [OURS, NOBODY]), /^250/)
  }
  const rejected = await world.carrier.mails.next(
    'the refusal',
    ({ headers }) => headers.get('X-Mms-MM-Status-Code') === 'Rejected',
  )
  const { headers, envelope } = rejected
  assert.equal(headers.get('X-Mms-Message-ID'), wanted['X-Mms-Message-ID'])
  assert.equal(headers.get('From'), NOBODY)
  assert.match(envelope.to.join(), new RegExp(`^\\+${HANDSET}/TYPE=PLMN@`))
})

const report = (change: Fields): Fields =>
  forwardFields({
    'X-Mms-Message-Type': 'MM4_delivery_report.REQ',
    'X-Mms-MM-Status-Code': 'Retrieved',
    'Content-Type': undefined,
    ...change,
  })

test('a report about a message of nobody is answered message-not-found', async (t) => {
  const world = await startGateway(t)
  await handOver(world.ports.smtp, writeMail(report({ 'X-Mms-Message-ID': '"who@knows"' }), ''))
  const { status } = await nextResponse(world, 'MM4_delivery_report.RES')
  assert.equal(status, 'Error-message-not-found')
})

test('responses and reports are heard from peers that write as little as they can', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { response: 'none', responseAfterMs: 0, reports: [] })
  const id = await world.submit()
  const { headers } = await world.carrier.next('MM4_forward.REQ')
  // No Date, From, To or MIME headers, no body, no quotes, another message id, odd capitals.
  const transactionId = headers.get('X-Mms-Transaction-ID')?.replaceAll('"', '')
  const answer = [
    'x-mms-3gpp-mms-version:6.3.0',
    'X-MMS-Message-Type:mm4_Forward.RES',
    `X-Mms-Transaction-Id:${transactionId}`,
    'X-Mms-Message-Id: x-17@theirs',
    'X-Mms-Request-Status-Code:Ok',
  ].join('\r\n')
  assert.match(
    await handOver(world.ports.smtp, `${answer}\r\n`, [`system@${GATEWAY_DOMAIN}`]),
    /^250/,
  )
  await world.vasp.posts.next('Forwarded', ({ report }) => report?.mmStatus === 'Forwarded')

  // Addressed the other way round, with a status of the other spelling, and no response wanted.
  const said = report({
    'X-Mms-Message-ID': headers.get('X-Mms-Message-ID')?.replaceAll('"', ''),
    'X-Mms-MM-Status-Code': 'Unrecognized',
    'X-Mms-Ack-Request': undefined,
    From: OURS,
    To: `+${HANDSET}/TYPE=PLMN`,
  })
  assert.match(await handOver(world.ports.smtp, writeMail(said, '')), /^250/)
  await world.vasp.posts.next('the end', ({ report }) => report?.mmStatus === 'Unrecognized')
  await world.settled(id, 'failed')
  assert.equal(world.carrier.mails.left, 0, 'nothing was answered that asked for no answer')
})

test('a read report proves that the message was fetched', async (t) => {
  const world = await startGateway(t)
  world.carrier.script(HANDSET, { response: 'Ok', responseAfterMs: 0, reports: [] })
  const id = await world.submit()
  await world.settled(id, 'submitted')
  const { headers } = await world.carrier.next('MM4_forward.REQ')
  const read = report({
    'X-Mms-Message-Type': 'MM4_read_reply_report.REQ',
    'X-Mms-Message-ID': headers.get('X-Mms-Message-ID'),
    'X-Mms-MM-Status-Code': undefined,
    'X-Mms-Read-Status': 'Read',
  })
  await handOver(world.ports.smtp, writeMail(read, ''))
  assert.equal((await nextResponse(world, 'MM4_read_reply_report.RES')).status, 'Ok')
  const { events } = await until('the end', async () => {
    const story = await world.trace(id)
    return story.deliveries[0]?.state === 'delivered' && story
  })
  const last = events.findLast((event) => event.type === 'reported')
  assert.equal(`${last?.route} ${last?.report.status}`, `${CARRIER} read`)
})
