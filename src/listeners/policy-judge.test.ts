import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Address, parseAddress } from '../core/address.ts'
import { type Account, type DirectoryData, indexDirectory, OPEN_POLICY } from '../core/directory.ts'
import type { PolicyName } from '../core/policy/index.ts'
import { POLICIES } from '../core/policy/index.ts'
import type { CarrierFound } from '../engine/ports/carrier-lookup.ts'
import type { FilterFacts } from '../engine/ports/content-filter.ts'
import { createNumberPlan } from '../numbering/plan.ts'
import { type GivenParty, type PolicyQuestion, policyFactsOf } from './policy-facts.ts'
import { judgeByPolicies, type PolicySources } from './policy-judge.ts'

const ACCOUNT: Account = {
  id: 'acme',
  name: 'Acme',
  dialect: 'plain',
  enabled: true,
  services: [],
  limits: { callsPerSecond: 10, callsBurst: 10, contentBytesMax: 1000 },
  carrierIdRequired: false,
  carrierLookup: true,
  presentationRequired: false,
  policy: { ...OPEN_POLICY, countries: ['US'], groupMax: 2, filterRequired: true },
}
const DATA: DirectoryData = {
  accounts: [ACCOUNT],
  numbers: [
    { number: '12015550100', account: 'acme', state: 'active' },
    { number: '12015550101', account: 'gone', state: 'active' },
    { number: '24680', account: 'acme', state: 'active' },
  ],
  carriers: [],
  routes: [],
  blocks: [{ number: '12015550177', account: 'acme', sender: '24680', because: 'STOP' }],
  applications: [{ id: 'game', account: 'baker', enabled: true }],
}
const directory = indexDirectory(DATA)
const plan = createNumberPlan()
const ORDER = Object.keys(POLICIES) as PolicyName[]

function party(given: string): GivenParty {
  const address = parseAddress(given)
  return address === undefined ? { given } : { given, address }
}

function question(sender: string, recipients: readonly string[]): PolicyQuestion {
  return {
    account: ACCOUNT,
    channel: 'mms',
    sender: party(sender),
    recipients: recipients.map(party),
    path: { hops: 1, forwards: 0, seenHere: false },
    content: { bytes: 10, media: [], textReadable: true },
  }
}

const factsOf = (sender: string, ...recipients: string[]) =>
  policyFactsOf({ directory, plan }, question(sender, recipients))

test('a number brings its country, its line and its row of the inventory', () => {
  const [facts] = factsOf('+12015550100', '+442079460018')
  assert.equal(facts?.sender.country, 'US')
  assert.equal(facts?.sender.own?.account, 'acme')
  assert.equal(facts?.sender.ownAccountLive, true)
  assert.deepEqual([facts?.recipient.country, facts?.recipient.line], ['GB', 'fixed'])
  assert.equal(facts?.recipient.own, undefined)
  const [dangling] = factsOf('+12015550101', '+12015550123')
  assert.equal(dangling?.sender.ownAccountLive, false)
})

test('a short code is taken to be in the country of its sender', () => {
  const [facts] = factsOf('+442079460018', '999')
  assert.equal(facts?.recipient.country, 'GB')
  const [refusal] = judgeNow('+442079460018', '999')
  assert.equal(refusal?.reason, 'emergency-number')
})

test('the group is counted over those shown, each once and without the sender', () => {
  const [facts] = policyFactsOf(
    { directory, plan },
    {
      ...question('+12015550100', ['+12015550123']),
      shown: ['+12015550123', '12015550123', '+12015550124', '+12015550100'].map(party),
    },
  )
  assert.equal(facts?.recipients, 2)
})

test('a block for one sender is found from that sender only', () => {
  const [fromCode] = factsOf('24680', '+12015550177')
  assert.equal(fromCode?.block?.because, 'STOP')
  const [fromNumber] = factsOf('+12015550100', '+12015550177')
  assert.equal(fromNumber?.block, undefined)
})

test('an application of another account is none', () => {
  const asked = { ...question('24680', ['+12015550123']), applicationId: 'game' }
  const [facts] = policyFactsOf({ directory, plan }, asked)
  assert.deepEqual(facts?.application, { id: 'game', known: false })
})

test('whatever a client writes, the facts and the policies only answer', () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^\+?[0-9]{0,20}$/))
  const kinds = fc.constantFrom<Address['kind']>('number', 'short-code', 'email')
  const anyParty = fc.record(
    { given: anything, address: fc.record({ kind: kinds, text: anything }) },
    { requiredKeys: ['given'] },
  )
  fc.assert(
    fc.property(anyParty, fc.array(anyParty, { maxLength: 5 }), (sender, recipients) => {
      const asked = { ...question('', []), sender, recipients }
      const judged = judgeByPolicies(sources(), ORDER, asked, shown)
      assert.ok(judged instanceof Promise || judged.length === recipients.length)
    }),
  )
})

const shown = () => ({ text: 'Hello', parts: [], contentDigest: 'x', bytes: 5 })

function sources(more: Partial<PolicySources> = {}): PolicySources {
  return { directory: () => directory, plan, ...more }
}

function judgeNow(sender: string, ...recipients: string[]) {
  const judged = judgeByPolicies(sources(), ORDER, question(sender, recipients), shown)
  assert.ok(!(judged instanceof Promise), 'nobody had to be asked')
  return judged
}

/** A filter and a look-up that write down what they were asked. */
function asking(verdict: 'clean' | 'spam' | 'unavailable', found: CarrierFound) {
  const filtered: FilterFacts[] = []
  const looked: string[] = []
  const answers = {
    clean: { kind: 'clean' },
    spam: { kind: 'spam', rule: 'a rule' },
    unavailable: { kind: 'unavailable', because: 'down' },
  } as const
  const close = () => Promise.resolve()
  return {
    filtered,
    looked,
    more: {
      filter: {
        judge(facts: FilterFacts) {
          filtered.push(facts)
          return answers[verdict]
        },
        close,
      },
      lookup: {
        find(number: string) {
          looked.push(number)
          return Promise.resolve(found)
        },
        close,
      },
    },
  }
}

const UNKNOWN: CarrierFound = { kind: 'unknown' }
const ASKS_LAST: readonly PolicyName[] = ['country', 'spam', 'opt-out', 'recipient-carrier']

// biome-ignore format: a table
const asked: readonly (readonly [string, 'clean' | 'spam' | 'unavailable', CarrierFound, string | undefined])[] = [
  ['a filter that is down', 'unavailable', UNKNOWN, 'policy-service-down'],
  ['spam', 'spam', UNKNOWN, 'spam-detected'],
  ['a number of no carrier', 'clean', UNKNOWN, 'recipient-unallocated'],
  ['a carrier nobody configured', 'clean', { kind: 'carrier', carrier: 'far' }, 'carrier-unknown'],
  ['a look-up that is down', 'clean', { kind: 'unavailable', because: 'down' }, 'database-unavailable'],
]

for (const [what, verdict, found, reason] of asked) {
  test(`${what} is answered ${reason}`, async () => {
    const { more } = asking(verdict, found)
    const asks = question('+12015550100', ['+12015550123'])
    const [refusal] = await judgeByPolicies(sources(more), ASKS_LAST, asks, shown)
    assert.equal(refusal?.reason, reason)
  })
}

test('the filter is asked once per message, the look-up for those that nothing else refuses', async () => {
  const { more, filtered, looked } = asking('clean', UNKNOWN)
  const asks = question('24680', ['+12015550177', '+442079460018', '+12015550123'])
  const judged = await judgeByPolicies(sources(more), ASKS_LAST, asks, shown)
  assert.deepEqual(
    judged.map((each) => each?.policy),
    ['opt-out', 'country', 'recipient-carrier'],
  )
  assert.equal(filtered.length, 1)
  assert.deepEqual(looked, ['12015550123'])
})

test('nobody is asked about a message that is refused for all', () => {
  const { more, filtered, looked } = asking('clean', UNKNOWN)
  const asks = question('+12015550100', ['+442079460018'])
  const judged = judgeByPolicies(sources(more), ASKS_LAST, asks, shown)
  assert.ok(!(judged instanceof Promise))
  assert.deepEqual([filtered, looked], [[], []])
})
