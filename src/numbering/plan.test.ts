import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createNumberPlan } from './plan.ts'

const plan = createNumberPlan()

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
