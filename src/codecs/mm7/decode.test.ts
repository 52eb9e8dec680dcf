import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SOAP_NAMESPACE } from '../soap/envelope.ts'
import { decodeMm7Reply, decodeMm7Request } from './decode.ts'
import { encodeMm7 } from './encode.ts'
import { OPERATION_NAMES } from './operations.ts'
import type { Mm7Operation, Received } from './types.ts'
import { forgiveNamespace, namespaceFor } from './versions.ts'

const MM7 = namespaceFor('6.8.0')
const ID = `<TransactionID xmlns="${MM7}">t-1</TransactionID>`
const OPERATION = `<SubmitReq xmlns="${MM7}"><MM7Version>6.8.0</MM7Version></SubmitReq>`

function document(header: string, body: string, namespace = SOAP_NAMESPACE): string {
  return `<s:Envelope xmlns:s="${namespace}">${header}${body}</s:Envelope>`
}

const HEADER = `<s:Header>${ID}</s:Header>`
const BODY = `<s:Body>${OPERATION}</s:Body>`

/** Each row: a request, the fault, and what of the request an answer can repeat. */
const faults: [string, string, string, string | undefined, string | undefined][] = [
  ['not XML', 'hello', 'xml-unreadable', undefined, undefined],
  ['cut off', document(HEADER, BODY).slice(0, -20), 'xml-unreadable', undefined, undefined],
  ['a DTD', `<!DOCTYPE x>${document(HEADER, BODY)}`, 'xml-unreadable', undefined, undefined],
  ['another root', '<hello/>', 'xml-unreadable', undefined, undefined],
  [
    'a SOAP 1.2 envelope',
    document(HEADER, BODY, 'http://www.w3.org/2003/05/soap-envelope'),
    'envelope-namespace',
    't-1',
    '6.8.0',
  ],
  [
    'an envelope namespace by https',
    document(HEADER, BODY, SOAP_NAMESPACE.replace('http', 'https')),
    'envelope-namespace',
    't-1',
    '6.8.0',
  ],
  [
    'an envelope in no namespace',
    '<Envelope><Header/><Body/></Envelope>',
    'envelope-namespace',
    undefined,
    undefined,
  ],
  ['no header', document('', BODY), 'soap-header', undefined, '6.8.0'],
  ['an empty header', document('<s:Header />', BODY), 'soap-header', undefined, '6.8.0'],
  ['two headers', document(HEADER + HEADER, BODY), 'soap-header', 't-1', '6.8.0'],
  [
    'a foreign header entry',
    document(`<s:Header>${ID}<x/></s:Header>`, BODY),
    'soap-header',
    't-1',
    '6.8.0',
  ],
  [
    'an empty TransactionID',
    document('<s:Header><TransactionID> </TransactionID></s:Header>', BODY),
    'soap-header',
    undefined,
    '6.8.0',
  ],
  ['no body', document(HEADER, ''), 'soap-body', 't-1', undefined],
  ['an empty body', document(HEADER, '<s:Body/>'), 'soap-body', 't-1', undefined],
  [
    'two operations',
    document(HEADER, `<s:Body>${OPERATION}${OPERATION}</s:Body>`),
    'soap-body',
    't-1',
    '6.8.0',
  ],
  [
    'an unknown operation',
    document(HEADER, '<s:Body><RingReq/></s:Body>'),
    'operation-unknown',
    't-1',
    undefined,
  ],
  [
    'a SOAP fault as request',
    document(HEADER, '<s:Body><s:Fault/></s:Body>'),
    'operation-unknown',
    't-1',
    undefined,
  ],
  [
    'an operation in a foreign namespace',
    document(
      HEADER,
      '<s:Body><SubmitReq xmlns="urn:x"><MM7Version>6.8.0</MM7Version></SubmitReq></s:Body>',
    ),
    'operation-namespace',
    't-1',
    '6.8.0',
  ],
]

for (const [name, text, fault, transactionId, mm7Version] of faults) {
  test(`a request is refused: ${name}`, () => {
    const decoded = decodeMm7Request(Buffer.from(text))
    assert.ok(decoded.kind === 'fault')
    assert.equal(decoded.fault, fault)
    assert.equal(decoded.transactionId, transactionId)
    assert.equal(decoded.mm7Version, mm7Version)
    assert.notEqual(decoded.detail, '')
  })
}

test('bytes in no known charset are a fault of their own', () => {
  const decoded = decodeMm7Request(Buffer.from([0x3c, 0x61, 0xff]), { charset: 'x-none' })
  assert.equal(decoded.kind === 'fault' ? decoded.fault : '', 'charset-unknown')
})

test('of several faults the outermost is told', () => {
  const order = ['envelope-namespace', 'soap-header', 'soap-body', 'operation-namespace']
  const parts = [
    ['urn:x', SOAP_NAMESPACE],
    ['', HEADER],
    ['<s:Body/>', `<s:Body><SubmitReq xmlns="urn:x"/></s:Body>`],
  ] as const
  for (let sound = 0; sound <= 3; sound++) {
    const [ns = '', header = '', body = ''] = parts.map((pair, i) => pair[i < sound ? 1 : 0])
    const decoded = decodeMm7Request(Buffer.from(document(header, body, ns)))
    assert.equal(decoded.kind === 'fault' ? decoded.fault : 'ok', order[sound])
  }
})

test('an operation in no namespace is understood, and so is every known operation', () => {
  for (const name of OPERATION_NAMES) {
    const decoded = decodeMm7Request(Buffer.from(document(HEADER, `<s:Body><${name}/></s:Body>`)))
    assert.ok(decoded.kind === 'ok')
    assert.deepEqual([decoded.operation.name, decoded.namespace], [name, ''])
  }
})

test('namespaces and foreign headers are forgiven on request only', () => {
  const sloppy = document(
    `<s:Header>${ID}<x/></s:Header>`,
    `<s:Body><SubmitReq xmlns="${MM7}.xsd"/></s:Body>`,
    'https://schemas.xmlsoap.org/soap/envelope/',
  )
  const decoded = decodeMm7Request(Buffer.from(sloppy), {
    acceptsNamespace: (namespace) => forgiveNamespace(namespace) !== undefined,
    acceptsEnvelopeNamespace: () => true,
    ignoresForeignHeaders: true,
  })
  assert.equal(decoded.kind, 'ok')
  const strict = sloppy.replace('<x/>', '<x s:mustUnderstand="1"/>')
  const refused = decodeMm7Request(Buffer.from(strict), {
    acceptsEnvelopeNamespace: () => true,
    ignoresForeignHeaders: true,
  })
  assert.equal(refused.kind === 'fault' ? refused.detail : '', 'must-understand: x')
})

/** What SubmitReq elements turned out to be: the property and the issue. */
function submit(children: string) {
  const body = `<s:Body><SubmitReq xmlns="${MM7}">${children}</SubmitReq></s:Body>`
  const decoded = decodeMm7Request(Buffer.from(document(HEADER, body)))
  assert.ok(decoded.kind === 'ok' && decoded.operation.name === 'SubmitReq')
  return { ...decoded, operation: decoded.operation }
}

test('absent, empty, bare text and typed are told apart', () => {
  const wrap = (inside: string) => `<SenderIdentification>${inside}</SenderIdentification>`
  const rows = [
    ['', undefined, []],
    [wrap(''), {}, []],
    [wrap('<VASPID/>'), { vaspId: '' }, []],
    [wrap('<SenderAddress/>'), {}, ['SenderAddress empty']],
    [
      wrap('<SenderAddress>40404</SenderAddress>'),
      { senderAddress: { kind: 'text', value: '40404' } },
      ['SenderAddress bare-text'],
    ],
    [
      wrap('<SenderAddress><ShortCode/></SenderAddress>'),
      { senderAddress: { kind: 'ShortCode', value: '' } },
      [],
    ],
    [
      wrap('<SenderAddress><Number>1</Number><Number>2</Number></SenderAddress>'),
      { senderAddress: { kind: 'Number', value: '1' } },
      ['SenderAddress duplicate'],
    ],
  ] as const
  for (const [markup, expected, issues] of rows) {
    const { operation, issues: found, present } = submit(markup)
    assert.deepEqual(operation.senderIdentification, expected)
    assert.deepEqual(
      found.map((issue) => `${issue.element} ${issue.problem}`),
      issues,
    )
    assert.equal(present.has('SenderIdentification'), markup !== '')
    assert.equal(present.has('SenderAddress'), markup.includes('SenderAddress'))
  }
})

test('recipients are kept as they were written, number by number', () => {
  const { operation, issues } = submit(
    '<Recipients><Bcc><ShortCode>1</ShortCode></Bcc><To><Number id="a" addressCoding="Encrypted" displayOnly="1">+2/TYPE=PLMN</Number><Number/></To><To>3</To></Recipients>',
  )
  assert.deepEqual(operation.recipients, [
    { list: 'Bcc', address: { kind: 'ShortCode', value: '1' } },
    {
      list: 'To',
      address: {
        kind: 'Number',
        value: '+2/TYPE=PLMN',
        displayOnly: true,
        addressCoding: 'encrypted',
        id: 'a',
      },
    },
    { list: 'To', address: { kind: 'Number', value: '' } },
    { list: 'To', address: { kind: 'text', value: '3' } },
  ])
  assert.deepEqual(issues, [{ element: 'Recipients', problem: 'bare-text' }])
})

test('an element whose value is illegal is known to have been there', () => {
  const { operation, present, issues } = submit('<ChargedParty>Nobody</ChargedParty>')
  assert.equal(operation.chargedParty, undefined)
  assert.ok(present.has('ChargedParty'))
  assert.deepEqual(issues, [{ element: 'ChargedParty', problem: 'bad-value' }])
})

test('a reply is read whatever its header and namespaces are', () => {
  const reply = document(
    '',
    '<s:Body><x:SubmitRsp xmlns:x="urn:x"><Status><StatusCode>1000</StatusCode></Status></x:SubmitRsp></s:Body>',
    'urn:soap',
  )
  const decoded = decodeMm7Reply(Buffer.from(reply))
  assert.ok(decoded.kind === 'ok' && decoded.operation.name === 'SubmitRsp')
  assert.equal(decoded.transactionId, undefined)
  assert.deepEqual(decoded.operation.status, { statusCode: 1000, statusText: '' })
})

test('a status without a readable code is no status', () => {
  const reply = document(
    HEADER,
    '<s:Body><SubmitRsp><Status><StatusCode>fine</StatusCode></Status></SubmitRsp></s:Body>',
  )
  const decoded = decodeMm7Reply(Buffer.from(reply))
  assert.ok(decoded.kind === 'ok' && decoded.operation.name === 'SubmitRsp')
  assert.equal(decoded.operation.status, undefined)
  assert.deepEqual(decoded.issues, [{ element: 'StatusCode', problem: 'bad-value' }])
})

const word = fc.stringMatching(/^[A-Za-z0-9+@.<>&"' é😀-]{1,20}$/u).map((text) => text.trim())
const when = fc.oneof(
  fc.record({
    kind: fc.constant('at' as const),
    ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  }),
  fc.record({ kind: fc.constant('after' as const), ms: fc.integer({ min: 0, max: 10 ** 10 }) }),
)
const address = fc.record(
  {
    kind: fc.constantFrom('Number' as const, 'ShortCode' as const, 'RFC2822Address' as const),
    value: word,
    displayOnly: fc.boolean(),
    addressCoding: fc.constantFrom('encrypted' as const, 'obfuscated' as const),
    id: word,
  },
  { requiredKeys: ['kind', 'value'] },
)
const recipient = fc.record({
  list: fc.constantFrom('To' as const, 'Cc' as const, 'Bcc' as const),
  address,
})
const submitReq = fc.record(
  {
    name: fc.constant('SubmitReq' as const),
    mm7Version: word,
    senderIdentification: fc.record(
      { vaspId: word, vasId: word, senderAddress: address },
      { requiredKeys: [] },
    ),
    recipients: fc.array(recipient, { minLength: 1, maxLength: 5 }),
    serviceCode: word,
    linkedId: word,
    messageClass: fc.constantFrom('Personal' as const, 'Auto' as const),
    timeStampMs: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    replyCharging: fc.record(
      { replyChargingSize: fc.integer({ min: 1, max: 10 ** 8 }), replyDeadline: when },
      { requiredKeys: [] },
    ),
    earliestDeliveryTime: when,
    expiryDate: when,
    deliveryReport: fc.boolean(),
    priority: fc.constantFrom('Normal' as const, 'High' as const, 'Low' as const),
    subject: fc.string({ maxLength: 30 }),
    chargedParty: fc.constantFrom('Both' as const, 'ThirdParty' as const),
    deliveryCondition: fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 }),
    contentClass: fc.constantFrom('text' as const, 'megapixel' as const),
    drmContent: fc.boolean(),
    content: fc.record({ href: word, allowAdaptations: fc.boolean() }, { requiredKeys: [] }),
  },
  { requiredKeys: ['name'] },
)

test('any SubmitReq comes back as it was written', () => {
  fc.assert(
    fc.property(submitReq, word, (operation, transactionId) => {
      const written = encodeMm7({
        transactionId: `t${transactionId}`,
        namespace: MM7,
        operation: operation as Received<Mm7Operation>,
      })
      const decoded = decodeMm7Request(Buffer.from(written))
      assert.ok(decoded.kind === 'ok')
      // Through JSON, since generated records have no prototype.
      assert.deepEqual(
        JSON.parse(JSON.stringify(decoded.operation)),
        JSON.parse(JSON.stringify(operation)),
      )
      assert.deepEqual(decoded.issues, [])
      assert.equal(decoded.transactionId, `t${transactionId}`)
    }),
    { numRuns: 300 },
  )
})

const sample = Buffer.from(
  encodeMm7({
    transactionId: 't-1',
    namespace: MM7,
    operation: {
      name: 'SubmitReq',
      mm7Version: '6.8.0',
      senderIdentification: {
        vaspId: 'bells',
        senderAddress: { kind: 'ShortCode', value: '40404' },
      },
      recipients: [{ list: 'To', address: { kind: 'Number', value: '15005550006' } }],
      expiryDate: { kind: 'after', ms: 60_000 },
      content: { href: 'cid:a' },
    },
  }),
)

test('no bytes make a decoder throw, random or mutated', () => {
  const mutation = fc.record({
    at: fc.nat({ max: sample.length - 1 }),
    cut: fc.nat({ max: 20 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc
        .constantFrom('<To>', '</To>', '&#0;', '<!--', ']]>', 'xmlns=""')
        .map((text) => Buffer.from(text)),
    ),
  })
  fc.assert(
    fc.property(
      fc.array(mutation, { maxLength: 4 }),
      fc.uint8Array({ maxLength: 100 }),
      (mutations, random) => {
        let bytes = sample
        for (const { at, cut, insert } of mutations) {
          bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + cut)])
        }
        for (const input of [bytes, random]) {
          decodeMm7Request(input)
          decodeMm7Reply(input)
        }
      },
    ),
    { numRuns: 1_000 },
  )
})

test('hostile envelopes are refused before they cost anything', () => {
  const heads = [
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}">${'<a>'.repeat(80_000)}`,
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}" ${Array.from({ length: 10_000 }, (_, i) => `a${i}="x"`).join(' ')}/>`,
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}">${'&#65;'.repeat(1_000_000)}</s:Envelope>`,
    `<s:Envelope xmlns:s="${SOAP_NAMESPACE}">${'<b xmlns:p="urn:x"/>'.repeat(12_000)}</s:Envelope>`,
  ]
  for (const text of heads) {
    const started = performance.now()
    const decoded = decodeMm7Request(Buffer.from(text))
    assert.equal(decoded.kind === 'fault' ? decoded.fault : 'ok', 'xml-unreadable')
    assert.ok(performance.now() - started < 500)
  }
})
