import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDataSm, createSubmitSm } from '../../codecs/smpp/create-body.ts'
import type { HeldPart } from '../../engine/ports/store.ts'
import { holdOp } from '../../stores/suite/samples.suite.ts'
import { addressOf } from './address.ts'
import { decodeContent } from './content.ts'
import { readDraft } from './draft.ts'
import { smsPartJoiner } from './joiner.ts'
import { isObjection } from './objection.ts'

const NOW = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000
const octet = fc.nat({ max: 255 })
const address = fc.record({ ton: octet, npi: octet, addr: fc.string({ maxLength: 20 }) })
const tlvs = fc.record(
  {
    messagePayload: fc.uint8Array({ maxLength: 300 }),
    sarMsgRefNum: fc.nat({ max: 65_535 }),
    sarTotalSegments: octet,
    sarSegmentSeqnum: octet,
    qosTimeToLive: fc.nat(),
    userMessageReference: fc.nat({ max: 65_535 }),
  },
  { requiredKeys: [] },
)
const fields = fc.record({
  source: address,
  destination: address,
  esmClass: octet,
  dataCoding: octet,
  registeredDelivery: octet,
  priorityFlag: octet,
  protocolId: octet,
  replaceIfPresentFlag: octet,
  smDefaultMsgId: octet,
  scheduleDeliveryTime: fc.oneof(fc.constant(''), fc.string({ maxLength: 17 })),
  validityPeriod: fc.oneof(fc.constant(''), fc.string({ maxLength: 17 })),
  shortMessage: fc.uint8Array({ maxLength: 254 }),
  tlvs,
})
const access = fc.record({
  defaultAlphabet: fc.constantFrom('gsm7', 'ascii', 'latin1', 'ucs2'),
  septets: fc.constantFrom('unpacked', 'packed'),
  registeredDelivery: fc.constantFrom('strict', 'standard'),
})

test('whatever a request holds, it is read or refused', () => {
  fc.assert(
    fc.property(fields, access, fc.boolean(), (given, habits, data) => {
      const request = data ? createDataSm(given) : createSubmitSm(given)
      const draft = readDraft(request, habits, NOW, DAY_MS)
      if (isObjection(draft)) {
        assert.ok(draft.commandStatus > 0)
        return
      }
      addressOf(request.source)
      decodeContent(draft.message)
      const lenient = decodeContent(draft.message, 'lenient')
      assert.ok(lenient !== undefined)
      assert.ok(draft.times.expiresAt > NOW)
    }),
  )
})

test('whatever parts come together, there is a message to tell of', () => {
  const held = fc.record({
    alphabet: fc.constantFrom('gsm7', 'ascii', 'latin1', 'ucs2', 'binary'),
    header: fc.option(fc.base64String({ maxLength: 40 }), { nil: undefined }),
    octets: fc.uint8Array({ maxLength: 160 }),
    receipt: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(held, { minLength: 1, maxLength: 6 }), (given) => {
      const parts = given.map(({ alphabet, header, octets, receipt }, index): HeldPart => {
        const { part } = holdOp(index + 1, index + 1, given.length)
        const { envelope } = part.submission
        const sms = { alphabet, ...(header === undefined ? {} : { header }) }
        const submission = { ...part.submission, envelope: { ...envelope, sms } }
        return { ...part, receipt, submission, octets: Buffer.from(octets).toString('base64') }
      })
      const { submission } = smsPartJoiner.join(parts)
      assert.equal(submission.envelope.sms?.partsGiven?.length, parts.length)
      assert.equal(submission.content.inline?.length ?? 0, submission.content.length)
    }),
  )
})
