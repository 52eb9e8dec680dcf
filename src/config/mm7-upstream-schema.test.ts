import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Mm7Upstream } from '../core/carrier.ts'
import { MM7_UPSTREAM_SCHEMA } from './mm7-upstream-schema.ts'
import { type ValueOf, walkOptions } from './option-schema.ts'
import { checkValue } from './schema-check.ts'

const schema = MM7_UPSTREAM_SCHEMA

/** Compiles only while what it yields, its callback apart, is what the connector takes. */
const settingsOf = (value: ValueOf<typeof schema>): Mm7Upstream => {
  const { callback: _, ...settings } = value
  return settings
}

const LEAST = { url: 'https://mmsc.example/mm7', vaspId: 'env:UPSTREAM_KEY' }

test('an address and a VASPID are enough', () => {
  const checked = checkValue(schema, LEAST)
  assert.equal(checked.kind, 'ok')
  if (checked.kind !== 'ok') return
  const settings = settingsOf(checked.value)
  assert.deepEqual(
    [settings.version, settings.numberForm, settings.dropsDuplicates, settings.attemptsMax],
    ['6.8.0', 'digits', false, 12],
  )
})

test('everything can be said', () => {
  const all = {
    ...LEAST,
    vasId: 'service',
    basic: { user: 'us', password: 'file:/run/secrets/upstream' },
    version: '5.3.0',
    namespace: 'http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-5-MM7-1-2',
    fallbackVersion: '6.8.0',
    fallbackNamespace: 'http://mm7.example/ns',
    codes: 'skycore',
    serviceCode: 'bill',
    numberForm: 'plus',
    shortCodeElement: 'Number',
    headers: [{ name: 'X-Carrier-Code', value: '1' }],
    sendsReports: false,
    readReplies: false,
    forwardedMeans: 'handed-to-network',
    dropsDuplicates: true,
    blankMeansAccepted: true,
    tls: { caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem' },
    callback: {
      key: 'secret-path',
      basic: { user: 'them', password: 'secret' },
      fromAddresses: ['192.0.2.0/24'],
    },
    perSecond: 10,
  }
  const checked = checkValue(schema, all)
  assert.deepEqual(checked.kind === 'wrong' ? checked.problems : [], [])
})

// biome-ignore format: a table
const wrong: readonly (readonly [string, object, string])[] = [
  ['no address',                 { vaspId: 'x' },                                  'url'],
  ['no VASPID',                  { url: LEAST.url },                               'vaspId'],
  ['credentials in the address', { ...LEAST, url: 'https://us:pass@mmsc.example' }, 'url'],
  ['another scheme',             { ...LEAST, url: 'ftp://mmsc.example/' },         'url'],
  ['a version without digits',   { ...LEAST, version: 'six' },                     'version'],
  ['a header with a colon',      { ...LEAST, headers: [{ name: 'a:b', value: 'c' }] }, 'headers[0].name'],
  ['a made up number form',      { ...LEAST, numberForm: 'words' },                'numberForm'],
  ['no connections',             { ...LEAST, connections: 0 },                     'connections'],
]
for (const [what, input, path] of wrong) {
  test(`${what} is refused at ${path}`, () => {
    const checked = checkValue(schema, input)
    assert.deepEqual(checked.kind === 'wrong' && checked.problems.map((problem) => problem.path), [
      path,
    ])
  })
}

test('every option says what it is for', () => {
  for (const { path, option } of walkOptions(schema)) {
    assert.ok(option.description.length >= 10, path.join('.'))
  }
})
