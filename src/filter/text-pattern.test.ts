import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TEXT_PATTERN_FLAGS } from '../core/policy/facts.ts'
import { DEFAULT_PATTERNS } from './default-rules.ts'
import { createTextMatcher, isAscii } from './text-pattern.ts'

const PATTERNS = [
  ...DEFAULT_PATTERNS.map(({ pattern }) => pattern),
  String.raw`\p{Lu}{2}`,
  String.raw`^.\u{61}`,
  String.raw`k\b`,
  '[^a-y ]s',
  'ſ',
  String.raw`\Ws`,
  String.raw`\x4b`,
]
/** Words and letters that the patterns ask for, and what stands between them. */
const PIECES = ['you', ' ', 'WON', 'a', 'K', 'k', 's', 'S', 'ſ', '\u212a', 'é', '\n', '-', '😀']
const texts = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 12 })
  .map((pieces) => pieces.join(''))

for (const pattern of PATTERNS) {
  test(`${pattern} finds in every text what the pattern itself finds`, () => {
    const matcher = createTextMatcher(pattern)
    const itself = new RegExp(pattern, TEXT_PATTERN_FLAGS)
    const alike = (text: string) =>
      assert.equal(matcher.test(text, isAscii(text)), itself.test(text), JSON.stringify(text))
    fc.assert(fc.property(texts, alike), { numRuns: 300 })
  })
}

test('a pattern that is none is said to be none', () => {
  assert.throws(() => createTextMatcher('('), SyntaxError)
})
