import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DIALECTS } from '../dialects/index.ts'
import { type Entry, entries } from './entry.ts'
import { lookup } from './find.ts'
import { type Target, translate } from './translate.ts'

function row(words: string): Entry {
  const found = lookup([words])
  assert.equal(found.kind, 'one', words)
  return (found as Extract<typeof found, { kind: 'one' }>).entry
}

const targets: readonly Target[] = DIALECTS.flatMap(({ name, surfaces }) => [
  { dialect: name },
  ...surfaces.map((surface) => ({ dialect: name, surface: surface.name })),
])

// biome-ignore format: a table
const known = [
  ['bandwidth/mm4/475',        'skycore',        'exact',    'skycore/mm7/3001'],
  ['bandwidth/mm4/475',        'webex',          'exact',    'webex/sms/7720'],
  ['bandwidth/mm4/475',        'webex/mms',      'exact',    'webex/mms/7223'],
  ['bandwidth/mm4/475',        'smsglobal',      'fallback', 'smsglobal/mm7/4007'],
  ['sinch/mm7/3510',           'smsglobal',      'narrowed', 'smsglobal/mm7/4006'],
  ['sinch/mm7/2560',           'smsglobal',      'narrowed', 'smsglobal/mm7/2004'],
  ['sinch/mm7/3500',           'smsglobal',      'fallback', 'smsglobal/mm7/3000'],
  ['skycore/report/Retrieved', 'webex',          'exact',    'webex/sms/7500'],
  ['skycore/report/Unreachable', 'bandwidth',    'narrowed', 'bandwidth/mm4/650'],
  ['sinch/mm7/2007',           'skycore',        'exact',    'skycore/mm7/2007'],
  ['sinch/mm7/1000',           'bandwidth',      'fallback', undefined],
  ['sinch/mm7/3001',           'sinch',          'exact',    'sinch/mm7/3001'],
] as const

for (const [from, to, quality, id] of known) {
  test(`${from} in ${to} is ${id ?? 'nothing'}, ${quality}`, () => {
    const [dialect = '', surface] = to.split('/')
    const target = surface === undefined ? { dialect } : { dialect, surface }
    const translation = translate(row(from), target)
    assert.equal(translation?.to?.id, id)
    assert.equal(translation?.quality, quality)
    assert.equal(translation?.from.id, from)
  })
}

test('every row translates into every dialect and surface, and keeps its permanence', () => {
  for (const entry of entries()) {
    for (const target of targets) {
      const translation = translate(entry, target)
      assert.ok(translation !== undefined)
      const { to } = translation
      if (to === undefined) assert.equal(entry.permanence, 'ok', `${entry.id} is lost`)
      else assert.equal(to.permanence, entry.permanence, `${entry.id} becomes ${to.id}`)
    }
  }
})

test('only success has no code, and only where a dialect prints none', () => {
  const lost = entries().flatMap((entry) =>
    DIALECTS.filter(({ name }) => translate(entry, { dialect: name })?.to === undefined),
  )
  assert.deepEqual([...new Set(lost.map(({ name }) => name))], ['bandwidth'])
})

test('there and back again never changes permanence', () => {
  const anyRow = fc.constantFrom(...entries())
  const anyTarget = fc.constantFrom(...targets)
  fc.assert(
    fc.property(anyRow, anyTarget, (entry, target) => {
      const there = translate(entry, target)
      assert.ok(there !== undefined)
      const home = { dialect: entry.dialect, surface: entry.surface }
      assert.equal(translate(there, home)?.to?.id, entry.id)
      // And with nothing but the row itself to go by.
      const alone = there.to === undefined ? undefined : translate(there.to, home)?.to
      if (alone !== undefined) assert.equal(alone.permanence, entry.permanence)
    }),
    { numRuns: 2000 },
  )
})

test('exact means the same class, and what differs is told', () => {
  for (const entry of entries()) {
    for (const { name } of DIALECTS) {
      const translation = translate(entry, { dialect: name })
      if (translation?.quality === 'exact') assert.equal(translation.to?.class, entry.class)
      for (const attribute of translation?.differs ?? []) {
        assert.notEqual(translation?.to?.[attribute], entry[attribute])
      }
    }
  }
})

test('a target that does not exist is not translated into', () => {
  assert.equal(translate(row('sinch 3001'), { dialect: 'nobody' }), undefined)
  assert.equal(translate(row('sinch 3001'), { dialect: 'sinch', surface: 'mm4' }), undefined)
})
