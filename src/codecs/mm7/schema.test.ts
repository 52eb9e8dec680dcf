/** Whatever is written is in order for a validator that is not ours, by schemas of our own. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { schemaComplaints } from '../../../test/support/mm7-schema.ts'
import { encodeMm7 } from './encode.ts'
import { OPERATION_NAMES } from './operations.ts'
import { anyText, operationsOf } from './testing/any-operation.ts'
import { namespaceFor } from './versions.ts'

const RUNS = 60
const VERSIONS = { 5: ['5.3.0', '5.5.0', '5.6.0'], 6: ['6.3.0', '6.6.0', '6.8.0'] } as const

for (const release of [5, 6] as const) {
  describe(`Release ${release}`, () => {
    const arbitraries = operationsOf(release)
    for (const [name, operation] of Object.entries(arbitraries)) {
      test(`${name} is written as the schema has it`, () => {
        const version = fc.constantFrom(...VERSIONS[release])
        const id = fc.option(anyText, { nil: undefined })
        const property = fc.property(operation, version, id, (given, mm7Version, transactionId) => {
          const namespace = namespaceFor(mm7Version)
          const xml = encodeMm7({ transactionId, namespace, operation: { ...given, mm7Version } })
          assert.deepEqual(schemaComplaints(xml), [], xml)
        })
        fc.assert(property, { numRuns: RUNS })
      })
    }
  })
}

test('no operation is left out', () => {
  assert.deepEqual(Object.keys(operationsOf(6)).sort(), [...OPERATION_NAMES].sort())
  const inRelease5 = OPERATION_NAMES.filter((name) => !name.startsWith('extended'))
  assert.deepEqual(Object.keys(operationsOf(5)).sort(), [...inRelease5].sort())
})

test('the golden envelopes are in order too', () => {
  const folder = new URL('../../../../src/codecs/mm7/golden/', import.meta.url)
  const written = readdirSync(folder).filter((file) => /^written-.*\.xml$/.test(file))
  assert.ok(written.length > 8)
  for (const file of written) {
    assert.deepEqual(
      schemaComplaints(readFileSync(new URL(file, folder)), ['Unreachable']),
      [],
      file,
    )
  }
})

// biome-ignore format: a table
const broken: readonly (readonly [string, RegExp, string])[] = [
  ['an element out of its place',     /(<Subject>.*<\/Subject>)(.*)(<Content )/, '$2$1$3'],
  ['an element of nobody',            /<Subject>/,                               '<Topic/><Subject>'],
  ['a version of nobody',             />6\.8\.0</,                               '>9.9.9<'],
  ['a child in another namespace',    /<Subject>/,                               '<Subject xmlns="urn:x">'],
  ['an operation in no namespace',    /<SubmitReq xmlns="[^"]*"/,                '<SubmitReq'],
  ['a value that is none',            /<Priority>High/,                          '<Priority>Urgent'],
  ['a second operation',              /(<SubmitReq.*<\/SubmitReq>)/,             '$1$1'],
  ['a TransactionID of no length',    />t-20</,                                  '><'],
  ['an envelope of another SOAP',     /schemas.xmlsoap.org\/soap/,               'www.w3.org/2003/05/soap'],
  ['a tag that is never closed',      /<\/SubmitReq>/,                           ''],
]

test('the schemas do refuse what they are here to refuse', () => {
  const file = new URL('../../../../src/codecs/mm7/golden/written-submit-req.xml', import.meta.url)
  const good = readFileSync(file, 'utf8')
  for (const [name, from, into] of broken) {
    const bad = good.replace(from, into)
    assert.notEqual(bad, good, name)
    assert.notDeepEqual(schemaComplaints(bad), [], name)
  }
})
