import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { commandId, findCommand, printCommandId } from './command.ts'
import { COMMAND_STATUS, findStatusName, parseStatus, printStatus } from './command-status.ts'
import { parseDataCoding, printDataCoding } from './data-coding.ts'
import { isReceipt, parseEsmClass, printEsmClass } from './esm-class.ts'
import { findMessageState, MESSAGE_STATES } from './message-state.ts'
import {
  hasReservedBits,
  parseRegisteredDelivery,
  printRegisteredDelivery,
} from './registered-delivery.ts'
import { parseTime, printAbsoluteTime, printRelativeTime, resolveTime } from './time.ts'

test('operations have the numbers of the standard', () => {
  assert.equal(commandId('submit_sm'), 4)
  assert.equal(commandId('data_sm_resp'), 0x8000_0103)
  assert.equal(commandId('generic_nack'), 0x8000_0000)
  assert.equal(findCommand(0x8000_0009), 'bind_transceiver_resp')
  assert.equal(findCommand(0x111), undefined)
  assert.equal(printCommandId(0x111), 'broadcast_sm')
  assert.equal(printCommandId(0x8000_0113), 'cancel_broadcast_sm_resp')
  assert.equal(printCommandId(0x1234), '0x00001234')
})

test('a status is printed by its name, and by its number where it has none', () => {
  assert.equal(printStatus(0x58), 'ESME_RTHROTTLED')
  assert.equal(printStatus(9802), '0x0000264A')
  assert.equal(findStatusName(0x400), undefined)
  for (const [name, value] of Object.entries(COMMAND_STATUS)) {
    assert.equal(printStatus(value), name)
    assert.equal(parseStatus(name), value)
  }
})

test('a status is found by either edition’s name, by its number, and not by nonsense', () => {
  assert.equal(parseStatus('ESME_RINVTLVLEN'), 0xc2)
  assert.equal(parseStatus('0x58'), 0x58)
  assert.equal(parseStatus('0X0000264A'), 9802)
  for (const text of ['', 'ESME_', 'constructor', '88', '0x', '0x123456789']) {
    assert.equal(parseStatus(text), undefined, text)
  }
})

const ESM: readonly (readonly [number, Partial<ReturnType<typeof parseEsmClass>>])[] = [
  [0x00, { mode: 'default', type: 'default', udhi: false, replyPath: false }],
  [0x40, { udhi: true }],
  [0xc3, { mode: 'store-and-forward', udhi: true, replyPath: true }],
  [0x04, { type: 'receipt' }],
  [0x08, { type: 'delivery-ack' }],
  [0x10, { type: 'user-ack' }],
  [0x18, { type: 'conversation-abort' }],
  [0x20, { type: 'intermediate' }],
  [0x0c, { type: 'reserved' }],
]

test('esm_class is taken apart bit by bit', () => {
  for (const [octet, expected] of ESM) {
    const parsed = parseEsmClass(octet)
    assert.deepEqual({ ...parsed, ...expected }, parsed, `0x${octet.toString(16)}`)
  }
  assert.ok(isReceipt(0x44))
  assert.ok(isReceipt(0x20))
  assert.ok(!isReceipt(0x08))
})

test('esm_class is put together again, for every octet that is not reserved', () => {
  for (let octet = 0; octet <= 0xff; octet++) {
    const { type, ...parts } = parseEsmClass(octet)
    if (type !== 'reserved') assert.equal(printEsmClass({ ...parts, type }), octet)
  }
})

test('registered_delivery is taken apart and put together', () => {
  assert.deepEqual(parseRegisteredDelivery(0x11), {
    receipt: 'final',
    deliveryAck: false,
    userAck: false,
    intermediate: true,
  })
  for (let octet = 0; octet < 0x20; octet++) {
    assert.equal(printRegisteredDelivery(parseRegisteredDelivery(octet)), octet)
    assert.ok(!hasReservedBits(octet))
  }
  assert.ok(hasReservedBits(0x20))
})

test('data_coding has a reading for every octet, and every reading its octet', () => {
  for (let octet = 0; octet <= 0xff; octet++) {
    assert.equal(printDataCoding(parseDataCoding(octet)), octet)
  }
  assert.deepEqual(parseDataCoding(0x08), { kind: 'alphabet', alphabet: 'ucs-2' })
  assert.deepEqual(parseDataCoding(0xf0), {
    kind: 'message-class',
    alphabet: 'default',
    messageClass: 0,
  })
  assert.deepEqual(parseDataCoding(0xf5), {
    kind: 'message-class',
    alphabet: 'octets',
    messageClass: 1,
  })
  assert.deepEqual(parseDataCoding(0xe9), {
    kind: 'message-waiting',
    alphabet: 'ucs-2',
    store: true,
    active: true,
    indication: 1,
  })
  assert.equal(parseDataCoding(0x10).kind, 'reserved')
})

test('message states have names both ways', () => {
  assert.equal(findMessageState(5), 'UNDELIVERABLE')
  assert.equal(findMessageState(10), undefined)
  for (const [name, value] of Object.entries(MESSAGE_STATES)) {
    assert.equal(findMessageState(value), name)
  }
})

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0)

const MOMENTS: readonly (readonly [text: string, iso: string | undefined])[] = [
  ['261121120000000+', '2026-11-21T12:00:00.000Z'],
  ['261121120000004+', '2026-11-21T11:00:00.000Z'],
  ['261121120000348-', '2026-11-22T00:00:00.300Z'],
  ['240229235959900+', '2024-02-29T23:59:59.900Z'],
  ['000000010000000R', '2026-11-21T13:00:00.000Z'],
  ['000002000000000R', '2026-11-23T12:00:00.000Z'],
  ['010300000000000R', '2028-02-21T12:00:00.000Z'],
  ['250229120000000+', undefined],
  ['261321120000000+', undefined],
  ['261100120000000+', undefined],
  ['261121240000000+', undefined],
  ['261121120000049+', undefined],
  ['261121120000000Z', undefined],
  ['2611211200', undefined],
  ['2611211200000000+', undefined],
]

for (const [text, iso] of MOMENTS) {
  test(`the time ${text} means ${iso ?? 'nothing'}`, () => {
    const time = parseTime(text)
    if (iso === undefined) assert.equal(time, undefined)
    else {
      assert.ok(time !== undefined)
      assert.equal(new Date(resolveTime(time, NOW) ?? 0).toISOString(), iso)
    }
  })
}

test('a month after the last of January is the last of February', () => {
  const month = parseTime('000100000000000R')
  assert.ok(month !== undefined)
  assert.equal(resolveTime(month, Date.UTC(2027, 0, 31)), Date.UTC(2027, 1, 28))
})

test('no time is the centre’s default', () => {
  assert.deepEqual(parseTime(''), { kind: 'default' })
  assert.equal(resolveTime({ kind: 'default' }, NOW), undefined)
})

test('a moment of this century is printed and read again to a tenth of a second', () => {
  const max = Date.UTC(2100, 0, 1) - 1
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max }), (at) => {
      const text = printAbsoluteTime(at)
      assert.equal(text?.length, 16)
      assert.deepEqual(parseTime(text ?? 'x'), { kind: 'absolute', at: at - (at % 100) })
    }),
  )
  for (const at of [max + 1, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(printAbsoluteTime(at), undefined)
  }
})

test('a period is printed and never ends early', () => {
  fc.assert(
    fc.property(fc.nat({ max: 99 * 86_400_000 }), (ms) => {
      const time = parseTime(printRelativeTime(ms) ?? 'x')
      assert.ok(time !== undefined)
      const end = (resolveTime(time, NOW) ?? 0) - NOW
      assert.ok(end >= ms && end < ms + 1000)
    }),
  )
  for (const ms of [-1001, 100 * 86_400_000, Number.NaN]) {
    assert.equal(printRelativeTime(ms), undefined)
  }
})

test('any text is a time or none, and never an exception', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{15}[-+R]$/), (text) => {
      const time = parseTime(text)
      if (time !== undefined) resolveTime(time, NOW)
    }),
  )
})
