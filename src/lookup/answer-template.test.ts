import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAnswerCache } from './answer-cache.ts'
import { createAnswerTemplate } from './answer-template.ts'

const answer = {
  carrier: 'att',
  data: { carrier: { id: 31002, name: ' Verizon ' }, list: [{ mnc: '410' }], none: null },
  mcc: '310',
  empty: '',
  yes: true,
}

// biome-ignore format: a table
const templates: readonly (readonly [string, string])[] = [
  ['{carrier}',               'att'],
  ['{data.carrier.id}',       '31002'],
  ['{data.carrier.name}',     'Verizon'],
  ['{mcc}{data.list.0.mnc}',  '310410'],
  ['x-{mcc}-y',               'x-310-y'],
  ['{nothing}',               'absent'],
  ['{data.none}',             'absent'],
  ['{data.list.1.mnc}',       'absent'],
  ['{carrier.length}',        'absent'],
  ['{empty}',                 'absent'],
  ['{mcc}{nothing}',          'absent'],
  ['{toString}',              'absent'],
  ['{__proto__.x}',           'absent'],
  ['{data}',                  'unreadable'],
  ['{data.list}',             'unreadable'],
  ['{yes}',                   'unreadable'],
]
for (const [written, expected] of templates) {
  test(`the template ${written} finds ${expected}`, () => {
    const filled = createAnswerTemplate(written)?.(answer)
    assert.equal(filled?.kind === 'text' ? filled.text : filled?.kind, expected)
  })
}

for (const written of [
  '',
  'carrier',
  '{}',
  '{a',
  'a}',
  '{a}}',
  '{{a}',
  '{a b}',
  '{a..b}',
  '{.a}',
]) {
  test(`${JSON.stringify(written)} is no template`, () => {
    assert.equal(createAnswerTemplate(written), undefined)
  })
}

test('whatever the answer is, a template answers', () => {
  const template = createAnswerTemplate('{a.0.b}{c}')
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.ok(template?.(value).kind)))
})

test('the cache forgets what is old, and the longest unused when it is full', () => {
  const cache = createAnswerCache(2)
  const found = { kind: 'unknown' } as const
  cache.keep('1', found, 100)
  cache.keep('2', found, 200)
  assert.equal(cache.find('1', 50), found)
  cache.keep('3', found, 200)
  assert.equal(cache.find('2', 50), undefined, 'the longest unused made room')
  assert.equal(cache.find('1', 99), found)
  assert.equal(cache.find('1', 100), undefined, 'its time was over')
  assert.equal(cache.size, 1)
})
