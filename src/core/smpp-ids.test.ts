import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answeredId, reportedId } from './smpp-ids.ts'
import type { SmppIdForm } from './smpp-peer.ts'

/** Form, the id answered, the id reported, and whether they are the same message. */
// biome-ignore format: a table
const PAIRS: readonly (readonly [SmppIdForm, string, string, boolean])[] = [
  ['same',        'A1',         'A1',         true],
  ['same',        'A1',         'a1',         false],
  ['same',        '007',        '7',          false],
  ['auto',        '007',        '7',          false],
  ['trimmed',     '00A1',       'a1',         true],
  ['trimmed',     '0',          '000',        true],
  ['hex-decimal', '0000001F',   '31',         true],
  ['hex-decimal', '1f',         '0000000031', true],
  ['hex-decimal', '0x1F',       '31',         true],
  ['hex-decimal', '31',         '31',         false],
  ['hex-decimal', 'no-number',  'no-number',  true],
  ['decimal-hex', '31',         '1F',         true],
  ['decimal-hex', '0031',       '0000001f',   true],
  ['decimal-hex', 'ffffffffffffffff1', 'ffffffffffffffff1', true],
]

for (const [form, answered, reported, same] of PAIRS) {
  test(`${form}: ${answered} and ${reported} are ${same ? 'the same' : 'two'}`, () => {
    assert.equal(answeredId(form, answered) === reportedId(form, reported), same)
  })
}
