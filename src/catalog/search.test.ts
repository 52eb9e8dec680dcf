import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advise } from './advise.ts'
import { entries } from './entry.ts'
import { explain } from './explain.ts'
import { list, matrix } from './list.ts'
import { editDistance, nearest } from './nearest.ts'
import { search } from './search.ts'

test('"opted out" finds the opt-outs of every provider first', () => {
  const ids = search('opted out', 12).map(({ entry }) => entry.id)
  for (const id of ['bandwidth/mm4/475', 'bandwidth/mm4/775', 'sinch/mm7/3001', 'webex/sms/7720']) {
    assert.ok(ids.includes(id), id)
  }
})

test('search wants every word, ignores case and hyphens, and finds nothing in nothing', () => {
  assert.deepEqual(search('USER OPT OUT'), search('user opt-out'))
  assert.ok(search('USER OPT OUT').length > 0)
  assert.deepEqual(search('blacklisted zebra'), [])
  assert.deepEqual(search('  '), [])
})

// biome-ignore format: a table
const distances = [
  ['',      '',      0],
  ['sinch', 'sinch', 0],
  ['snch',  'sinch', 1],
  ['sicnh', 'sinch', 1],
  ['webx',  'sinch', 5],
  ['',      'abc',   3],
] as const

for (const [a, b, distance] of distances) {
  test(`from "${a}" to "${b}" it takes ${distance} changes`, () => {
    assert.equal(editDistance(a, b), distance)
    assert.equal(editDistance(b, a), distance)
  })
}

test('the nearest names come first, beginnings before all', () => {
  assert.deepEqual(nearest('band', ['sinch', 'bandwidth', 'hand']), ['bandwidth', 'hand'])
})

test('a list is filtered by every field given', () => {
  const rows = list({ dialect: 'sinch', permanence: 'transient' })
  assert.deepEqual(
    rows.map((entry) => entry.code),
    ['3000', '3003', '3500', '3510', '4006'],
  )
  assert.equal(list().length, entries().length)
})

test('the matrix counts every row once and shows an empty class', () => {
  const { rows, total } = matrix()
  assert.equal(rows.length, 46)
  assert.deepEqual(total, { sinch: 42, skycore: 53, smsglobal: 27, bandwidth: 63, webex: 368 })
  assert.deepEqual(rows.find((row) => row.class === 'no-funds')?.codes.sinch, [])
})

test('advice on a blocked number: never, and the recipient’s business', () => {
  const [row] = list({ dialect: 'sinch', class: 'opted-out' })
  assert.ok(row !== undefined)
  const advice = advise(row)
  assert.equal(advice.again, 'no')
  assert.equal(advice.who, 'recipient')
})

test('an explanation tells where a row stands and what it is called elsewhere', () => {
  const [row] = list({ dialect: 'bandwidth', class: 'opted-out' })
  assert.ok(row !== undefined)
  const { where, elsewhere } = explain(row)
  assert.equal(where, 'Bandwidth MM4 error codes')
  assert.deepEqual(
    elsewhere.map(({ target }) => target.dialect),
    ['sinch', 'skycore', 'smsglobal', 'webex'],
  )
})
