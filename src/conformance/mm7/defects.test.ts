/** The good request is good, every defect breaks it, and defects can be put together. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseContentType } from '../../codecs/mime/content-type.ts'
import { createMm7Reader, defaultMm7Limits } from '../../codecs/mm7/request-reader.ts'
import * as body from './body-defects.ts'
import { goodSubmit, inTurn, type Mm7Change, type Mm7Draft, writeDraft } from './draft.ts'
import * as element from './element-defects.ts'
import { cancel } from './follow-ups.ts'
import * as http from './http-defects.ts'

const good = goodSubmit({
  path: '/mm7/x',
  version: '6.8.0',
  vaspId: 'key',
  vasId: 'demo',
  sender: '12345',
  recipient: '15550100199',
  transactionId: 't-1',
})

/** The codec's own reading of the bytes, head and body apart. */
function read(draft: Mm7Draft) {
  const bytes = writeDraft(draft)
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.toString('latin1', 0, end)
  const [, written = ''] = /^Content-Type: (.*)$/im.exec(head) ?? []
  const type = parseContentType(written)
  assert.ok(type !== undefined, head)
  const parts: string[] = []
  const reader = createMm7Reader(type, defaultMm7Limits, {
    leafStart: (leaf) => void parts.push(leaf.contentType?.mediaType ?? 'unreadable'),
    leafData: () => undefined,
    leafEnd: () => undefined,
  })
  reader.push(bytes.subarray(end + 4))
  return { head, decoded: reader.end(), parts, bodyBytes: bytes.length - end - 4 }
}

test('the request nothing was changed in is without fault and says its length', () => {
  const { head, decoded, parts, bodyBytes } = read(good)
  assert.equal(decoded.kind, 'ok', JSON.stringify(decoded))
  assert.deepEqual(decoded.kind === 'ok' && decoded.issues, [])
  assert.deepEqual(parts, ['application/smil', 'image/png'])
  assert.match(head, new RegExp(`^Content-Length: ${bodyBytes}$`, 'm'))
})

// biome-ignore format: a table
const defects: readonly (readonly [string, Mm7Change])[] = [
  ['a header line more',             http.header('X-Carrier', '9')],
  ['another method',                 http.method('GET')],
  ['chunks',                         http.chunked],
  ['two ways to say the length',     http.lengthAndChunks],
  ['a length in words',              http.lengthInWords],
  ['a length twice',                 http.lengthTwice],
  ['a length far too large',         http.declaredLength(99_999_999)],
  ['no Content-Type',                http.withoutContentType],
  ['JSON',                           http.contentTypeOfJson],
  ['no boundary',                    http.contentTypeWithoutBoundary],
  ['a folded header line',           http.contentTypeFolded],
  ['compression',                    http.compressed],
  ['credentials',                    http.basic('demo', 'wrong')],
  ['another door',                   http.path('/mm7/y')],
  ['an envelope cut off',            body.envelopeCut],
  ['a document type',                body.documentType],
  ['no closing boundary',            body.boundaryOpen],
  ['an envelope labelled as text',   body.envelopeLabelledAsText],
  ['a part type in one word',        body.partTypeInOneWord],
  ['no SMIL part',                   body.withoutPresentation],
  ['a large picture',                body.pictureOf(100_000)],
  ['base64 that is none',            body.base64Broken],
  ['another version',                element.version('9.9.9')],
  ['another schema',                 element.schema('REL-5-MM7-1-0')],
  ['a namespace of nobody',          element.namespace('urn:nobody')],
  ['no TransactionID',               element.withoutTransactionId],
  ['SOAP 1.2',                       element.soap12],
  ['an empty SOAP body',             element.bodyEmpty],
  ['another operation',              element.operationNamed('CancelReq')],
  ['a follow-up',                    cancel('1', '15550100111')],
  ['another account',                element.account('nobody')],
  ['no sender address',              element.sender({ senderAddress: undefined })],
  ['other recipients',               element.to('15550100198', '12')],
  ['an empty To',                    element.toEmpty],
  ['no Content',                     element.without('content')],
  ['a Priority that is none',        element.priorityUrgent],
  ['an href that leads nowhere',     element.contentAt('cid:elsewhere')],
]

for (const [name, change] of defects) {
  test(`${name}: other bytes than the good request, which stays as it is`, () => {
    const before = writeDraft(good)
    assert.notDeepEqual(writeDraft(change(good)), before)
    assert.deepEqual(writeDraft(good), before)
  })
}

test('a change below HTTP leaves the message inside as it was', () => {
  const { decoded } = read(inTurn(http.lengthTwice, http.basic('a', 'b'))(good))
  assert.equal(decoded.kind, 'ok')
})

test('two defects in one request are both there, in whichever order they were put', () => {
  const two = [element.without('recipients'), element.contentAt('cid:elsewhere')] as const
  for (const changes of [two, [two[1], two[0]]]) {
    const { decoded } = read(inTurn(...changes)(good))
    assert.ok(decoded.kind === 'ok' && decoded.operation.name === 'SubmitReq')
    assert.equal(decoded.operation.recipients, undefined)
    assert.notEqual(decoded.content.kind, 'part')
  }
})

test('any two defects of the body, the header lines or the elements can be written together', () => {
  // These look for an element that another defect takes away: our own mistake, told at once.
  const needy = new Set([
    'an empty To',
    'a Priority that is none',
    'another operation',
    'an empty SOAP body',
  ])
  const free = defects.filter(([name]) => !needy.has(name))
  for (const [, one] of free) {
    for (const [, other] of free) {
      if (one !== other) assert.ok(writeDraft(inTurn(one, other)(good)).length > 0)
    }
  }
})
