import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nearestName } from './nearest-name.ts'

const NAMES = ['host', 'port', 'hostname', 'headersTimeoutMs', 'requestTimeoutMs', 'tls'] as const

// biome-ignore format: a table
for (const [wrong, meant] of [
  ['prot',               'port'],
  ['por',                'port'],
  ['Port',               'port'],
  ['hots',               'host'],
  ['host-name',          'hostname'],
  ['headers_timeout_ms', 'headersTimeoutMs'],
  ['headersTimeout',     'headersTimeoutMs'],
  ['reqestTimeoutMs',    'requestTimeoutMs'],
  ['ssl',                undefined],
  ['listen',             undefined],
  ['',                   undefined],
] as const) {
  test(`${JSON.stringify(wrong)} ${meant === undefined ? 'is like nothing' : `means ${meant}`}`, () => {
    assert.equal(nearestName(wrong, NAMES), meant)
  })
}

test('a right name is always its own nearest', () => {
  const words = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 })
  fc.assert(fc.property(words, (names) => names.every((name) => nearestName(name, names) === name)))
})
