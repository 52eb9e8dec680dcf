/**
 * The main job on real sockets: a client's MMS reaches a handset, the client hears of it, and the
 * handset's reply comes back. Told three times: by the client, by the carrier, by the history.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { ANSWERING } from '../../src/simulator/scripts.ts'
import { CARRIER_DOMAIN } from '../support/carrier.ts'
import { ordinaryParts, SMIL } from '../support/mm7-client.ts'
import { GATEWAY_DOMAIN, HANDSET, PICTURE, SENDER, startGateway } from '../support/start-gateway.ts'

/** Larger than what travels inline, and no text in any charset. */
const PHOTO = randomBytes(150_000)
const TEXT = '.one dot\r\n..two dots\r\nüñí — 鐘\r\n.\r\n'
const SUBJECT = 'Glocken für alle — 鐘'

const parts = [
  ...ordinaryParts(PHOTO),
  {
    contentType: 'text/plain; charset=utf-8',
    contentId: 'words',
    contentLocation: 'words.txt',
    body: [Buffer.from(TEXT)],
  },
]
const named = (seen: { bytes: Uint8Array }[]) => seen.map(({ bytes }) => Buffer.from(bytes))

describe('an MMS from a client to a handset and the answer back', () => {
  test('the carrier gets a standard request, the client its reports, the history every step', async (t) => {
    const world = await startGateway(t)
    const answer = await world.send({
      transactionId: 'first',
      parts,
      operation: { subject: SUBJECT, priority: 'High' },
    })
    assert.equal(`${answer.httpStatus} ${answer.code} ${answer.transactionId}`, '200 1000 first')
    const id = answer.messageId ?? ''

    const {
      envelope,
      headers,
      message: request,
      parts: seen,
    } = await world.carrier.next('MM4_forward.REQ')
    const from = `${SENDER}/TYPE=PLMN@${GATEWAY_DOMAIN}`
    const to = `+${HANDSET}/TYPE=PLMN@${CARRIER_DOMAIN}`
    assert.deepEqual([envelope.from, envelope.to], [from, [to]])
    const key = `${id}-0`
    // biome-ignore format: a table
    const expected: readonly (readonly [string, string | RegExp])[] = [
      ['X-Mms-3GPP-MMS-Version',               '6.10.0'],
      ['X-Mms-Transaction-ID',                 `"t.${key}@${GATEWAY_DOMAIN}"`],
      ['X-Mms-Message-ID',                     `"${key}@${GATEWAY_DOMAIN}"`],
      ['From',                                 from],
      ['To',                                   to],
      ['Date',                                 /^[A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d [+]0000$/],
      ['Subject',                              /^Glocken =\?utf-8\?[bq]\?/i],
      ['Message-ID',                           `<${key}@${GATEWAY_DOMAIN}>`],
      ['MIME-Version',                         '1.0'],
      ['Content-Type',                         /^multipart\/related;.*type="?application\/smil"?/is],
      ['X-Mms-Message-Class',                  'Informational'],
      ['X-Mms-Expiry',                         / 20\d\d \d\d:\d\d:\d\d/],
      ['X-Mms-Delivery-Report',                'Yes'],
      ['X-Mms-Originator-R/S-Delivery-Report', 'Yes'],
      ['X-Mms-Priority',                       'High'],
      ['X-Mms-Sender-Visibility',              'Show'],
      ['X-Mms-Read-Reply',                     'No'],
      ['X-Mms-Ack-Request',                    'Yes'],
      ['X-Mms-Originator-System',              `system@${GATEWAY_DOMAIN}`],
    ]
    for (const [name, value] of expected) {
      const got = headers.get(name) ?? ''
      if (typeof value === 'string') assert.equal(got, value, name)
      else assert.match(got, value, name)
    }
    assert.equal(request?.type === 'MM4_forward.REQ' && request.subject, SUBJECT)
    assert.deepEqual(
      seen.map(({ contentType, contentId, contentLocation }) => [
        contentType,
        contentId,
        contentLocation,
      ]),
      [
        ['application/smil', 'smil', undefined],
        ['image/png', 'photo', 'photo.png'],
        ['text/plain', 'words', 'words.txt'],
      ],
    )
    assert.deepEqual(named([...seen]), [Buffer.from(SMIL), PHOTO, Buffer.from(TEXT)])

    const reports = [await world.vasp.posts.next('Forwarded'), await world.vasp.posts.next('final')]
    assert.deepEqual(
      reports.map(({ report }) => [
        report?.messageId,
        report?.recipient.value,
        report?.sender.value,
        report?.mmStatus,
        report?.statusText,
      ]),
      [
        [id, HANDSET, SENDER, 'Forwarded', 'Forwarded'],
        [id, HANDSET, SENDER, 'Retrieved', 'Success'],
      ],
    )

    const { message, deliveries, events, waiting } = await world.settled(id, 'delivered')
    assert.equal(message.envelope.clientReference, 'first')
    assert.deepEqual([deliveries.length, deliveries[0]?.attempts, waiting], [1, 1, []])
    assert.deepEqual(
      events.flatMap((event) => ('state' in event ? `${event.type} ${event.state}` : [])),
      ['attempted submitted', 'reported submitted', 'reported delivered'],
    )
    assert.equal(events[0]?.type, 'accepted')
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'client-told' ? event.notice : [])),
      ['handed-to-network', 'delivered'],
    )
    assert.deepEqual(world.fatal, [])
  })

  test('the handset’s reply reaches the client with its picture, and its carrier is told', async (t) => {
    const world = await startGateway(t)
    world.carrier.script(HANDSET, { ...ANSWERING, responseAfterMs: 0, replyAfterMs: 20 })
    await world.submit()
    const post = await world.vasp.posts.next('the reply', ({ deliver }) => deliver !== undefined)
    const { deliver, headers } = post
    assert.deepEqual(
      [deliver?.sender.value, deliver?.recipients?.map(({ address }) => address.value)],
      [HANDSET, [SENDER]],
    )
    assert.match(String(headers['content-type']), /^multipart\/related;.*type="?text\/xml"?/)
    assert.equal(headers['x-mblox-carrier-id'], '31002')
    assert.deepEqual(
      post.parts.map(({ mediaType, bytes }) => [mediaType, Buffer.from(bytes)]),
      [
        ['text/plain', Buffer.from('Ding dong!')],
        ['image/png', Buffer.from(PICTURE)],
      ],
    )

    const { message: response } = await world.carrier.next('MM4_forward.RES')
    assert.equal(response?.type === 'MM4_forward.RES' && response.requestStatus, 'Ok')
    const { message: report, envelope } = await world.carrier.next('MM4_delivery_report.REQ')
    assert.equal(report?.type === 'MM4_delivery_report.REQ' && report.mmStatus, 'Retrieved')
    assert.deepEqual(envelope.to, [`+${HANDSET}/TYPE=PLMN@${CARRIER_DOMAIN}`])
    assert.equal(
      report?.type === 'MM4_delivery_report.REQ' && report.messageId.text,
      response?.type === 'MM4_forward.RES' && response.messageId?.text,
      'both name the handset’s message',
    )

    const linked = deliver?.linkedId ?? ''
    const { events, message } = await world.settled(linked, 'delivered', 'forwarded')
    assert.equal(`${message.direction} ${message.peer}`, 'mo north')
    assert.deepEqual(
      events.map(({ type }) => type),
      ['accepted', 'attempted', 'client-told'],
    )
  })
})
