import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseExtensions } from './extensions.ts'
import { createReply, createReplyReader, printReply, type ReceivedReply } from './reply.ts'
import { decodePlain, decodeSaslLine, encodePlain } from './sasl.ts'

function readOne(text: string): ReceivedReply {
  const step = createReplyReader().push(Buffer.from(text, 'latin1'))
  assert.ok(step.kind === 'replies')
  const [reply] = step.replies
  assert.ok(reply !== undefined && step.replies.length === 1)
  return reply
}

const REPLIES: readonly (readonly [text: string, expected: object])[] = [
  ['250 OK\r\n', { code: 250, lines: ['OK'] }],
  ['250\r\n', { code: 250, lines: [''] }],
  ['354 go\n', { code: 354, lines: ['go'] }],
  ['550 5.7.1 Relaying denied\r\n', { code: 550, enhanced: '5.7.1', lines: ['Relaying denied'] }],
  ['550 5.7.1\r\n', { code: 550, enhanced: '5.7.1', lines: [''] }],
  ['550 2.1.5 odd\r\n', { code: 550, lines: ['2.1.5 odd'] }],
  ['250 5.1.1.1 host\r\n', { code: 250, lines: ['5.1.1.1 host'] }],
  [
    '550-5.2.1 two\r\n550 5.2.1 lines\r\n',
    { code: 550, enhanced: '5.2.1', lines: ['two', 'lines'] },
  ],
  ['250-host\r\n250-SIZE 100\r\n250 HELP\r\n', { code: 250, lines: ['host', 'SIZE 100', 'HELP'] }],
]

for (const [text, expected] of REPLIES) {
  test(`a reply reader reads ${JSON.stringify(text)} and keeps it raw`, () => {
    const { raw, ...reply } = readOne(text)
    assert.deepEqual(reply, expected)
    assert.equal(raw, text.replaceAll('\r', '').trimEnd())
  })
}

const FAULTS: readonly (readonly [text: string, because: string])[] = [
  ['HTTP/1.1 400 Bad Request\r\n', 'not-a-reply'],
  ['099 low\r\n', 'not-a-reply'],
  ['250-a\r\n550 b\r\n', 'not-a-reply'],
  ['250x\r\n', 'not-a-reply'],
  [`250 ${'x'.repeat(5000)}`, 'line-too-long'],
  ['250-x\r\n'.repeat(129), 'too-many-lines'],
]

for (const [text, because] of FAULTS) {
  test(`a reply reader refuses ${JSON.stringify(text.slice(0, 20))}: ${because}`, () => {
    const step = createReplyReader().push(Buffer.from(text))
    assert.ok(step.kind === 'fault')
    assert.equal(step.because, because)
  })
}

const reply = fc
  .tuple(
    fc.constantFrom([250, '2.1.5'], [354, ''], [421, '4.3.2'], [550, '5.7.1'], [504, '']),
    fc.array(fc.stringMatching(/^[ -~]{0,60}$/), { minLength: 1, maxLength: 4 }),
  )
  // A text that looks like an enhanced code is one when it comes back.
  .filter(([, lines]) => !lines.some((line) => /^[245]\.\d/.test(line)))
  .map(([[code, enhanced], lines]) => createReply(Number(code), String(enhanced), ...lines))

test('a printed reply reads back as itself, however it is cut', () => {
  fc.assert(
    fc.property(reply, fc.nat(40), (given, at) => {
      const bytes = Buffer.from(printReply(given), 'latin1')
      const reader = createReplyReader()
      const cut = Math.min(at, bytes.length - 1)
      const first = reader.push(bytes.subarray(0, cut))
      assert.ok(first.kind === 'replies')
      assert.equal(first.replies.length, 0)
      const second = reader.push(bytes.subarray(cut))
      assert.ok(second.kind === 'replies' && second.replies[0] !== undefined)
      const { raw, ...read } = second.replies[0]
      assert.deepEqual(read, given)
      assert.equal(reader.begun, false)
    }),
  )
})

test('any text at all prints as one reply', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
      const printed = printReply(createReply(550, '5.7.1', one, two))
      const step = createReplyReader().push(Buffer.from(printed, 'latin1'))
      assert.ok(step.kind === 'replies' && step.replies.length === 1)
      assert.equal(printed.split('\r\n').length, 3)
      assert.match(printed.replaceAll('\r\n', ''), /^[ -~]*$/)
    }),
  )
})

test('a reply reader never throws, whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      const reader = createReplyReader()
      for (const chunk of chunks) if (reader.push(Buffer.from(chunk)).kind === 'fault') return
    }),
  )
})

test('parseExtensions reads keywords in any case and the old AUTH= form', () => {
  const offered = parseExtensions(
    readOne(
      '250-host greets you\r\n250-size 1000\r\n250-Pipelining\r\n250-AUTH=LOGIN\r\n' +
        '250-auth plain\r\n250-8BITMIME\r\n250 STARTTLS\r\n',
    ),
  )
  assert.deepEqual(offered, {
    pipelining: true,
    eightBitMime: true,
    startTls: true,
    sizeBytesMax: 1000,
    authMechanisms: ['LOGIN', 'PLAIN'],
  })
})

test('parseExtensions takes SIZE without a number as no limit, and no SIZE as not offered', () => {
  assert.equal(parseExtensions(readOne('250-h\r\n250 SIZE\r\n')).sizeBytesMax, 0)
  assert.equal(parseExtensions(readOne('250 h\r\n')).sizeBytesMax, undefined)
})

test('credentials survive AUTH PLAIN, and broken ones are refused', () => {
  const credentials = { user: 'peer-7', password: 'p\u00e4ss w\u00f6rd' }
  assert.deepEqual(decodePlain(encodePlain(credentials)), credentials)
  for (const line of ['', '=', '!!', 'AHU=', 'AABw']) assert.equal(decodePlain(line), undefined)
  assert.equal(decodeSaslLine('='), '')
})
