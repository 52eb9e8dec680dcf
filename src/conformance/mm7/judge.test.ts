/** Letter by letter: what counts as the row of the table, and what does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Face } from '../provocation.ts'
import { faceOfStatus, faceOfWords, saysSame } from './judge.ts'

const expected: Face = { form: 'Fault', code: '2503', text: 'Multiple', details: 'Not supported' }

// biome-ignore format: a table
const cases: readonly (readonly [string, Face | undefined, boolean])[] = [
  ['the same',                        expected, true],
  ['details that go on with a place', { ...expected, details: 'Not supported (To)' }, true],
  ['another code',                    { ...expected, code: '2502' }, false],
  ['another letter in the text',      { ...expected, text: 'multiple' }, false],
  ['a SubmitRsp instead of a Fault',  { ...expected, form: 'SubmitRsp' }, false],
  ['details that go on without one',  { ...expected, details: 'Not supported here' }, false],
  ['no details',                      { form: 'Fault', code: '2503', text: 'Multiple' }, false],
  ['nothing',                         undefined, false],
]

for (const [name, seen, same] of cases) {
  test(`${name} ${same ? 'is' : 'is not'} the row`, () => {
    assert.equal(saysSame(expected, seen), same)
  })
}

test('a row printed without details is the row with whatever details', () => {
  const bare = { form: 'Fault', code: '4001', text: 'Improper identification' }
  assert.ok(saysSame(bare, { ...bare, details: 'Improper identification (VASPID)' }))
})

const report = { messageId: '1', bytes: Buffer.alloc(0) }

test('a verbose report is read by the code in its text, a plain one by its status', () => {
  const verbose = { ...report, status: 'Rejected', text: 'Rejected: 4000 General service error' }
  assert.deepEqual(faceOfWords(verbose), {
    form: 'DeliveryReportReq',
    code: '4000',
    text: 'General service error',
  })
  assert.equal(faceOfStatus(verbose).code, 'Rejected')
  assert.equal(faceOfWords({ ...report, status: 'Retrieved', text: 'Success' }).code, 'Retrieved')
})
