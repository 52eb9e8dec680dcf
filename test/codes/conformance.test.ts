/**
 * The promise of the catalogue, kept from outside: every row of these dialects is provoked through
 * a real door of a gateway started by the command itself, and read off the wire.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import {
  type RecordedRow,
  readRecord,
  recordOf,
  runConformance,
} from '../../scripts/conformance-record.ts'
import { entries } from '../../src/catalog/index.ts'

// What the providers print: 42 codes, 44 codes and 9 words, 27 codes, 63 codes.
const PRINTED = { sinch: 42, skycore: 53, smsglobal: 27, bandwidth: 63 }

describe('a conformance run', () => {
  let rows: readonly RecordedRow[] = []
  let exitCode: number | null = null
  before(async () => {
    const ran = await runConformance()
    exitCode = ran.code
    rows = recordOf(ran.lines)
  })

  for (const [dialect, printed] of Object.entries(PRINTED)) {
    test(`sees each of the ${printed} rows of ${dialect} as they are printed`, () => {
      const own = rows.filter((row) => row.dialect === dialect)
      assert.equal(own.length, printed)
      const unseen = own.filter(({ state }) => state !== 'seen')
      assert.deepEqual(unseen, [])
    })
  }

  test('tries every row of the catalogue for these dialects, and says so by its exit code', () => {
    const tried = new Set(rows.map(({ dialect }) => dialect))
    const printed = entries().filter(({ dialect }) => tried.has(dialect))
    assert.deepEqual(
      rows.map(({ dialect, surface, code }) => `${dialect}/${surface}/${code}`),
      printed.map(({ id }) => id),
    )
    assert.equal(exitCode, rows.every(({ state }) => state === 'seen') ? 0 : 1)
  })

  test('sees what the record in the reference says', () => {
    const howTo =
      'if this is meant, run `node dist/scripts/conformance-record.js` and `npm run docs`'
    assert.deepEqual(rows, readRecord(), howTo)
  })
})
