import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MESSAGE_ID_CHARACTERS_MAX, messageIdSpellings, SPELLINGS_MAX } from './message-id.ts'

const FOUND: readonly (readonly [name: string, answered: string, receipt: string])[] = [
  ['as it is', 'b1946ac9-2492', 'b1946ac9-2492'],
  ['hexadecimal answered, decimal in the receipt', '2F4C9A01', '793549313'],
  ['hexadecimal of digits only', '12345678', '305419896'],
  ['decimal answered, hexadecimal in the receipt', '793549313', '2f4c9a01'],
  ['padded hexadecimal answered, decimal in the receipt', '0000A1B2', '41394'],
  ['padded decimal in the receipt', 'a1b2', '0000041394'],
  ['zeros dropped', '0000041394', '41394'],
  ['zeros put before', '41394', '0000041394'],
  ['the other case', 'A1B2C3', 'a1b2c3'],
  ['a sign of the base', '31', '0x1F'],
  ['64 bits', 'ffffffffffffffff', '18446744073709551615'],
  ['nothing but zeros', '0', '000'],
]
for (const [name, answered, receipt] of FOUND) {
  test(`a receipt finds its message: ${name}`, () =>
    assert.ok(messageIdSpellings(receipt).includes(answered), messageIdSpellings(receipt).join()))
}

test('an id of any padding is found where the spellings of both ends meet', () => {
  const meets = (one: string, other: string) =>
    messageIdSpellings(one).some((each) => messageIdSpellings(other).includes(each))
  assert.ok(meets('000000000000A1B2', '41394'))
  assert.ok(meets('0x0A1B2', '00041394'))
  assert.ok(!meets('a1b2', '41395'))
})

test('the id as it came stands first, and none stands twice', () => {
  assert.deepEqual(messageIdSpellings(' 10 '), [
    ...['10', '0000000010', '00000010', 'a', 'A', '0000000a', '0000000A', '16', '0000000016'],
  ])
  assert.deepEqual(messageIdSpellings(''), [])
  const long = 'F'.repeat(MESSAGE_ID_CHARACTERS_MAX + 1)
  assert.deepEqual(messageIdSpellings(long), [long])
})

test('an id has few spellings, whatever it is', () => {
  const ids = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F]{0,70}$/))
  fc.assert(
    fc.property(ids, (id) => {
      const spellings = messageIdSpellings(id)
      assert.ok(spellings.length <= SPELLINGS_MAX)
      assert.equal(new Set(spellings).size, spellings.length)
      assert.equal(spellings[0] ?? '', id.trim())
    }),
  )
})
