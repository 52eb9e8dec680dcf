/** Every printed row is in the catalog, whole, and says something of its own. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entries, OUTCOME_CLASSES } from '../../src/catalog/index.ts'
import { DIALECTS } from '../../src/dialects/index.ts'
import { readProjectFile } from './project.ts'

const frozen = readProjectFile('test/codes/frozen-rows.tsv')
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')

test('the catalog has the 553 frozen rows, none more, none less, texts equal', () => {
  const rows = entries().map(({ dialect, surface, code, text }) =>
    [dialect, surface, code, text].join('\t'),
  )
  assert.equal(frozen.length, 553)
  assert.deepEqual([...rows].sort(), [...frozen].sort())
})

test('every row has a class, a meaning of its own, an action and a way to provoke it', () => {
  for (const { id, class: klass, meaning, action, provoke, text, details } of entries()) {
    assert.ok(klass in OUTCOME_CLASSES, id)
    assert.ok(meaning.length >= 40, `${id}: meaning too short`)
    assert.ok(/[.!]$/.test(meaning), `${id}: the meaning is not a sentence`)
    assert.ok(meaning !== details && meaning !== text, `${id}: the meaning is the source's`)
    assert.ok(action.length >= 10, `${id}: action too short`)
    assert.ok(provoke.given.length >= 3, `${id}: provoke says nothing`)
  }
})

test('no two rows of a surface share an explanation unless they mean the same', () => {
  const seen = new Map<string, string>()
  for (const { id, dialect, surface, meaning, class: klass } of entries()) {
    const key = `${dialect}/${surface} ${meaning}`
    const earlier = seen.get(key)
    assert.ok(earlier === undefined || earlier === klass, `${id}: explained like another class`)
    seen.set(key, klass)
  }
})

test('an identity names one row, and only a code printed twice has a variant', () => {
  const ids = entries().map((entry) => entry.id)
  assert.equal(new Set(ids).size, ids.length)
  for (const { id, dialect, surface, code, variant } of entries()) {
    const twins = entries().filter(
      (other) => other.dialect === dialect && other.surface === surface && other.code === code,
    )
    assert.equal(variant !== null, twins.length > 1, id)
  }
})

test('an override says why and differs from the class', () => {
  for (const { id, override, class: klass } of entries()) {
    if (override === undefined) continue
    const { because, ...attributes } = override
    assert.ok(because.length >= 10, id)
    assert.ok(Object.keys(attributes).length > 0, id)
    for (const [name, value] of Object.entries(attributes)) {
      const usual = OUTCOME_CLASSES[klass][name as keyof typeof attributes]
      assert.notEqual(value, usual, `${id}: ${name} is ${value} anyway`)
    }
  }
})

test('a code for several causes or without explanation is marked', () => {
  const marked = entries().filter((entry) => entry.marks !== undefined)
  assert.ok(marked.length >= 60)
  const noted = new Set(['text-contradicts-code'])
  for (const { id, marks = [], note } of entries()) {
    if (marks.some((mark) => noted.has(mark))) assert.ok(note !== undefined, `${id}: no note`)
  }
})

test('e-mail bounces and complaints have their sub-codes', () => {
  const email = entries().filter((entry) => entry.id.startsWith('webex/email/752'))
  const subCodes = email.flatMap((entry) => entry.subCodes ?? [])
  assert.equal(subCodes.length, 15)
})

test('general and fallback codes are rows of their dialect, of that class or permanence', () => {
  for (const dialect of DIALECTS) {
    const rows = entries().filter((entry) => entry.dialect === dialect.name)
    for (const [permanence, code] of Object.entries(dialect.fallback)) {
      const row = rows.find((entry) => entry.code === code && entry.permanence === permanence)
      assert.ok(row !== undefined, `${dialect.name}: fallback ${permanence} ${code}`)
    }
    for (const { name, general = {} } of dialect.surfaces) {
      for (const [klass, code] of Object.entries(general)) {
        const row = rows.find((entry) => entry.surface === name && entry.code === code)
        assert.equal(row?.class, klass, `${dialect.name}/${name}: general ${code}`)
      }
    }
  }
})

test('sandbox recipients are eleven digits and name one row of their dialect', () => {
  for (const { id, provoke } of entries()) {
    if (provoke.via === 'recipient') assert.match(provoke.to ?? '', /^\+999[0-9]{8}$/, id)
  }
})
