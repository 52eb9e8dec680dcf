import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { classifyExchange, printStatus, readRetryAfter, type Submitted } from './classify.ts'

const submitted: Submitted = {
  key: 'k',
  recipient: '15550100123',
  expects: 'report',
  blankMeansAccepted: false,
  findRow: () => undefined,
  now: 0,
}

// biome-ignore format: a table
const waits: readonly (readonly [string | undefined, number | undefined, number | undefined])[] = [
  [undefined,                       0,         undefined],
  ['',                              0,         undefined],
  ['0',                             0,         0],
  [' 30 ',                          0,         30_000],
  ['7200',                          0,         3_600_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 0,         60_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 90_000,    0],
  ['Thu, 01 Jan 1970 00:01:00 GMT', undefined, undefined],
  ['-5 apples',                     0,         undefined],
]
for (const [value, now, ms] of waits) {
  test(`Retry-After "${value ?? 'absent'}" at ${now ?? 'no known time'} is ${ms ?? 'nothing'}`, () => {
    assert.equal(readRetryAfter(value, now), ms)
  })
}

test('evidence is bounded, however much an upstream says', () => {
  const status = { statusCode: 4000, statusText: 'x'.repeat(5000), details: 'why' }
  assert.equal(printStatus('SubmitRsp', status, 200).length, 500)
  assert.equal(
    printStatus('RSErrorRsp', { statusCode: 2007, statusText: 'no', details: 'why' }, 500),
    'RSErrorRsp 2007 "no" (why) HTTP 500',
  )
})

test('whatever bytes come back, an outcome comes of it, and never a yes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 599 }),
      fc.string(),
      fc.uint8Array({ maxLength: 500 }),
      fc.boolean(),
      (status, type, bytes, truncated) => {
        const body = Buffer.from(bytes)
        const headers = { 'content-type': type }
        const result = { kind: 'answered', status, headers, body, truncated } as const
        const { outcome } = classifyExchange(result, submitted)
        assert.notEqual(outcome.kind, 'submitted')
        assert.notEqual(outcome.kind, 'delivered')
      },
    ),
  )
})
