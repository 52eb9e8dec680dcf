import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeHeaders, type Headers } from '../mime/headers.ts'
import { defaultMimeLimits } from '../mime/limits.ts'
import { decodeMm4 } from './decode.ts'
import { createMm4Reader } from './reader.ts'
import type { ForwardReq, Mm4Decoded, Mm4Message } from './types.ts'

function headersOf(lines: readonly string[]): Headers {
  const decoded = decodeHeaders(Buffer.from(lines.join('\r\n')), defaultMimeLimits)
  assert.ok(decoded.kind === 'ok')
  return decoded.headers
}

/** Decodes a block after replacing or (with `undefined`) removing lines by their names. */
function decodeWith(
  base: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | undefined>> = {},
): Mm4Decoded {
  const lines: string[] = []
  for (const [name, value] of Object.entries({ ...base, ...changes })) {
    if (value !== undefined) lines.push(`${name}: ${value}`)
  }
  return decodeMm4(headersOf(lines))
}

function messageOf(decoded: Mm4Decoded): Mm4Message {
  assert.ok(decoded.kind === 'ok', JSON.stringify(decoded))
  return decoded.message
}

function forwardOf(changes: Readonly<Record<string, string | undefined>>): ForwardReq {
  const message = messageOf(decodeWith(FORWARD, changes))
  assert.ok(message.type === 'MM4_forward.REQ')
  return message
}

const FORWARD = {
  'X-Mms-3GPP-MMS-Version': '6.10.0',
  'X-Mms-Message-Type': 'MM4_forward.REQ',
  'X-Mms-Transaction-ID': '"t-1"',
  'X-Mms-Message-ID': '"m-1@a.example"',
  From: '+15550100123/TYPE=PLMN',
  To: '+15550100456/TYPE=PLMN',
  Date: 'Tue, 01 Feb 2022 22:17:44 +0000',
}
const RESPONSE = {
  'X-Mms-3GPP-MMS-Version': '6.10.0',
  'X-Mms-Message-Type': 'MM4_forward.RES',
  'X-Mms-Transaction-ID': '"t-1"',
  'X-Mms-Request-Status-Code': 'Ok',
}
const REPORT = {
  ...FORWARD,
  'X-Mms-Message-Type': 'MM4_delivery_report.REQ',
  'X-Mms-MM-Status-Code': 'Retrieved',
}
const READ = {
  ...FORWARD,
  'X-Mms-Message-Type': 'MM4_read_reply_report.REQ',
  'X-Mms-Read-Status': 'Read',
}

test('a forward request with the least headers has everything else at rest', () => {
  assert.deepEqual(forwardOf({}), {
    type: 'MM4_forward.REQ',
    version: '6.10.0',
    transactionId: { raw: '"t-1"', text: 't-1' },
    messageId: { raw: '"m-1@a.example"', text: 'm-1@a.example' },
    date: Date.UTC(2022, 1, 1, 22, 17, 44),
    from: { raw: '+15550100123/TYPE=PLMN', text: '15550100123', kind: 'number' },
    to: [{ raw: '+15550100456/TYPE=PLMN', text: '15550100456', kind: 'number' }],
    cc: [],
    ackRequest: false,
    deliveryReport: false,
    originatorDeliveryReport: false,
    readReply: false,
    senderVisibility: 'Show',
    previouslySentBy: [],
    received: [],
  })
})

type Change = Readonly<Record<string, string | undefined>>

const TOLERATED: readonly (readonly [name: string, change: Change, seen: Partial<ForwardReq>])[] = [
  ['a type in another case', { 'X-Mms-Message-Type': 'mm4_Forward.req' }, {}],
  ['no version', { 'X-Mms-3GPP-MMS-Version': undefined }, { version: '' }],
  ['an old version', { 'X-Mms-3GPP-MMS-Version': '5.5.0' }, { version: '5.5.0' }],
  [
    'header names as Go writes them',
    {
      'X-Mms-Transaction-ID': undefined,
      'X-Mms-Transaction-Id': 't-1',
      'X-Mms-3GPP-MMS-Version': undefined,
      'X-Mms-3gpp-Mms-Version': '6.3.0',
    },
    { version: '6.3.0', transactionId: { raw: 't-1', text: 't-1' } },
  ],
  ['an empty subject', { Subject: '' }, {}],
  ['an encoded subject', { Subject: '=?utf-8?B?w6RiYw==?=' }, { subject: '\u00e4bc' }],
  ['a subject in raw Latin-1', { Subject: 'caf\u00e9' }, { subject: 'caf\u00e9' }],
  ['a broken priority', { 'X-Mms-Priority': 'Urgent' }, {}],
  ['a priority in capitals', { 'X-Mms-Priority': 'HIGH' }, { priority: 'High' }],
  ['a broken expiry', { 'X-Mms-Expiry': 'never' }, {}],
  ['a relative expiry', { 'X-Mms-Expiry': '600' }, { expiry: { kind: 'after', ms: 600_000 } }],
  [
    'an expiry as RFC 3339',
    { 'X-Mms-Expiry': '2022-02-01T00:00:00Z' },
    { expiry: { kind: 'at', ms: Date.UTC(2022, 1, 1) } },
  ],
  [
    'the usual pair of report wishes',
    { 'X-Mms-Delivery-Report': 'Yes', 'X-Mms-Originator-R/S-Delivery-Report': 'No' },
    { deliveryReport: true, originatorDeliveryReport: false },
  ],
  ['the name of MM1 for read-reply', { 'X-Mms-Read-Report': 'Yes' }, { readReply: true }],
  ['a hidden sender', { 'X-Mms-Sender-Visibility': 'hide' }, { senderVisibility: 'Hide' }],
  ['no date', { Date: undefined }, {}],
  [
    'a system without domain',
    { 'X-Mms-Ack-Request': 'yes', 'X-Mms-Originator-System': 'PostMaster' },
    {
      ackRequest: true,
      originatorSystem: { raw: 'PostMaster', text: 'PostMaster', kind: 'system' },
    },
  ],
  [
    'hops, the last named host being the one that received',
    { Received: 'from by.evil.example (by evil) by Relay.A.example (Postfix) with ESMTP; date' },
    { received: ['relay.a.example'] },
  ],
  ['a hop that names nobody', { Received: 'nonsense' }, { received: [''] }],
  [
    'forwarding history',
    { 'X-Mms-Forward-Counter': '2', 'X-Mms-Previously-sent-by': '1, +15550100789/TYPE=PLMN' },
    { forwardCounter: 2, previouslySentBy: ['1, +15550100789/TYPE=PLMN'] },
  ],
]

for (const [name, change, seen] of TOLERATED) {
  test(`a forward request is understood with ${name}`, () => {
    const usual = forwardOf({})
    const found = forwardOf(change)
    for (const key of new Set([...Object.keys(usual), ...Object.keys(found)])) {
      const of = (message: object) => (message as Record<string, unknown>)[key]
      if (key === 'date' && 'Date' in change) assert.equal(of(found), undefined)
      else assert.deepEqual(of(found), key in seen ? of(seen) : of(usual), key)
    }
  })
}

test('a group has all its members in To, in their order', () => {
  const numbers = Array.from({ length: 20 }, (_, index) => `+155501002${10 + index}/TYPE=PLMN`)
  const { to } = forwardOf({ To: numbers.join(',\r\n\t') })
  assert.deepEqual(
    to.map(({ raw }) => raw),
    numbers,
  )
})

test('folds made of tabs, blanks and blank-only lines are read as one space', () => {
  const lines = [
    'X-Mms-Message-Type:MM4_forward.REQ',
    'X-Mms-Transaction-ID:\r\n "t-1"',
    'X-Mms-Message-ID: m-1',
    'From:+15550100123/TYPE=PLMN',
    'To: +15550100456/TYPE=PLMN\r\n        ',
  ]
  const message = messageOf(decodeMm4(headersOf(lines)))
  assert.ok(message.type === 'MM4_forward.REQ')
  assert.equal(message.transactionId.text, 't-1')
  assert.equal(message.to.length, 1)
})

const FAULTS: readonly (readonly [name: string, decoded: Mm4Decoded, fault: string])[] = [
  [
    'an ordinary mail',
    decodeWith(FORWARD, { 'X-Mms-Message-Type': undefined }),
    'type-missing X-Mms-Message-Type',
  ],
  [
    'a type nobody knows',
    decodeWith(FORWARD, { 'X-Mms-Message-Type': 'MM4_dance.REQ' }),
    'type-unknown X-Mms-Message-Type',
  ],
  [
    'another major version',
    decodeWith(FORWARD, { 'X-Mms-3GPP-MMS-Version': '17.0.0' }),
    'version-unsupported X-Mms-3GPP-MMS-Version',
  ],
  ...['X-Mms-Transaction-ID', 'X-Mms-Message-ID', 'From', 'To'].map(
    (name) =>
      [
        `a request without ${name}`,
        decodeWith(FORWARD, { [name]: undefined }),
        `header-missing ${name}`,
      ] as const,
  ),
  ['an empty To', decodeWith(FORWARD, { To: ',' }), 'header-broken To'],
  ['a From of several words', decodeWith(FORWARD, { From: 'a b' }), 'header-broken From'],
  [
    'an id too long',
    decodeWith(FORWARD, { 'X-Mms-Message-ID': 'x'.repeat(256) }),
    'header-broken X-Mms-Message-ID',
  ],
  [
    'a response without status',
    decodeWith(RESPONSE, { 'X-Mms-Request-Status-Code': undefined }),
    'header-missing X-Mms-Request-Status-Code',
  ],
  [
    'a report without status',
    decodeWith(REPORT, { 'X-Mms-MM-Status-Code': undefined }),
    'header-missing X-Mms-MM-Status-Code',
  ],
  [
    'a read report with a status nobody knows',
    decodeWith(READ, { 'X-Mms-Read-Status': 'Burnt' }),
    'header-broken X-Mms-Read-Status',
  ],
]

for (const [name, decoded, fault] of FAULTS) {
  test(`${name} is a fault: ${fault}`, () => {
    assert.ok(decoded.kind === 'fault')
    assert.equal(`${decoded.fault} ${decoded.header}`, fault)
  })
}

test('a response in a version we do not speak is heard: it may say just that', () => {
  const decoded = decodeWith(
    { ...FORWARD, 'X-Mms-Request-Status-Code': 'Error-unsupported-message' },
    { 'X-Mms-Message-Type': 'MM4_forward.RES', 'X-Mms-3GPP-MMS-Version': '7.0.0' },
  )
  assert.ok(decoded.kind === 'ok' && decoded.message.type === 'MM4_forward.RES')
  assert.equal(decoded.message.requestStatus, 'Error-unsupported-message')
})

test('a fault holds what is needed to answer it', () => {
  const decoded = decodeWith(FORWARD, {
    To: undefined,
    'X-Mms-Ack-Request': 'Yes',
    'X-Mms-Originator-System': 'system@a.example',
    Sender: '+15550100123/TYPE=PLMN@a.example',
  })
  assert.deepEqual(decoded, {
    kind: 'fault',
    fault: 'header-missing',
    header: 'To',
    type: 'MM4_forward.REQ',
    version: '6.10.0',
    transactionId: { raw: '"t-1"', text: 't-1' },
    messageId: { raw: '"m-1@a.example"', text: 'm-1@a.example' },
    ackRequest: true,
    originatorSystem: {
      raw: 'system@a.example',
      text: 'system@a.example',
      kind: 'system',
      domain: 'a.example',
    },
    sender: {
      raw: '+15550100123/TYPE=PLMN@a.example',
      text: '15550100123',
      kind: 'number',
      domain: 'a.example',
    },
  })
})

test('a response without From, Date and MIME headers is a response', () => {
  assert.deepEqual(messageOf(decodeWith(RESPONSE)), {
    type: 'MM4_forward.RES',
    version: '6.10.0',
    transactionId: { raw: '"t-1"', text: 't-1' },
    requestStatus: 'Ok',
    requestRecipients: [],
  })
})

test('a response says whom it is for, and what a provider adds', () => {
  const message = messageOf(
    decodeWith(RESPONSE, {
      'X-Mms-Request-Status-Code': 'Error-from-space',
      'X-Mms-Request-Recipients': '+15550100456, +15550100789/TYPE=PLMN',
      'X-Mms-Status-Text': 'source-opted-out',
      'X-Internal-Status-Code': '475',
    }),
  )
  assert.ok(message.type === 'MM4_forward.RES')
  assert.deepEqual(
    message.requestRecipients.map(({ text }) => text),
    ['15550100456', '15550100789'],
  )
  assert.equal(message.requestStatus, 'Error-unspecified')
  assert.equal(message.requestStatusRaw, 'Error-from-space')
  assert.equal(message.statusText, 'source-opted-out')
  assert.equal(message.internalStatusCode, '475')
})

test('a report is understood with the status under its MM1 name and a status of a response', () => {
  const message = messageOf(
    decodeWith(REPORT, {
      'X-Mms-MM-Status-Code': undefined,
      'X-Mms-Status': 'Unrecognized',
      'X-Mms-Request-Status-Code': 'Ok',
      From: 'mmsc.b.example',
      'X-Mms-Forward-To-Originator-UA': 'Yes',
    }),
  )
  assert.ok(message.type === 'MM4_delivery_report.REQ')
  assert.equal(message.mmStatus, 'Unrecognised')
  assert.equal(message.from.kind, 'system')
  assert.equal(message.forwardToOriginatorUa, true)
})

test('a read report is understood under the other name of its status', () => {
  const message = messageOf(
    decodeWith(READ, {
      'X-Mms-Read-Status': undefined,
      'X-Mms-MM-Read-Status': 'DeletedWithoutBeingRead',
    }),
  )
  assert.ok(message.type === 'MM4_read_reply_report.REQ')
  assert.equal(message.readStatus, 'Deleted without being read')
})

test('every kind of message is known', () => {
  for (const type of ['MM4_delivery_report.RES', 'MM4_read_reply_report.RES']) {
    assert.equal(messageOf(decodeWith(RESPONSE, { 'X-Mms-Message-Type': type })).type, type)
  }
  assert.equal(messageOf(decodeWith(READ)).type, 'MM4_read_reply_report.REQ')
})

test('the reader tells the message before any part, and takes a mail of headers only', () => {
  const told: string[] = []
  const sink = {
    message: (decoded: Mm4Decoded) => told.push(decoded.kind),
    leafStart: () => told.push('leaf'),
    leafData: (bytes: Uint8Array) => told.push(Buffer.from(bytes).toString()),
    leafEnd: () => told.push('end'),
  }
  const block = Object.entries(FORWARD)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const mail = createMm4Reader(defaultMimeLimits, sink)
  mail.push(Buffer.from(`${block}\r\n`))
  assert.deepEqual(told, ['ok', 'leaf'])
  mail.push(Buffer.from('hello'))
  mail.end()
  const headersOnly = createMm4Reader(defaultMimeLimits, sink)
  assert.equal(headersOnly.push(Buffer.from(block)), undefined)
  assert.equal(headersOnly.end(), undefined)
  assert.deepEqual(told, ['ok', 'leaf', 'hello', 'end', 'ok', 'leaf', 'end'])
})

test('no header block, whatever it holds, makes decoding throw', () => {
  const names = [
    ...Object.keys({ ...FORWARD, ...RESPONSE, ...REPORT, ...READ }),
    'X-Mms-Expiry',
    'X-Mms-Originator-System',
    'Received',
    'Sender',
    'Subject',
  ]
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.stringMatching(/^[+0-9/TYPE=PLMN@<>",; .:-]{0,60}$/),
    fc.constantFrom(...Object.values({ ...FORWARD, ...REPORT })),
  )
  const block = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 20 })
  fc.assert(
    fc.property(block, (fields) => {
      const text = fields.map(([name, v]) => `${name}: ${v.replace(/[\r\n]/g, ' ')}`)
      decodeMm4(headersOf(['X-Mms-Message-Type: MM4_forward.REQ', ...text]))
    }),
    { numRuns: 500 },
  )
})
