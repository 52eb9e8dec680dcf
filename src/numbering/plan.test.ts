import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { askLibrary, createNumberPlan } from './plan.ts'

const plan = createNumberPlan()
const NUMBERS = 5000
const LINES_SEEN_MIN = 4
const E164_DIGITS_MAX = 15
const library = createRequire(import.meta.url)(
  'libphonenumber-js/max',
) as typeof import('libphonenumber-js/max')
const examples = createRequire(import.meta.url)('libphonenumber-js/examples.mobile.json')

// biome-ignore format: a table
const cases = [
  ['15550100123', 'US', undefined, true, 'an area code nobody has yet'],
  ['12015550123', 'US', 'mobile', true, 'North America does not tell mobile from fixed'],
  ['18005550199', undefined, 'toll-free', true, 'toll-free numbers belong to no one country'],
  ['442079460018', 'GB', 'fixed', true, 'a London line'],
  ['447400123456', 'GB', 'mobile', true, 'a British mobile'],
  ['447700900123', 'GB', undefined, true, 'a British number kept free for films'],
  ['491711234567', 'DE', 'mobile', true, 'a German mobile'],
  ['155501001', 'US', undefined, false, 'nine digits where ten are needed'],
  ['999000000000000', undefined, 'unknown', true, 'a calling code of no plan is not judged'],
] as const

for (const [number, country, line, valid, what] of cases) {
  test(`+${number}: ${what}`, () => {
    const facts = plan.describe(number)
    assert.equal(facts.formValid, valid)
    if (line !== undefined) assert.equal(facts.line, line)
    if (valid && country !== undefined) assert.equal(facts.country, country)
    assert.equal(plan.describe(number), facts, 'asked again, it is remembered')
  })
}

/** Calling codes of many countries, and of none. */
const SHARED = ['1', '44', '7', '39', '262', '61', '800', '870', '883']

test('numbers of calling codes that many countries share, or none has, are what the library says', () => {
  const code = fc.constantFrom(...SHARED)
  const property = fc.property(code, fc.stringMatching(/^[0-9]{2,12}$/), (front, end) => {
    const number = `${front}${end}`.slice(0, E164_DIGITS_MAX)
    assert.deepEqual(plan.describe(number), askLibrary(library, number), `+${number}`)
  })
  fc.assert(property, { numRuns: NUMBERS })
})

test('what is answered without the library is what the library says', () => {
  const countries = library.getCountries()
  const seen = new Set<string | undefined>()
  const tail = fc.integer({ min: 0, max: 9_999_999 }).map((number) => String(number))
  const property = fc.property(
    fc.constantFrom(...countries),
    tail,
    fc.nat(9),
    (country, end, keep) => {
      // The front of a number somebody could have, and any end.
      const example = String(library.getExampleNumber(country, examples)?.nationalNumber ?? '')
      const number = library.getCountryCallingCode(country) + example.slice(0, keep) + end
      const facts = plan.describe(number)
      assert.deepEqual(facts, askLibrary(library, number), `+${number}`)
      seen.add(facts.line)
    },
  )
  fc.assert(property, { numRuns: NUMBERS })
  assert.ok(seen.size >= LINES_SEEN_MIN, `of all kinds of lines: ${[...seen].join()}`)
})
