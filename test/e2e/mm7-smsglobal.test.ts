/** Every synchronous code of the dialect with the standard's numbers, and which of two wins. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Received, SubmitReq } from '../../src/codecs/mm7/types.ts'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import { exchange, type Mm7Draft, ordinaryOperation, writeRequest } from '../support/mm7-client.ts'
import { openDoorAlone } from '../support/mm7-door.ts'
import { writeOperation } from '../support/mm7-operation.ts'

const PATH = '/mm7/smsglobal'
const FAR_MS = 86_400_000
const IN_A_DAY = { kind: 'after', ms: FAR_MS } as const
type Change = Partial<Received<SubmitReq>>

const identity = (vaspId: string, sender = '12345') => ({
  senderIdentification: {
    vaspId,
    vasId: 'demo',
    senderAddress: { kind: 'ShortCode' as const, value: sender },
  },
})
const demo = identity('demo-smsglobal-key', '12347')
const as = (code: string) => identity(`smsglobal-${code}`)
const to = (...values: string[]) =>
  values.map((value) => ({ list: 'To' as const, address: { kind: 'Number' as const, value } }))
const mail = {
  list: 'To' as const,
  address: { kind: 'RFC2822Address' as const, value: 'ann@mail.example' },
}
const given = (operation: Change, rest: Omit<Mm7Draft, 'operation'> = {}): Mm7Draft => ({
  ...rest,
  path: PATH,
  operation: { ...demo, ...operation },
})
const replaced = (from: string | RegExp, into: string): Mm7Draft =>
  given({}, { envelope: (xml) => xml.replace(from, into) })
const password = (text: string) => ({
  headers: { Authorization: `Basic ${Buffer.from(`demo:${text}`).toString('base64')}` },
})
const chunked: Mm7Draft = given(
  {},
  {
    headers: { 'Content-Length': undefined, 'Transfer-Encoding': 'chunked' },
    body: (bytes) =>
      Buffer.concat([
        Buffer.from(`${bytes.length.toString(16)}\r\n`),
        bytes,
        Buffer.from('\r\n0\r\n\r\n'),
      ]),
  },
)
const REL5 = `${NAMESPACE_BASE}REL-5-MM7-1-0`

// biome-ignore format: a table
const answers: readonly (readonly [code: string, request: string, draft: Mm7Draft])[] = [
  ['1000', 'no defect',                              given({})],
  ['1000', 'a chunked body',                         chunked],
  ['1000', 'ChargedParty, whoever pays',             given({ chargedParty: 'Sender' })],
  ['1000', 'an e-mail address',                      given({ recipients: [mail] })],
  ['1000', 'ReadReply',                              given({ readReply: true })],
  ['1000', 'the right password',                     given(as('2008'), password('demo'))],
  ['1000', 'an application that is permitted',       given({ applicId: 'demo.example', replyApplicId: 'demo.example' })],
  ['1000', 'a carrier header, which means nothing',  given({}, { headers: { 'X-Mblox-Carrier-Id': '99999' } })],
  ['1100', 'one good recipient and one malformed',   given({ ...as('1100'), recipients: to('15550100198', '12') })],
  ['2000', 'a GET',                                  { path: PATH, method: 'GET', headers: { 'Content-Length': '0' }, body: () => Buffer.alloc(0) }],
  ['2001', 'ReplyCharging',                          given({ replyCharging: {} })],
  ['2001', 'ReadReply where it is not granted',      given({ ...as('2001'), readReply: true })],
  ['2001', 'a sender of somebody else',              given(identity('demo-smsglobal-key', '99999'))],
  ['2002', 'a recipient of two digits',              given({ recipients: to('12') })],
  ['2002', 'several recipients, all malformed',      given({ ...as('1100'), recipients: to('12', '013') })],
  ['2004', 'an href that leads nowhere',             given({ content: { href: 'cid:elsewhere' } })],
  ['2004', 'more than 300 KB',                       given({}, { parts: [{ contentType: 'image/png', body: [Buffer.alloc(310 * 1024)] }] })],
  ['2006', 'a LinkedID nobody got',                  given({ linkedId: '100000000000000000' })],
  ['2007', 'a value that is none',                   replaced('<Subject>', '<Priority>Urgent</Priority><Subject>')],
  ['2008', 'a wrong password',                       given(as('2008'), password('wrong'))],
  ['2009', 'a ReplyApplicID nobody registered',      given({ replyApplicId: 'nobody.example' })],
  ['3003', 'two recipients',                         given({ recipients: to('15550100198', '15550100199') })],
  ['4001', 'an unknown VASPID',                      given(identity('nobody'))],
  ['4001', 'no SenderIdentification but an address', given({ senderIdentification: { senderAddress: { kind: 'ShortCode', value: '12347' } } })],
  ['4001', 'no VASID where senders are shared',      given({ senderIdentification: { vaspId: 'smsglobal-4001', senderAddress: { kind: 'ShortCode', value: '12345' } } })],
  ['4002', 'MM7Version 9.9.9',                       given({ mm7Version: '9.9.9' })],
  ['4002', 'MM7Version in words',                    given({ mm7Version: 'six' })],
  ['4002', 'a namespace of another version',         given({}, { namespace: REL5 })],
  ['4003', 'an element of no operation',             replaced(/SubmitReq/g, 'SendPlease')],
  ['4003', 'an extendedCancelReq',                   replaced(/SubmitReq/g, 'extendedCancelReq')],
  ['4004', 'no MM7Version',                          given({}, { without: ['mm7Version'] })],
  ['4004', 'a namespace of nobody',                  given({}, { namespace: 'urn:nobody' })],
  ['4004', 'an empty body',                          replaced(/<SubmitReq[\s\S]*<\/SubmitReq>/, '')],
  ['4004', 'no Recipients',                          given({}, { without: ['recipients'] })],
  ['4004', 'only recipients to be shown',            given({ recipients: [{ list: 'To', address: { kind: 'Number', value: '15550100199', displayOnly: true } }] })],
  ['4004', 'no Content',                             given({}, { without: ['content'] })],
  ['4004', 'no TransactionID',                       given({}, { transactionId: undefined })],
  ['4007', 'a disabled account',                     given(as('4007'))],
  ['4008', 'an application without permission',      given({ applicId: 'denied.example' })],
  ['4008', 'an application nobody registered',       given({ applicId: 'nobody.example' })],
]

// Two defects each, in the order of the provider's rows: the first is told.
// biome-ignore format: a table
const pairs: readonly (readonly [code: string, defects: string, draft: Mm7Draft])[] = [
  ['4004', 'no recipients, unknown VASPID',           given(identity('nobody'), { without: ['recipients'] })],
  ['4004', 'no MM7Version, unknown VASPID',           given(identity('nobody'), { without: ['mm7Version'] })],
  ['4002', 'version, unknown VASPID',                 given({ ...identity('nobody'), mm7Version: '9.9.9' })],
  ['4001', 'VASID, wrong password',                   given({ senderIdentification: { vaspId: 'smsglobal-2008', vasId: 'other', senderAddress: { kind: 'ShortCode', value: '12345' } } }, password('wrong'))],
  ['2008', 'wrong password, ReplyCharging',           given({ ...as('2008'), replyCharging: {} }, password('wrong'))],
  ['2001', 'ReplyCharging, disabled account',         given({ ...as('4007'), replyCharging: {} })],
  ['4007', 'disabled account, application denied',    given({ ...as('4007'), applicId: 'denied.example' })],
  ['4008', 'application denied, two recipients',      given({ applicId: 'denied.example', recipients: to('15550100198', '15550100199') })],
  ['3003', 'two recipients, one malformed',           given({ recipients: to('12', '15550100199') })],
  ['2002', 'malformed recipient, unknown LinkedID',   given({ recipients: to('12'), linkedId: '100000000000000000' })],
  ['2006', 'unknown LinkedID, unknown ReplyApplicID', given({ linkedId: '100000000000000000', replyApplicId: 'nobody.example' })],
  ['2009', 'unknown ReplyApplicID, no such part',     given({ replyApplicId: 'nobody.example', content: { href: 'cid:elsewhere' } })],
  ['2004', 'no such part, no calls left',             given({ ...as('4006'), content: { href: 'cid:elsewhere' } })],
]

describe('the door of smsglobal', () => {
  let door: Awaited<ReturnType<typeof openDoorAlone>>
  before(async () => {
    door = await openDoorAlone()
  })
  after(() => door.close())
  const ask = (draft: Mm7Draft) => exchange(door.port, writeRequest(draft))

  for (const [code, request, draft] of answers) {
    test(`${code}: ${request}`, async () => {
      const answer = await ask(draft)
      assert.equal(answer.code, code, answer.body)
      assert.deepEqual(door.alarms, [])
    })
  }

  for (const [code, defects, draft] of pairs) {
    test(`${code} of two: ${defects}`, async () => {
      const answer = await ask(draft)
      assert.equal(answer.code, code, answer.body)
    })
  }

  test('4006: an account that has used up its calls, told when to come again', async () => {
    await ask(given(as('4006')))
    const answer = await ask(given(as('4006')))
    assert.equal(answer.code, '4006', answer.body)
    assert.match(answer.headers, /retry-after: [0-9]+/i)
  })

  test('1100 names those it was not taken for, and takes it for the others once each', async () => {
    const recipients = to('15550100198', '12', '15550100198', '+15550100197')
    const answer = await ask(given({ ...as('1100'), recipients }))
    assert.equal(answer.code, '1100', answer.body)
    assert.match(answer.details ?? '', /\b12$/)
    const story = await door.store.read({ query: 'message', messageId: answer.messageId ?? '' })
    assert.deepEqual(
      story?.deliveries.map(({ recipient }) => recipient.text),
      ['15550100198', '15550100197'],
    )
  })

  test('a LinkedID of the account’s own is kept with the message, another’s is unknown', async () => {
    const first = await ask(given({}))
    const answer = await ask(given({ linkedId: first.messageId ?? '' }))
    assert.equal(answer.code, '1000', answer.body)
    const story = await door.store.read({ query: 'message', messageId: answer.messageId ?? '' })
    assert.equal(story?.message.envelope.linkedId, first.messageId)
    const stranger = await ask(given({ ...as('1100'), linkedId: first.messageId ?? '' }))
    assert.equal(stranger.code, '2006')
  })

  test('what a client may add to a message is kept with it', async () => {
    const answer = await ask(
      given({
        applicId: 'demo.example',
        auxApplicInfo: 'page=3',
        contentClass: 'image-basic',
        drmContent: false,
        distributionIndicator: false,
        readReply: true,
        earliestDeliveryTime: IN_A_DAY,
        recipients: [
          ...to('15550100199'),
          { list: 'Cc', address: { kind: 'Number', value: '15550100111', displayOnly: true } },
        ],
      }),
    )
    assert.equal(answer.code, '1000', answer.body)
    const story = await door.store.read({ query: 'message', messageId: answer.messageId ?? '' })
    const { envelope, acceptedAt } = story?.message ?? {}
    assert.deepEqual(envelope?.application, { id: 'demo.example', info: 'page=3' })
    assert.equal(envelope?.contentClass, 'image-basic')
    assert.equal(envelope?.drmContent, false)
    assert.equal(envelope?.distributable, false)
    assert.equal(envelope?.readReports, true)
    assert.deepEqual(envelope?.shownTo, [{ kind: 'number', text: '15550100111' }])
    assert.equal(story?.deliveries.length, 1)
    const restMs = (story?.deliveries[0]?.nextAt ?? 0) - (acceptedAt ?? 0)
    assert.ok(Math.abs(restMs - FAR_MS) < 60_000, String(restMs))
  })

  test('the dialects that drop these elements keep nothing of them', async () => {
    const operation = { applicId: 'nobody', linkedId: '1', readReply: true, contentClass: 'text' }
    const answer = await exchange(door.port, writeRequest({ operation: operation as Change }))
    assert.equal(answer.code, '1000', answer.body)
    const story = await door.store.read({ query: 'message', messageId: answer.messageId ?? '' })
    const { application, linkedId, contentClass, readReports } = story?.message.envelope ?? {}
    assert.deepEqual(
      { application, linkedId, contentClass, readReports },
      {
        application: undefined,
        linkedId: undefined,
        contentClass: undefined,
        readReports: false,
      },
    )
  })

  test('2005, 2003 and a way back: cancelling asks for the message before its recipient', async () => {
    const { messageId = '' } = await ask(given({}))
    const { recipients: _to, content: _content, ...common } = ordinaryOperation('1')
    const cancel = (id: string, recipient?: string) =>
      exchange(
        door.port,
        writeOperation({
          path: PATH,
          operation: {
            ...common,
            ...demo,
            name: 'CancelReq',
            messageId: id,
            ...(recipient === undefined ? {} : { recipients: to(recipient) }),
          },
        }),
      )
    assert.equal((await cancel('100000000000000000', '15550100111')).code, '2005')
    assert.equal((await cancel('no id of ours')).code, '2005')
    assert.equal((await cancel('')).code, '4004')
    assert.equal((await cancel(messageId, '15550100111')).code, '2003')
    assert.equal((await cancel(messageId, '12')).code, '2003')
    assert.equal((await cancel(messageId, '15550100199')).code, '1000')
    assert.equal((await cancel(messageId)).code, '1000', 'asked again, it is done')
  })

  test('a follow-up asks who it is from, then for the message, then for what is given', async () => {
    const { messageId = '' } = await ask(given({ earliestDeliveryTime: IN_A_DAY }))
    const follow = (name: 'CancelReq' | 'ReplaceReq', change: object, text = 'demo') =>
      exchange(
        door.port,
        writeOperation({
          path: PATH,
          operation: { name, mm7Version: '6.8.0', ...demo, messageId, ...change },
          ...password(text),
        }),
      )
    const unknown = { messageId: '100000000000000000' }
    const code = async (asked: ReturnType<typeof follow>) => (await asked).code
    assert.equal(await code(follow('CancelReq', { ...unknown, mm7Version: '9.9.9' })), '4002')
    assert.equal(await code(follow('CancelReq', { ...unknown, ...identity('nobody') })), '4001')
    assert.equal(await code(follow('CancelReq', { ...unknown, ...as('2008') }, 'wrong')), '2008')
    assert.equal(await code(follow('CancelReq', { ...unknown, ...as('4007') })), '4007')
    assert.equal(
      await code(follow('ReplaceReq', { ...unknown, applicId: 'denied.example' })),
      '4008',
    )
    assert.equal(await code(follow('CancelReq', as('1100'))), '2005', 'another account’s')
    const urgent = { readReply: 'perhaps' }
    assert.equal(await code(follow('ReplaceReq', { ...unknown, ...urgent })), '2005')
    assert.equal(await code(follow('ReplaceReq', urgent)), '2007')
    assert.equal(await code(follow('ReplaceReq', { readReply: true })), '1000')
    assert.equal(await code(follow('CancelReq', {})), '1000')
    assert.equal(await code(follow('ReplaceReq', urgent)), '3001', 'its state comes before values')
  })
})
