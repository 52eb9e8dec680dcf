import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseContentType } from '../../codecs/mime/content-type.ts'
import type { AttachmentSink } from '../../codecs/mm7/body-reader.ts'
import {
  createMm7Reader,
  defaultMm7Limits,
  leavesOf,
  type Mm7Request,
} from '../../codecs/mm7/request-reader.ts'
import type { Received, SubmitReq } from '../../codecs/mm7/types.ts'
import { submitBodyOf, submitReqOf, versionsOf } from './encode.ts'
import type { SubmitBody } from './submit-body.ts'
import { attemptOf, partOf, upstreamAt } from './testing/attempt.ts'

const upstream = upstreamAt('http://127.0.0.1:1/mm7')
const [spoken] = versionsOf(upstream)

async function bytesOf(body: SubmitBody): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of body.open()) pieces.push(piece)
  return Buffer.concat(pieces)
}

interface ReadBack {
  readonly request: Mm7Request
  readonly submit: Received<SubmitReq>
  readonly leaves: readonly Buffer[]
}

/** Reads a body the way a relay does. */
async function readBack(body: SubmitBody): Promise<ReadBack> {
  const type = parseContentType(body.contentType)
  assert.ok(type)
  const leaves: Buffer[] = []
  let open: Buffer[] = []
  const sink: AttachmentSink = {
    leafStart: () => {
      open = []
    },
    leafData: (bytes) => void open.push(Buffer.from(bytes)),
    leafEnd: () => void leaves.push(Buffer.concat(open)),
  }
  const reader = createMm7Reader(type, defaultMm7Limits, sink)
  reader.push(await bytesOf(body))
  const request = reader.end()
  assert.equal(request.kind, 'ok', request.kind === 'fault' ? request.detail : '')
  if (request.kind !== 'ok' || request.operation.name !== 'SubmitReq') throw new Error('no submit')
  return { request, submit: request.operation, leaves }
}

const picture = partOf('image/png', Buffer.from([0, 255, 13, 10, 45, 45, 13, 10, 1]), {
  contentId: 'bell.png',
  contentLocation: 'bell.png',
})
const words = partOf('text/plain', Buffer.from('RGluZyBkb25n'), {
  contentType: 'text/plain; charset=utf-8; name="text.txt"',
  contentId: '<text>',
  encoding: 'base64',
  fileName: 'text.txt',
})
const smil = partOf('application/smil', Buffer.from('<smil/>'), {
  contentId: 'start',
  encoding: '7bit',
})

test('the length is known before a byte of the content is read', async () => {
  for (const parts of [[], [picture], [picture, words], [smil, picture, words]]) {
    const body = submitBodyOf(attemptOf(parts), upstream, spoken)
    assert.equal((await bytesOf(body)).length, body.bytes)
  }
})

test('every attempt sends the same bytes', async () => {
  const bytes = await Promise.all(
    [1, 2].map((number) =>
      bytesOf(submitBodyOf(attemptOf([smil, picture], { number }), upstream, spoken)),
    ),
  )
  assert.ok(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0)))
})

test('a message without content is a bare envelope', async () => {
  const body = submitBodyOf(attemptOf(), upstream, spoken)
  assert.equal(body.contentType, 'text/xml; charset=utf-8')
  assert.equal((await readBack(body)).submit.content, undefined)
})

test('one part is the message itself', async () => {
  const { request, leaves } = await readBack(submitBodyOf(attemptOf([picture]), upstream, spoken))
  assert.equal(request.content.kind, 'part')
  if (request.content.kind !== 'part') return
  assert.equal(request.content.part.container, false)
  assert.equal(request.content.part.contentType?.mediaType, 'image/png')
  assert.deepEqual(leaves, [picture.bytes])
})

test('parts with a presentation are related, and begin with it by name', async () => {
  const body = submitBodyOf(attemptOf([picture, smil, words]), upstream, spoken)
  const { request, leaves } = await readBack(body)
  assert.equal(request.content.kind, 'part')
  if (request.content.kind !== 'part') return
  const { part } = request.content
  assert.deepEqual(
    [part.contentType?.mediaType, part.contentType?.parameters.get('start')],
    ['multipart/related', '<start>'],
  )
  const inside = leavesOf(part, request.parts)
  assert.deepEqual(
    inside.map(({ contentId }) => contentId),
    ['<bell.png>', '<start>', '<text>'],
  )
  assert.deepEqual(
    inside.map(({ transferEncoding }) => transferEncoding),
    ['binary', '7bit', 'base64'],
  )
  assert.deepEqual(
    inside.map(({ contentLocation }) => contentLocation),
    ['bell.png', undefined, 'text.txt'],
  )
  assert.equal(inside[2]?.contentType?.parameters.get('charset'), 'utf-8')
  assert.deepEqual(leaves, [picture.bytes, smil.bytes, words.bytes])
})

test('parts without a presentation are mixed', async () => {
  const { request } = await readBack(submitBodyOf(attemptOf([picture, words]), upstream, spoken))
  const { content } = request
  assert.equal(content.kind === 'part' && content.part.contentType?.mediaType, 'multipart/mixed')
})

test('no header of a part can begin another', async () => {
  const evil = partOf('text/plain', Buffer.from('x'), {
    contentType: 'text/plain; name="a\r\nX-Evil: 1"',
    contentId: 'a>\r\nX-Evil: 2',
    contentLocation: 'b\r\nX-Evil: 3\r\n\r\n--',
  })
  const body = submitBodyOf(attemptOf([evil, picture]), upstream, spoken)
  assert.doesNotMatch((await bytesOf(body)).toString('latin1'), /^X-Evil/m)
  assert.equal((await readBack(body)).leaves.length, 2)
})

test('whatever the parts hold comes out as it was', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string().map((text) => Buffer.from(`\r\n--mm7-inner-${text}\r\n--`)),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 5 }), async (contents) => {
      const parts = contents.map((content, index) =>
        partOf('application/octet-stream', content, { contentId: `p${index}` }),
      )
      const body = submitBodyOf(attemptOf(parts), upstream, spoken)
      assert.equal((await bytesOf(body)).length, body.bytes)
      const { leaves } = await readBack(body)
      assert.deepEqual(
        leaves.map((leaf) => leaf.toString('hex')),
        contents.map((content) => Buffer.from(content).toString('hex')),
      )
    }),
    { numRuns: 60 },
  )
})

test('the request says all that is known', () => {
  const attempt = attemptOf([picture])
  const envelope = {
    ...attempt.envelope,
    subject: 'Ding & dong <3',
    serviceCode: 'their-bill',
    priority: 'high',
    messageClass: 'personal',
    readReports: true,
    adaptationAllowed: false,
  } as const
  const settings = upstreamAt('http://x', { vasId: 'service', serviceCode: 'our-bill' })
  assert.deepEqual(submitReqOf({ ...attempt, envelope }, settings, '6.8.0'), {
    name: 'SubmitReq',
    mm7Version: '6.8.0',
    senderIdentification: {
      vaspId: 'our-key',
      vasId: 'service',
      senderAddress: { kind: 'ShortCode', value: '12345' },
    },
    recipients: [{ list: 'To', address: { kind: 'Number', value: '15550100123' } }],
    serviceCode: 'their-bill',
    messageClass: 'Personal',
    timeStampMs: attempt.acceptedAt,
    expiryDate: { kind: 'at', ms: attempt.expiresAt },
    deliveryReport: true,
    readReply: true,
    priority: 'High',
    subject: 'Ding & dong <3',
    content: { href: 'cid:content', allowAdaptations: false },
  })
})

test('what an upstream does not do is not asked of it', () => {
  const attempt = attemptOf([], { envelope: { ...attemptOf().envelope, readReports: true } })
  const settings = upstreamAt('http://x', {
    sendsReports: false,
    readReplies: false,
    serviceCode: 'our-bill',
  })
  const request = submitReqOf(attempt, settings, '6.8.0')
  assert.deepEqual(
    [request.deliveryReport, request.readReply, request.serviceCode],
    [false, false, 'our-bill'],
  )
})

// biome-ignore format: a table
const addresses: readonly (readonly [string, Parameters<typeof upstreamAt>[1], string, string, string, string])[] = [
  ['digits',                     {},                             '6.8.0', '15550100123',     '15550100123',     'Number'],
  ['a plus where it is wanted',  { numberForm: 'plus' },         '6.8.0', '15550100123',     '+15550100123',    'Number'],
  ['a short code as Number',     { shortCodeElement: 'Number' }, '6.8.0', '12345',           '12345',           'Number'],
  ['a short code',               { numberForm: 'plus' },         '6.8.0', '12345',           '12345',           'ShortCode'],
  ['an e-mail address',          {},                             '6.8.0', 'bell@mms.example', 'bell@mms.example', 'RFC2822Address'],
  ['bare text up to 5.1.0',      { numberForm: 'plus' },         '5.1.0', '15550100123',     '+15550100123',    'text'],
]
for (const [what, change, version, text, value, kind] of addresses) {
  test(`an address is written as ${what}`, () => {
    const form = text.includes('@') ? 'email' : text.length < 7 ? 'short-code' : 'number'
    const attempt = attemptOf([], { recipient: { kind: form, text } })
    const request = submitReqOf(attempt, upstreamAt('http://x', change), version)
    assert.deepEqual(request.recipients[0]?.address, { kind, value })
  })
}

test('versions come with their namespaces, the first choice first', () => {
  const tail = (namespace: string | undefined) => namespace?.split('/').at(-1)
  const one = versionsOf(upstreamAt('http://x'))
  assert.deepEqual(
    one.map(({ version, namespace }) => [version, tail(namespace)]),
    [['6.8.0', 'REL-6-MM7-1-4']],
  )
  const two = versionsOf(
    upstreamAt('http://x', {
      version: '5.3.0',
      namespace: 'http://own/REL-5-MM7-1-2',
      fallbackVersion: '6.3.0',
    }),
  )
  assert.deepEqual(
    two.map(({ version, namespace }) => [version, tail(namespace)]),
    [
      ['5.3.0', 'REL-5-MM7-1-2'],
      ['6.3.0', 'REL-6-MM7-1-0'],
    ],
  )
})

test('what Release 6 adds goes to an upstream that speaks it, and to no other', () => {
  const attempt = attemptOf()
  const envelope = {
    ...attempt.envelope,
    application: { id: 'game.example', replyId: 'scores.example', info: 'level=3' },
    contentClass: 'image-basic',
    drmContent: false,
    distributable: false,
  }
  const written = (version: string) => {
    const {
      name: _name,
      mm7Version: _version,
      ...rest
    } = submitReqOf({ ...attempt, envelope }, upstream, version)
    const { applicId, replyApplicId, auxApplicInfo, contentClass, drmContent } = rest
    return { applicId, replyApplicId, auxApplicInfo, contentClass, drmContent }
  }
  assert.deepEqual(written('6.8.0'), {
    applicId: 'game.example',
    replyApplicId: 'scores.example',
    auxApplicInfo: 'level=3',
    contentClass: 'image-basic',
    drmContent: false,
  })
  assert.ok(Object.values(written('5.3.0')).every((value) => value === undefined))
  const { distributionIndicator } = submitReqOf({ ...attempt, envelope }, upstream, '5.3.0')
  assert.equal(distributionIndicator, false)
})
