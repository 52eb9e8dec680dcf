import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OUTCOME_CLASSES } from '../core/outcome-class.ts'
import { isReason, REASONS, type Reason } from '../core/reason.ts'
import { templateDoor } from './_template/door.ts'
import { faceOf, permanenceOf } from './face.ts'
import { NAMED } from './index.ts'
import { findSpoken, SPOKEN } from './spoken.ts'

const reasons = Object.keys(REASONS).filter(isReason)

/** Where a door's own words outweigh the class: said in the profile, and here. */
const exceptions: Readonly<Record<string, readonly Reason[]>> = {
  smsglobal: ['media-fetch-failed', 'poison-message'],
  // Its table prints 141 among the temporary ones.
  bandwidth: ['too-many-hops'],
  '3gpp': ['media-fetch-failed', 'poison-message'],
}

// biome-ignore format: a table
const faces = [
  ['sinch',     'carrier-lookup-failed',   '3000'],
  ['skycore',   'carrier-lookup-failed',   '2569'],
  ['sinch',     'carrier-not-provisioned', '3520'],
  ['skycore',   'carrier-not-provisioned', '2570'],
  ['smsglobal', 'recipient-blocked',       '4007'],
  ['smsglobal', 'credentials-invalid',     '2008'],
  ['smsglobal', 'storage-full',            '4006'],
  ['sinch',     'storage-full',            '3000'],
  ['sinch',     'presentation-missing',    '4004'],
  ['bandwidth', 'retries-exhausted',       '201'],
  ['bandwidth', 'report-missing',          '902'],
] as const

for (const [name, reason, code] of faces) {
  test(`${name} says ${code} for ${reason}`, () => {
    const dialect = findSpoken(name)
    assert.ok(dialect !== undefined)
    assert.equal(faceOf(dialect, reason).code, code)
  })
}

test('every dialect has a face for every reason, and what is transient stays so', () => {
  for (const dialect of [...SPOKEN, templateDoor]) {
    for (const reason of reasons) {
      const row = faceOf(dialect, reason)
      if (exceptions[dialect.name]?.includes(reason)) continue
      const wanted = OUTCOME_CLASSES[REASONS[reason].class].permanence
      const both = [wanted, permanenceOf(row)].sort().join(' ')
      assert.notEqual(both, 'permanent transient', `${dialect.name} ${reason} ${row.code}`)
    }
  }
})

test('every face and every native HTTP status is for a code of the table', () => {
  for (const { mm7, faces: own, surfaces } of SPOKEN) {
    const codes = new Set(surfaces[0]?.codes.map((row) => row.code))
    for (const code of Object.values(own)) assert.ok(codes.has(code), code)
    if (mm7 === undefined) continue
    assert.deepEqual(new Set(Object.keys(mm7.nativeHttpStatus)), codes)
  }
})

test('names and sandbox digits are taken once', () => {
  assert.equal(new Set(SPOKEN.map(({ name }) => name)).size, SPOKEN.length)
  assert.equal(new Set(SPOKEN.map(({ sandboxDigit }) => sandboxDigit)).size, SPOKEN.length)
})

test('what is catalogued is spoken, in the same order', () => {
  assert.deepEqual(
    SPOKEN.map(({ name }) => name),
    NAMED.map(({ name }) => name),
  )
})
