import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeHeaders, type Headers } from '../mime/headers.ts'
import { defaultMimeLimits } from '../mime/limits.ts'
import { createMm4Address } from './address.ts'
import { decodeMm4 } from './decode.ts'
import { encodeMm4, type Mm4Mail } from './encode.ts'
import { createMm4Id } from './ids.ts'
import type { ForwardReq, Mm4Message } from './types.ts'

const MAIL: Mm4Mail = { mailId: 'm.1@gw.example', dateMs: Date.UTC(2026, 10, 21, 12) }

const FULL: ForwardReq = {
  type: 'MM4_forward.REQ',
  version: '6.10.0',
  transactionId: createMm4Id('t.1@gw.example'),
  messageId: createMm4Id('m.1@gw.example'),
  date: Date.UTC(2026, 10, 21, 11),
  sender: createMm4Address('system', 'system@gw.example', 'gw.example'),
  from: createMm4Address('number', '15550100123', 'gw.example'),
  to: [
    createMm4Address('number', '15550100456', 'b.example'),
    createMm4Address('short-code', '40404'),
    createMm4Address('email', 'ann@c.example', 'c.example'),
  ],
  cc: [createMm4Address('number', '15550100789')],
  ackRequest: true,
  originatorSystem: createMm4Address('system', 'system@gw.example', 'gw.example'),
  subject: 'Sm\u00f8rrebr\u00f8d and a long line that must be folded somewhere before its end',
  messageClass: 'Personal',
  priority: 'High',
  expiry: { kind: 'at', ms: Date.UTC(2026, 10, 28, 11) },
  deliveryReport: true,
  originatorDeliveryReport: false,
  readReply: true,
  senderVisibility: 'Hide',
  forwardCounter: 1,
  previouslySentBy: ['1, +15550100789/TYPE=PLMN'],
  contentClass: 'image-rich',
  drmContent: false,
  adaptationAllowed: true,
  applicId: 'app.1',
  replyApplicId: 'app.2',
  auxApplicInfo: 'aux',
  received: [],
}
const BASE = { version: '6.10.0', transactionId: createMm4Id('t.1') }
const REQUEST = {
  ...BASE,
  messageId: createMm4Id('m.1'),
  from: createMm4Address('number', '15550100456'),
  to: [createMm4Address('number', '15550100123', 'a.example')],
  ackRequest: true,
  date: 0,
}

const MESSAGES: readonly Mm4Message[] = [
  FULL,
  { ...FULL, expiry: { kind: 'after', ms: 600_000 } },
  {
    type: 'MM4_forward.RES',
    ...BASE,
    messageId: createMm4Id('m.1'),
    requestStatus: 'Error-content-not-accepted',
    statusText: 'too large \u2013 by far',
    internalStatusCode: '352',
    requestRecipients: [createMm4Address('number', '15550100456')],
    date: 1000,
  },
  {
    type: 'MM4_delivery_report.REQ',
    ...REQUEST,
    mmStatus: 'Rejected',
    mmStatusExtension: 'Rejection-by-other-RS',
    statusText: 'spam',
    internalStatusCode: '770',
    forwardToOriginatorUa: true,
  },
  { type: 'MM4_delivery_report.RES', ...BASE, requestStatus: 'Error-message-not-found', date: 0 },
  {
    type: 'MM4_read_reply_report.REQ',
    ...REQUEST,
    readStatus: 'Deleted without being read',
    statusText: 'so be it',
  },
  { type: 'MM4_read_reply_report.RES', ...BASE, requestStatus: 'Ok', date: 0 },
]

function readBack(block: Uint8Array): Headers {
  const decoded = decodeHeaders(block, defaultMimeLimits)
  assert.ok(decoded.kind === 'ok')
  return decoded.headers
}

for (const message of MESSAGES) {
  test(`a ${message.type} is written so that it reads back as itself`, () => {
    const headers = readBack(encodeMm4(message, MAIL))
    assert.deepEqual(decodeMm4(headers), { kind: 'ok', message })
    for (const name of ['Date', 'Message-ID', 'MIME-Version', 'Content-Type']) {
      assert.ok(headers.get(name) !== undefined, name)
    }
  })
}

test('a header block is ASCII in lines of 76 columns and ends with a blank line', () => {
  const text = Buffer.from(encodeMm4(FULL, MAIL)).toString('latin1')
  assert.ok(text.endsWith('\r\n\r\n'))
  assert.match(text, /^[ -~\r\n]*$/)
  for (const line of text.split('\r\n')) assert.ok(line.length <= 76, line)
})

test('a response takes From and To from its mail', () => {
  const [, , response] = MESSAGES
  assert.ok(response?.type === 'MM4_forward.RES')
  const headers = readBack(
    encodeMm4(response, {
      ...MAIL,
      from: createMm4Address('system', 'system@gw.example', 'gw.example'),
      to: createMm4Address('system', 'PostMaster', 'a.example'),
    }),
  )
  assert.equal(headers.get('From'), 'system@gw.example')
  assert.equal(headers.get('To'), 'PostMaster@a.example')
})

test('an id is echoed byte for byte, even one that looks like an encoded word', () => {
  for (const raw of ['t 1', '"t-1', 'a=?utf-8?Q?b?=', '+15550100123/TYPE=PLMN-q1', "'t'"]) {
    const message = { ...FULL, transactionId: { raw, text: raw } }
    const headers = readBack(encodeMm4(message, MAIL))
    assert.equal(headers.get('X-Mms-Transaction-ID'), raw)
  }
})

test('a list of many recipients folds and reads back whole', () => {
  const to = Array.from({ length: 200 }, (_, index) =>
    createMm4Address('number', `1555010${1000 + index}`, 'b.example'),
  )
  const block = encodeMm4({ ...FULL, to }, MAIL)
  for (const line of Buffer.from(block).toString().split('\r\n')) assert.ok(line.length <= 998)
  const decoded = decodeMm4(readBack(block))
  assert.ok(decoded.kind === 'ok' && decoded.message.type === 'MM4_forward.REQ')
  assert.deepEqual(decoded.message.to, to)
})

test('any text in any place makes exactly one header, and none of its own', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc
      .tuple(
        fc.string(),
        fc.constantFrom('\r\n', '\n', '\r', '\r\n\r\n', '\u2028', '\0'),
        fc.string(),
      )
      .map(([one, end, two]) => `${one}${end}Bcc: ${two}`),
  )
  const names = (block: Uint8Array) => readBack(block).fields.map(({ name }) => name)
  const routed = {
    ...FULL,
    previouslySentAt: ['1, x'],
    routing: [{ name: 'X-Mms-Return-Route', value: 'x' }],
  }
  const expected = names(
    encodeMm4(routed, {
      ...MAIL,
      content: [{ name: 'Content-Type', value: 'x' }],
      extra: [{ name: 'X-Own', value: 'x' }],
    }),
  )
  fc.assert(
    fc.property(hostile, (text) => {
      const address = { raw: text, text: `x${text}`, kind: 'number', domain: `d${text}` } as const
      const message: ForwardReq = {
        ...FULL,
        version: `6${text}`,
        transactionId: { raw: `i${text}`, text },
        messageId: { raw: `i${text}`, text },
        sender: address,
        from: address,
        to: [address, { ...address, kind: 'email' }],
        cc: [{ ...address, kind: 'system' }],
        originatorSystem: address,
        subject: text,
        previouslySentBy: [text],
        previouslySentAt: [text],
        routing: [
          { name: 'X-Mms-Return-Route', value: text },
          { name: `X-Mms-Bad:${text}`, value: text },
        ],
        contentClass: text,
        applicId: text,
        replyApplicId: text,
        auxApplicInfo: text,
        // Closed sets by their types; whoever widens one must not open a hole.
        messageClass: text as 'Auto',
        priority: text as 'Low',
        senderVisibility: text as 'Hide',
      }
      const block = encodeMm4(message, {
        ...MAIL,
        mailId: text,
        content: [
          { name: 'Content-Type', value: text },
          { name: `Content-Bad\n${text}`, value: text },
        ],
        extra: [
          { name: 'X-Own', value: text },
          { name: `X-Bad\r${text}`, value: text },
        ],
      })
      assert.deepEqual(names(block), expected)
      const lines = Buffer.from(block).toString('latin1')
      assert.match(lines, /^[ -~\r\n]*$/)
      assert.equal(lines.indexOf('\r\n\r\n'), lines.length - 4)
      assert.doesNotMatch(lines, /\r(?!\n)|(?<!\r)\n/)
    }),
  )
})

test('no answer or report can be made to hold a header of its own, nor a dialect’s extras', () => {
  const hostile = fc
    .tuple(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('\r\n', '\n', '\r', '\0'))
    .map(([text, end]) => `${text}${end}Bcc: x${end}${end}body`)
  const names = (block: Uint8Array) => readBack(block).fields.map(({ name }) => name)
  const written = (text: string) => {
    const id = { raw: `i${text}`, text }
    const address = { raw: text, text: `x${text}`, kind: 'system', domain: `d${text}` } as const
    const answer = {
      version: `6${text}`,
      transactionId: id,
      messageId: id,
      requestStatus: `s${text}` as 'Ok',
      statusText: `t${text}`,
      internalStatusCode: `1${text}`,
    } as const
    const report = {
      version: `6${text}`,
      transactionId: id,
      messageId: id,
      from: address,
      to: [address],
      ackRequest: true,
      statusText: `t${text}`,
    } as const
    const mail = { ...MAIL, from: address, to: address, mailId: `m${text}` }
    const extra = [
      { name: 'X-Own', value: text },
      { name: `X-Bad${text}`, value: 'never written' },
    ]
    return [
      encodeMm4(
        { type: 'MM4_forward.RES', ...answer, requestRecipients: [address] },
        { ...mail, extra },
      ),
      encodeMm4({ type: 'MM4_delivery_report.RES', ...answer }, mail),
      encodeMm4({ type: 'MM4_read_reply_report.RES', ...answer }, mail),
      encodeMm4(
        {
          type: 'MM4_delivery_report.REQ',
          ...report,
          mmStatus: `s${text}` as 'Rejected',
          mmStatusExtension: `e${text}`,
          internalStatusCode: `7${text}`,
        },
        { ...mail, extra },
      ),
      encodeMm4(
        { type: 'MM4_read_reply_report.REQ', ...report, readStatus: `s${text}` as 'Read' },
        mail,
      ),
    ]
  }
  const expected = written(' ').map(names)
  fc.assert(
    fc.property(hostile, (text) => {
      for (const [index, block] of written(text).entries()) {
        assert.deepEqual(names(block), expected[index])
        const lines = Buffer.from(block).toString('latin1')
        assert.match(lines, /^[ -~\r\n]*$/)
        assert.equal(lines.indexOf('\r\n\r\n'), lines.length - 4)
        assert.doesNotMatch(lines, /\r(?!\n)|(?<!\r)\n/)
      }
    }),
  )
})
