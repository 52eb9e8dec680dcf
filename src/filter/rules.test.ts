import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FilterFacts } from '../engine/ports/content-filter.ts'
import { DEFAULT_PATTERNS } from './default-rules.ts'
import { linkHostsIn } from './links.ts'
import { createRuleFilter, type FilterRules } from './rules.ts'

const RULES: FilterRules = {
  patterns: DEFAULT_PATTERNS,
  linkHosts: ['bad.example'],
  shortenersRefused: true,
  digests: ['AB'.repeat(32)],
  repeatsMax: 0,
  repeatsWindowMs: 60_000,
  perMinuteMax: 0,
}
const FACTS: FilterFacts = {
  accountId: 'acme',
  channel: 'mms',
  sender: '24680',
  recipients: ['15550100123'],
  text: 'Your table is ready',
  parts: [],
  contentDigest: 'same',
  bytes: 20,
}

function verdict(more: Partial<FilterFacts>, rules: Partial<FilterRules> = {}) {
  const judged = createRuleFilter({ ...RULES, ...rules }, () => 0).judge({ ...FACTS, ...more })
  assert.ok(!(judged instanceof Promise))
  return judged.kind === 'spam' ? judged.rule : judged.kind
}

// biome-ignore format: a table
const texts: readonly (readonly [string, string | RegExp])[] = [
  ['Your table is ready', 'clean'],
  ['Congratulations, YOU HAVE WON a phone', /^Text pattern prize/],
  ['You have w\u200bon a phone', /prize/],
  ['Ｙｏｕ ｗｏｎ', /prize/],
  ['Buy two gift cards and send me the codes', /gift-cards/],
  ['Please verify your password today', /credentials/],
  ['Your account is locked, go to https://help.example/x', /phishing/],
  ['Your account statement is at https://help.example/x', 'clean'],
  ['See bit.ly/3xyz', /shortener bit\.ly/],
  ['See HTTPS://Bit.LY/3xyz', /shortener bit\.ly/],
  ['See https://user@bit.ly/x', /shortener bit\.ly/],
  ['See orbit.lyon.example', 'clean'],
  ['See http://www.bad.example/page', /link to bad\.example/],
  ['See http://notbad.example/page', 'clean'],
  ['Ends here.Bad.example', /link to bad\.example/],
]

for (const [text, expected] of texts) {
  test(`"${text}" is ${expected === 'clean' ? 'clean' : 'spam'}`, () => {
    const found = verdict({ text })
    if (typeof expected === 'string') assert.equal(found, expected)
    else assert.match(found, expected)
  })
}

test('the subject counts as text', () => {
  assert.match(verdict({ subject: 'You won' }), /prize/)
})

test('a listed attachment is known by its digest', () => {
  const parts = [{ type: 'image/jpeg' }, { type: 'image/png', digest: 'ab'.repeat(32) }]
  assert.match(verdict({ parts }), /listed attachment \(image\/png\)/)
})

test('shorteners are links like others where they are not refused', () => {
  assert.equal(verdict({ text: 'bit.ly/3' }, { shortenersRefused: false }), 'clean')
})

test('too many messages of one content are spam until the window is over', () => {
  let now = 0
  const filter = createRuleFilter({ ...RULES, repeatsMax: 2 }, () => now)
  const kindOf = async (more: Partial<FilterFacts> = {}) =>
    (await filter.judge({ ...FACTS, ...more })).kind
  return (async () => {
    assert.equal(await kindOf({ recipients: ['1', '2'] }), 'clean')
    assert.equal(await kindOf(), 'spam')
    assert.equal(await kindOf({ contentDigest: 'other' }), 'clean')
    assert.equal(await kindOf({ sender: '13579' }), 'clean')
    now += RULES.repeatsWindowMs
    assert.equal(await kindOf(), 'clean')
  })()
})

test('too many messages of one sender in a minute are spam', async () => {
  let now = 0
  const filter = createRuleFilter({ ...RULES, perMinuteMax: 3 }, () => now)
  const kinds: string[] = []
  for (let n = 0; n < 5; n += 1) {
    kinds.push((await filter.judge({ ...FACTS, contentDigest: String(n) })).kind)
  }
  assert.deepEqual(kinds, ['clean', 'clean', 'clean', 'spam', 'spam'])
  now += 60_000
  assert.equal((await filter.judge(FACTS)).kind, 'clean')
})

test('any text is judged, and quickly: no pattern and no link runs away', () => {
  const filter = createRuleFilter(RULES, () => 0)
  const longest = [
    'a'.repeat(10_000),
    'a.'.repeat(5000),
    'account '.repeat(1250),
    'buy gift '.repeat(1111),
    '-'.repeat(10_000),
  ]
  const startedAt = process.hrtime.bigint()
  for (const text of longest) filter.judge({ ...FACTS, text })
  const tookMs = Number(process.hrtime.bigint() - startedAt) / 1e6
  assert.ok(tookMs < 1000, `${tookMs} ms`)
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      assert.ok(linkHostsIn(text).size <= 100)
      assert.ok(filter.judge({ ...FACTS, text }) !== undefined)
    }),
  )
})
