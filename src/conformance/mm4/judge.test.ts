/** Only the row itself counts as seen: code, text and status word, letter by letter. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entries } from '../../catalog/index.ts'
import { bandwidthDoor } from '../../dialects/bandwidth/door.ts'
import type { Face } from '../provocation.ts'
import { replied, reportedBack, responded } from '../provocation.ts'
import { expectedFace, faceOfMail, faceOfReply, saysSame } from './judge.ts'

const profile = bandwidthDoor.mm4
const entry = (code: string) => {
  const found = entries().find(({ id }) => id === `bandwidth/mm4/${code}`)
  assert.ok(found !== undefined, code)
  return found
}
const bytes = Buffer.alloc(0)

test('the status word beside a code is the dialect’s, unless a carrier’s own is passed on', () => {
  assert.ok(profile !== undefined)
  const status = (code: string, how: Parameters<typeof expectedFace>[2]) =>
    expectedFace(entry(code), profile, how).details
  assert.equal(status('475', responded()), 'Error-service-denied')
  assert.equal(status('902', reportedBack()), 'Indeterminate')
  assert.equal(status('650', reportedBack(undefined, { status: 'Expired' })), 'Expired')
  assert.equal(
    status(
      '101',
      replied('421 4.3.2', (draft) => draft),
    ),
    '421 4.3.2',
  )
})

test('a reply is read with its code, or shows that it has none', () => {
  const reply = { code: 421, enhanced: '4.3.2', text: '101 temporary-app-shutdown' }
  assert.deepEqual(faceOfReply(reply), {
    form: 'SMTP',
    code: '101',
    text: 'temporary-app-shutdown',
    details: '421 4.3.2',
  })
  assert.equal(faceOfReply({ code: 220, text: 'ready' }).code, '220')
})

const seen = faceOfMail({
  type: 'MM4_delivery_report.REQ',
  status: 'Expired',
  code: '201',
  text: 'temporary-rout-error-retries-exceeded (112 temporary-connection-offline)',
  bytes,
})
const expected: Face = { ...seen, text: 'temporary-rout-error-retries-exceeded' }

// biome-ignore format: a table
const others: readonly (readonly [string, Partial<Face>])[] = [
  ['another code',           { code: '112' }],
  ['other words',            { text: 'temporary-rout-error' }],
  ['words that only begin so', { text: 'temporary-rout-error-retries-exceeded by far' }],
  ['another status',         { details: 'Rejected' }],
  ['another place',          { form: 'MM4_forward.RES' }],
]

test('what the last attempt said may follow in brackets, and nothing else may differ', () => {
  assert.ok(saysSame(expected, seen))
  assert.ok(!saysSame(expected, undefined))
  for (const [name, change] of others) assert.ok(!saysSame(expected, { ...seen, ...change }), name)
})
