import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDataSm, createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import { receiptOf } from './receipt.ts'
import { carrierAt } from './testing/messages.ts'

const DESTINATION = { ton: 1, npi: 1, addr: '15005550120' }
const RECEIPT = printEsmClass({ type: 'receipt' })
const plain = carrierAt(1).smpp

function read(text: string, tlvs: SmppTlvs = {}, smpp: Partial<SmppPeer> = {}, esm = RECEIPT) {
  const shortMessage = Buffer.from(text, 'latin1')
  const body = createDeliverSm({ destination: DESTINATION, esmClass: esm, shortMessage, tlvs })
  return receiptOf(body, { ...plain, ...smpp })
}

/** stat, err, what is reported. */
// biome-ignore format: a table
const STATES = [
  ['DELIVRD', '000', 'retrieved',     undefined],
  ['EXPIRED', '027', 'expired',       undefined],
  ['DELETED', '000', 'rejected',      'deleted-by-carrier'],
  ['UNDELIV', '000', 'unreachable',   undefined],
  ['UNDELIV', '001', 'rejected',      'recipient-unknown'],
  ['UNDELIV', '6',   'rejected',      'recipient-unreachable'],
  ['UNDELIV', '012', 'rejected',      'handset-unregistered'],
  ['UNDELIV', '022', 'rejected',      'handset-incapable'],
  ['UNDELIV', '040', 'rejected',      'recipient-full'],
  ['UNDELIV', '034', 'rejected',      'carrier-error'],
  ['UNDELIV', 'X9',  'unreachable',   undefined],
  ['REJECTD', '000', 'rejected',      undefined],
  ['UNKNOWN', '000', 'indeterminate', undefined],
  ['ACCEPTD', '000', 'acknowledged',  undefined],
  ['ENROUTE', '000', 'acknowledged',  undefined],
  ['BANANAS', '000', 'indeterminate', undefined],
] as const

for (const [stat, err, status, reason] of STATES) {
  test(`stat:${stat} err:${err} is ${status}${reason === undefined ? '' : `: ${reason}`}`, () => {
    const text = `id:A1 sub:001 dlvrd:000 submit date:2601020304 done date:2601020305 stat:${stat} err:${err} text:x`
    const receipt = read(text)
    assert.equal(receipt?.id, 'A1')
    assert.equal(receipt?.report.status, status)
    assert.equal(receipt?.report.reason, reason)
    assert.equal(receipt?.report.raw, text, 'the far end’s words are kept')
  })
}

test('parameters go before the text', () => {
  const receipt = read('id:TEXT stat:UNDELIV err:001', {
    receiptedMessageId: 'PARAMETER',
    messageState: 2,
  })
  assert.equal(receipt?.id, 'PARAMETER')
  assert.equal(receipt?.report.status, 'retrieved')
})

test('without a text the parameters say everything', () => {
  const tlvs = {
    receiptedMessageId: 'P',
    messageState: 5,
    networkErrorCode: { networkType: 3, errorCode: 27 },
  }
  const receipt = receiptOf(createDataSm({ destination: DESTINATION, tlvs }), plain)
  assert.equal(receipt?.id, 'P')
  assert.equal(receipt?.report.reason, 'recipient-unreachable')
})

test('a carrier’s own words go before the common tables', () => {
  const overrides = [
    { on: 'err', value: '069', reason: 'spam-refused' },
    { on: 'stat', value: 'BANANAS', reason: 'recipient-opted-out' },
  ] as const
  const reason = (text: string) => read(text, {}, { overrides })?.report.reason
  assert.equal(reason('id:1 stat:UNDELIV err:69'), 'spam-refused')
  assert.equal(reason('id:1 stat:bananas err:000'), 'recipient-opted-out')
  assert.equal(reason('id:1 stat:DELIVRD err:069'), undefined)
})

test('a person who types a receipt has not made one', () => {
  const forged = 'id:A1 stat:DELIVRD err:000'
  assert.equal(read(forged, {}, {}, 0), undefined)
  assert.equal(read(forged, {}, { receiptsUnmarked: true }, 0)?.id, 'A1')
  assert.equal(read('id: please', {}, { receiptsUnmarked: true }, 0), undefined)
})

test('a message with an id of its own in the parameters is a message', () => {
  const named = { receiptedMessageId: 'A1' }
  assert.equal(read('Ding', named, {}, 0), undefined)
  assert.equal(read('id:A1 stat:DELIVRD err:000', named, {}, 0)?.report.status, 'retrieved')
  assert.equal(read('Ding', { ...named, messageState: 2 }, {}, 0)?.report.status, 'retrieved')
})

test('its date counts only where the carrier’s clock is known', () => {
  const text = 'id:A1 done date:2601020304 stat:DELIVRD'
  assert.equal(read(text)?.report.happenedAt, undefined)
  const told = read(text, {}, { clockOffsetMinutes: 60 })
  assert.equal(told?.report.happenedAt, Date.UTC(2026, 0, 2, 2, 4))
})

test('no receipt breaks the reader', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 255 }), (text, messageState) => {
      const receipt = read(text, { messageState })
      return receipt !== undefined && receipt.report.raw.length < 4096
    }),
  )
})
