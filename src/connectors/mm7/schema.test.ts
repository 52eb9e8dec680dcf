/** What we write to an upstream is in order for a validator that is not ours, in either release. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { schemaComplaints } from '../../../test/support/mm7-schema.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import type { Mm7Operation } from '../../codecs/mm7/types.ts'
import { cancelReqOf, submitReqOf, versionsOf } from './encode.ts'
import { attemptOf, partOf, upstreamAt } from './testing/attempt.ts'

const RUNS = 100

const upstreams = fc.record({
  version: fc.constantFrom('5.3.0', '5.5.0', '5.6.0', '6.3.0', '6.5.0', '6.8.0'),
  numberForm: fc.constantFrom('digits' as const, 'plus' as const),
  shortCodeElement: fc.constantFrom('Number' as const, 'ShortCode' as const),
  sendsReports: fc.boolean(),
  readReplies: fc.boolean(),
})
const addresses = fc.constantFrom(
  { kind: 'number' as const, text: '15550100123' },
  { kind: 'short-code' as const, text: '12345' },
  { kind: 'email' as const, text: 'ringer@example.com' },
)
const envelopes = fc.record({
  sender: addresses,
  messageClass: fc.constantFrom('personal', 'advertisement', 'informational', 'auto'),
  priority: fc.constantFrom('low', 'normal', 'high'),
  senderVisible: fc.boolean(),
  adaptationAllowed: fc.boolean(),
  deliveryReports: fc.boolean(),
  readReports: fc.boolean(),
  subject: fc.string({ unit: 'binary' }),
  serviceCode: fc.string({ unit: 'binary' }),
} as const)

test('whatever an attempt and an upstream say, the requests are as the schema has them', () => {
  const picture = partOf('image/png', Buffer.from([1]))
  const inputs = fc.tuple(upstreams, envelopes, addresses, fc.boolean())
  fc.assert(
    fc.property(inputs, ([change, envelope, recipient, withContent]) => {
      const upstream = upstreamAt('http://127.0.0.1:1/mm7', change)
      const attempt = attemptOf(withContent ? [picture] : [], { envelope, recipient })
      const [{ version, namespace }] = versionsOf(upstream)
      const operations: readonly Mm7Operation[] = [
        submitReqOf(attempt, upstream, version),
        cancelReqOf('remote-1', upstream, version),
      ]
      for (const operation of operations) {
        const xml = encodeMm7({ transactionId: attempt.key, namespace, operation })
        assert.deepEqual(schemaComplaints(xml), [], xml)
      }
    }),
    { numRuns: RUNS },
  )
})
