/** Every synchronous code of the first dialect, provoked by a real request at a real door. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import { sinch } from '../../src/dialects/sinch/dialect.ts'
import { exchange, type Mm7Draft, ordinaryParts, writeRequest } from '../support/mm7-client.ts'
import { openDoorAlone } from '../support/mm7-door.ts'

const key = (code: string) => ({
  senderIdentification: {
    vaspId: `sinch-${code}`,
    vasId: 'demo',
    senderAddress: { kind: 'ShortCode' as const, value: '12345' },
  },
})
const sender = (change: object) => ({
  operation: {
    senderIdentification: {
      vaspId: 'demo-sinch-key',
      vasId: 'demo',
      senderAddress: { kind: 'ShortCode' as const, value: '12345' },
      ...change,
    },
  },
})
const to = (...values: string[]) =>
  values.map((value) => ({ list: 'To' as const, address: { kind: 'Number' as const, value } }))
const replaceIn = (from: string | RegExp, into: string) => ({
  envelope: (xml: string) => {
    const changed = xml.replace(from, into)
    assert.notEqual(changed, xml, `the draft holds ${from}`)
    return changed
  },
})

// One defect a row; the name says which.
const defects: readonly (readonly [code: string, defect: string, draft: Mm7Draft])[] = [
  [
    '2000',
    'a GET',
    { method: 'GET', headers: { 'Content-Length': '0' }, body: () => Buffer.alloc(0) },
  ],
  ['2000', 'an address that is not on the list', { operation: key('2000') }],
  ['2002', 'a recipient of two digits', { operation: { recipients: to('12') } }],
  ['2002', 'a recipient that begins with zero', { operation: { recipients: to('0015550100199') } }],
  ['2007', 'an envelope cut off', replaceIn(/<\/[^>]*Envelope>/, '')],
  [
    '2007',
    'a document type',
    replaceIn('?>', '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
  ],
  ['2007', 'no closing boundary', { body: (bytes) => bytes.subarray(0, bytes.length - 30) }],
  [
    '2500',
    'a chunked body',
    {
      headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' },
      body: (bytes) =>
        Buffer.concat([
          Buffer.from(`${bytes.length.toString(16)}\r\n`),
          bytes,
          Buffer.from('\r\n0\r\n\r\n'),
        ]),
    },
  ],
  ['2500', 'a length in words', { headers: { 'Content-Length': 'some' } }],
  ['2500', 'two ways to say the length', { headers: { 'Transfer-Encoding': 'chunked' } }],
  ['2500', 'no Content-Type', { headers: { 'Content-Type': undefined } }],
  ['2500', 'JSON', { headers: { 'Content-Type': 'application/json' } }],
  [
    '2500',
    'a multipart without boundary',
    { headers: { 'Content-Type': 'multipart/related; type="text/xml"' } },
  ],
  ['2500', 'a compressed body', { headers: { 'Content-Encoding': 'gzip' } }],
  ['2502', 'no Recipients', { without: ['recipients'] }],
  ['2502', 'a To with nothing inside', replaceIn(/<To>.*<\/To>/, '<To></To>')],
  ['2503', 'two recipients', { operation: { recipients: to('15550100198', '15550100199') } }],
  ['2504', 'no SenderAddress', sender({ senderAddress: undefined })],
  ['2505', 'MM7Version 9.9.9', { operation: { mm7Version: '9.9.9' } }],
  ['2505', 'no MM7Version', { without: ['mm7Version'] }],
  ['2506', 'no Content', { without: ['content'] }],
  [
    '2507',
    'a version in another version’s namespace',
    { namespace: `${NAMESPACE_BASE}REL-5-MM7-1-0` },
  ],
  ['2507', 'a namespace of nobody', { namespace: 'urn:nobody' }],
  [
    '2507',
    'SOAP 1.2',
    replaceIn(
      'http://schemas.xmlsoap.org/soap/envelope/',
      'http://www.w3.org/2003/05/soap-envelope',
    ),
  ],
  ['2510', 'no TransactionID', { transactionId: undefined }],
  ['2511', 'an empty body', replaceIn(/<SubmitReq[\s\S]*<\/SubmitReq>/, '')],
  ['2511', 'an operation of no specification', replaceIn(/SubmitReq/g, 'SendPlease')],
  ['2512', 'a CancelReq', replaceIn(/SubmitReq/g, 'CancelReq')],
  ['2513', 'an href that leads nowhere', { operation: { content: { href: 'cid:elsewhere' } } }],
  [
    '2513',
    'base64 that is none',
    {
      parts: [
        { contentType: 'image/png', body: [Buffer.from('!!!!')], transferEncoding: 'binary' },
      ],
      body: (bytes) =>
        Buffer.from(
          bytes
            .toString('latin1')
            .replace('Content-Transfer-Encoding: binary', 'Content-Transfer-Encoding: base64'),
          'latin1',
        ),
    },
  ],
  ['2514', 'a part of type "jpeg"', { parts: [{ contentType: 'jpeg', body: [Buffer.from('x')] }] }],
  [
    '2515',
    'an envelope labelled text/plain',
    {
      body: (bytes) =>
        Buffer.from(
          bytes.toString('latin1').replace('Content-Type: text/xml', 'Content-Type: text/plain'),
          'latin1',
        ),
    },
  ],
  ['2550', 'a disabled account', { operation: key('2550') }],
  ['2551', 'an account without MM7', { operation: key('2551') }],
  ['2560', 'a declared length beyond the limit', { headers: { 'Content-Length': '99999999' } }],
  [
    '2560',
    'content larger than the account may send',
    { parts: ordinaryParts(Buffer.alloc(6_000_000)) },
  ],
  ['2561', 'no SenderIdentification', { without: ['senderIdentification'] }],
  ['2562', 'a VASID of nobody', sender({ vasId: 'nobody' })],
  [
    '2563',
    'a sender of somebody else',
    sender({ senderAddress: { kind: 'ShortCode', value: '54321' } }),
  ],
  ['2564', 'an unknown VASPID', sender({ vaspId: 'nobody' })],
  ['2564', 'the VASPID of another dialect', sender({ vaspId: 'demo-skycore-key' })],
  ['2565', 'ReplyCharging', { operation: { replyCharging: {} } }],
  ['2566', 'a carrier id of nobody', { headers: { 'X-Mblox-Carrier-Id': '99999' } }],
  ['2567', 'no carrier id where one is demanded', { operation: key('2567') }],
  ['2568', 'no credentials where they are demanded', { operation: key('2568') }],
  [
    '2568',
    'a wrong password',
    {
      operation: key('2568'),
      headers: { Authorization: `Basic ${Buffer.from('demo:wrong').toString('base64')}` },
    },
  ],
  ['3001', 'a recipient on the block list', { operation: { recipients: to('99900003001') } }],
  ['3002', 'ChargedParty', { operation: { chargedParty: 'Sender' } }],
  ['3510', 'a call too many', { operation: key('3510') }],
  ['3520', 'a service without a live carrier', { operation: key('3520') }],
  [
    '4004',
    'a Priority that is none',
    replaceIn('<Subject>', '<Priority>Urgent</Priority><Subject>'),
  ],
  [
    '4004',
    'no SMIL part where one is demanded',
    {
      operation: key('4004'),
      parts: [{ contentType: 'image/png', body: [Buffer.from('x')] }],
    },
  ],
]

describe('the MM7 door answers one defect with its code', () => {
  let door: Awaited<ReturnType<typeof openDoorAlone>>
  before(async () => {
    door = await openDoorAlone()
  })
  after(() => door.close())

  const rows = new Map(sinch.surfaces[0]?.codes.map((row) => [row.code, row]))

  for (const [code, defect, draft] of defects) {
    test(`${code}: ${defect}`, async () => {
      const answer = await exchange(door.port, writeRequest(draft))
      const row = rows.get(code)
      assert.equal(`${answer.code} ${answer.text}`, `${code} ${row?.text}`, answer.body)
      assert.ok(answer.details?.startsWith(row?.details ?? ''), answer.details)
      assert.match(answer.headers, /content-type: text\/xml/i)
      assert.deepEqual(door.alarms, [], 'no error of ours behind it')
    })
  }

  test('1000: a request without defect, accepted once however often it is repeated', async () => {
    const request = writeRequest({})
    const first = await exchange(door.port, request)
    assert.equal(first.code, '1000', first.body)
    assert.match(first.messageId ?? '', /^[0-9]{18}$/)
    const again = await exchange(door.port, request)
    assert.equal(again.messageId, first.messageId)
    const story = await door.store.read({ query: 'message', messageId: first.messageId ?? '' })
    assert.deepEqual(
      story?.message.content.parts.map((part) => part.mediaType),
      ['application/smil', 'image/png'],
    )
  })

  test('1000: the right password where one is demanded', async () => {
    const Authorization = `Basic ${Buffer.from('demo:demo').toString('base64')}`
    const answer = await exchange(
      door.port,
      writeRequest({ operation: key('2568'), headers: { Authorization } }),
    )
    assert.equal(answer.code, '1000', answer.body)
  })

  test('the same TransactionID with another picture is another message', async () => {
    const draft = (picture: string): Mm7Draft => ({
      transactionId: 'constant',
      parts: ordinaryParts(Buffer.from(picture)),
    })
    const one = await exchange(door.port, writeRequest(draft('one')))
    const two = await exchange(door.port, writeRequest(draft('two')))
    assert.equal(one.code + two.code, '10001000')
    assert.notEqual(one.messageId, two.messageId)
  })

  test('3000 while the gateway is draining, and the line lives on', async () => {
    door.admission.drain()
    const answer = await exchange(door.port, writeRequest({}))
    assert.equal(answer.code, '3000')
    assert.match(answer.headers, /retry-after: [0-9]+/i)
  })
})
