import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  findStateOfNumber,
  findStateOfWord,
  MESSAGE_STATES,
  type MessageState,
} from './message-state.ts'

const ROWS: readonly (readonly [MessageState, number: number, word: string, final: boolean])[] = [
  ['scheduled', 0, 'SCHEDLD', false],
  ['enroute', 1, 'ENROUTE', false],
  ['delivered', 2, 'DELIVRD', true],
  ['expired', 3, 'EXPIRED', true],
  ['deleted', 4, 'DELETED', true],
  ['undeliverable', 5, 'UNDELIV', true],
  ['accepted', 6, 'ACCEPTD', false],
  ['unknown', 7, 'UNKNOWN', true],
  ['rejected', 8, 'REJECTD', true],
  ['skipped', 9, 'SKIPPED', true],
]
for (const [state, number, word, final] of ROWS) {
  test(`${word} and ${number} are the state ${state}`, () => {
    assert.equal(findStateOfWord(word), state)
    assert.equal(findStateOfWord(` ${word.toLowerCase()}`), state)
    assert.equal(findStateOfNumber(number), state)
    assert.equal(MESSAGE_STATES[state].final, final)
  })
}

test('a full word is understood like the short one, and a word nobody knows says nothing', () => {
  assert.equal(findStateOfWord('Undeliverable'), 'undeliverable')
  assert.equal(findStateOfWord('DELIVERED'), 'delivered')
  assert.equal(findStateOfWord('FAILED'), undefined)
  assert.equal(findStateOfWord('constructor'), undefined)
  assert.equal(findStateOfNumber(10), undefined)
})
