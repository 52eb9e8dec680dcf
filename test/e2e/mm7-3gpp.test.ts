/** The standard's own door: strict meanings, extended operations, reports as asked for. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeMm7Request } from '../../src/codecs/mm7/decode.ts'
import type { Received, SubmitReq } from '../../src/codecs/mm7/types.ts'
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import { reporting, WILLING } from '../support/carrier.ts'
import { until } from '../support/inbox.ts'
import { exchange, type Mm7Draft, ordinaryParts, writeRequest } from '../support/mm7-client.ts'
import { openDoorAlone } from '../support/mm7-door.ts'
import { writeOperation } from '../support/mm7-operation.ts'
import { HANDSET, startGateway, type World } from '../support/start-gateway.ts'
import type { Post } from '../support/vasp.ts'

const PATH = '/mm7/3gpp'
const DAY_MS = 86_400_000
type Change = Partial<Received<SubmitReq>>

const identity = (vaspId: string, sender = '12345') => ({
  senderIdentification: {
    vaspId,
    vasId: 'demo',
    senderAddress: { kind: 'ShortCode' as const, value: sender },
  },
})
const demo = identity('demo-3gpp-key', '12348')
const as = (code: string) => identity(`3gpp-${code}`)
const to = (...values: string[]) =>
  values.map((value) => ({ list: 'To' as const, address: { kind: 'Number' as const, value } }))
const given = (operation: Change, rest: Omit<Mm7Draft, 'operation'> = {}): Mm7Draft => ({
  ...rest,
  path: PATH,
  operation: { ...demo, ...operation },
})
const wrongPassword = {
  headers: { Authorization: `Basic ${Buffer.from('demo:wrong').toString('base64')}` },
}

// Where the standard and the provider with its numbers part, and a few where they agree.
// biome-ignore format: a table
const answers: readonly (readonly [code: string, request: string, draft: Mm7Draft])[] = [
  ['1000', 'no defect',                           given({})],
  ['1000', 'Release 5 in its own namespace',      given({ mm7Version: '5.6.0' }, { namespace: `${NAMESPACE_BASE}REL-5-MM7-1-5` })],
  ['1000', 'ChargedParty',                        given({ chargedParty: 'ThirdParty', chargedPartyId: 'x' })],
  ['1100', 'one good recipient of two',           given({ ...as('1100'), recipients: to('15550100198', '12') })],
  ['2001', 'ReplyCharging',                       given({ replyCharging: {} })],
  ['2001', 'ReadReply where it is not granted',   given({ ...as('2001'), readReply: true })],
  ['2002', 'a recipient of two digits',           given({ recipients: to('12') })],
  ['2008', 'an application nobody registered',    given({ applicId: 'nobody.example' })],
  ['2009', 'a reply application nobody has',      given({ replyApplicId: 'nobody.example' })],
  ['4001', 'an unknown VASPID',                   given(identity('nobody'))],
  ['4001', 'a wrong password',                    given(as('2008'), wrongPassword)],
  ['4002', 'an unknown version',                  given({ mm7Version: '9.9.9' })],
  ['4002', 'a namespace of nobody',               given({}, { namespace: 'urn:nobody' })],
  ['4003', 'an operation that goes the other way', given({}, { envelope: (xml) => xml.replace(/SubmitReq/g, 'DeliverReq') })],
  ['4004', 'no Content',                          given({}, { without: ['content'] })],
  ['4007', 'a disabled account',                  given(as('4007'))],
  ['4008', 'an application without permission',   given({ applicId: 'denied.example' })],
]

describe('the door of the standard', () => {
  let door: Awaited<ReturnType<typeof openDoorAlone>>
  before(async () => {
    door = await openDoorAlone()
  })
  after(() => door.close())

  for (const [code, request, draft] of answers) {
    test(`${code}: ${request}`, async () => {
      const answer = await exchange(door.port, writeRequest(draft))
      assert.equal(answer.code, code, answer.body)
      assert.deepEqual(door.alarms, [])
    })
  }

  test('a refusal comes on HTTP 500, to strangers and to accounts that wish nothing else', async () => {
    const stranger = await exchange(door.port, writeRequest(given(identity('nobody'))))
    assert.equal(stranger.httpStatus, 500)
    const known = await exchange(door.port, writeRequest(given({ recipients: to('12') })))
    assert.equal(known.httpStatus, 500)
  })

  test('the extended forms take the message’s own id', async () => {
    const mm7Version = '6.8.0'
    const { messageId = '' } = await exchange(door.port, writeRequest(given({ serviceCode: 'a' })))
    const swap = await exchange(
      door.port,
      writeOperation({
        path: PATH,
        parts: ordinaryParts(Buffer.from('another')),
        operation: {
          name: 'extendedReplaceReq',
          mm7Version,
          vaspId: 'demo-3gpp-key',
          vasId: 'demo',
          replaceId: messageId,
          serviceCode: 'b',
          deliveryReport: true,
          expiryDate: { kind: 'after', ms: DAY_MS },
          content: { href: 'cid:content' },
        },
      }),
    )
    assert.equal(swap.code, '1000', swap.body)
    assert.match(swap.body, /<extendedReplaceRsp/)
    assert.equal(swap.messageId, messageId)
    const story = await door.store.read({ query: 'message', messageId })
    assert.equal(story?.message.envelope.serviceCode, 'b')
    assert.equal(story?.message.envelope.deliveryReports, true)
    assert.equal(story?.deliveries[0]?.expiresAt, story?.message.expiresAt)
    const cancel = (cancelId: string) =>
      exchange(
        door.port,
        writeOperation({
          path: PATH,
          operation: { name: 'extendedCancelReq', mm7Version, ...demo, cancelId },
        }),
      )
    const done = await cancel(messageId)
    assert.equal(done.code, '1000', done.body)
    assert.match(done.body, /<extendedCancelRsp/)
    assert.equal((await cancel('100000000000000000')).code, '2005')
  })
})

const STANDARD = { account: { dialect: '3gpp' } } as const
const draft = (operation: Change): Mm7Draft => ({ path: PATH, operation })

/** The operation of a post, as a strict reader sees it. */
function operationOf(post: Post): Record<string, unknown> {
  const decoded = decodeMm7Request(post.body)
  assert.equal(decoded.kind, 'ok')
  return decoded.kind === 'ok' ? { ...decoded.operation } : {}
}

function settled({ trace }: World, messageId: string) {
  return until('the end', async () => {
    const { deliveries, notices } = await trace(messageId)
    const { state } = deliveries[0] ?? {}
    return state !== 'queued' &&
      state !== 'attempting' &&
      state !== 'submitted' &&
      notices.length === 0
      ? state
      : false
  })
}

test('a report comes only when asked for, and never says that the network has it', async (t) => {
  const world = await startGateway(t, STANDARD)
  const silent = await world.submit(HANDSET, draft({ deliveryReport: false }))
  assert.equal(await settled(world, silent), 'delivered')
  world.carrier.script(HANDSET, reporting('Forwarded'))
  const asked = await world.submit(HANDSET, draft({ deliveryReport: true }))
  assert.equal(await settled(world, asked), 'forwarded')
  assert.deepEqual(
    world.vasp.posts.all.map(({ report }) => [report?.messageId, report?.mmStatus]),
    [[asked, 'Forwarded']],
  )
})

test('what the user did with a message is told when asked for, after the end too', async (t) => {
  const world = await startGateway(t, STANDARD)
  world.carrier.script(HANDSET, { ...WILLING, read: { status: 'Read', afterMs: 0 } })
  const messageId = await world.submit(HANDSET, draft({ readReply: true, deliveryReport: true }))
  const report = await world.vasp.posts.next('a report', ({ name }) => name === 'DeliveryReportReq')
  assert.equal(report.report?.mmStatus, 'Retrieved')
  const post = await world.vasp.posts.next('a read reply', ({ name }) => name === 'ReadReplyReq')
  const { mmStatus, messageId: about, recipient } = operationOf(post)
  assert.deepEqual({ mmStatus, about }, { mmStatus: 'Read', about: messageId })
  assert.deepEqual(recipient, { kind: 'Number', value: HANDSET })
  world.carrier.script(HANDSET, {
    ...WILLING,
    reports: [],
    read: { status: 'Deleted without being read', afterMs: 0 },
  })
  await world.submit(HANDSET, draft({ readReply: true }))
  const second = await world.vasp.posts.next('another', ({ name }) => name === 'ReadReplyReq')
  assert.equal(operationOf(second).mmStatus, 'Deleted')
  assert.deepEqual(world.fatal, [])
})

test('an application’s message names it to the carrier, and its report goes where replies go', async (t) => {
  const applications = ['game.example', 'scores.example'].map((id) => ({ id, enabled: true }))
  const world = await startGateway(t, {
    ...STANDARD,
    directory: (data) => ({ ...data, applications }),
  })
  world.carrier.script(HANDSET, reporting('Unrecognised'))
  const messageId = await world.submit(
    HANDSET,
    draft({
      applicId: 'game.example',
      replyApplicId: 'scores.example',
      auxApplicInfo: 'level=3',
      contentClass: 'image-basic',
      deliveryReport: true,
    }),
  )
  const mail = await world.carrier.next('MM4_forward.REQ')
  const header = (name: string) => mail.headers.get(name)
  assert.deepEqual(
    ['Applic-ID', 'Reply-Applic-ID', 'Aux-Applic-Info', 'Content-Class'].map((name) =>
      header(`X-Mms-${name}`),
    ),
    ['game.example', 'scores.example', 'level=3', 'image-basic'],
  )
  const { report } = await world.vasp.posts.next('a report')
  assert.equal(report?.messageId, messageId)
  assert.equal(report?.mmStatus, 'Unrecognised')
  assert.match(report?.statusText ?? '', /3004/)
  assert.deepEqual(
    [report?.applicId, report?.replyApplicId, report?.auxApplicInfo],
    ['scores.example', 'game.example', 'level=3'],
  )
})
