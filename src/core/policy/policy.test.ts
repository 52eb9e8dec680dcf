import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Address } from '../address.ts'
import { OPEN_POLICY, type OwnNumber } from '../directory.ts'
import type { Reason } from '../reason.ts'
import type { PartyFacts, PolicyFacts } from './facts.ts'
import { firstRefusal, POLICIES, type PolicyName } from './index.ts'
import { POLICY_WORDS } from './words.ts'

const number = (text: string): Address => ({ kind: 'number', text })
const own = (more: Partial<OwnNumber> = {}): OwnNumber => ({
  number: '15005550100',
  account: 'florist',
  state: 'active',
  ...more,
})
const party = (text: string, more: Partial<PartyFacts> = {}): PartyFacts => ({
  given: text,
  address: number(text),
  country: 'US',
  line: 'mobile',
  formValid: true,
  ownAccountLive: true,
  ...more,
})

/** A message nothing is wrong with, for an account that may do little. */
const good: PolicyFacts = {
  channel: 'mms',
  accountId: 'florist',
  policy: {
    ...OPEN_POLICY,
    channels: ['mms'],
    sendersFromInventory: true,
    shortCodes: false,
    tollFree: false,
    fixedLines: false,
    countries: ['US'],
    groupMax: 10,
    mediaTypes: ['image/*', 'text/plain'],
    contentBytesMax: 1000,
    tollFreeBytesMax: 500,
    filterRequired: true,
  },
  sender: party('15005550100', { own: own() }),
  recipient: party('15005550123'),
  recipients: 1,
  path: { hops: 5, forwards: 0, seenHere: false },
  carrier: { kind: 'not-asked' },
  content: {
    bytes: 800,
    media: [{ type: 'image/jpeg', sniffed: 'image/jpeg' }],
    textReadable: true,
  },
  filter: { kind: 'clean' },
}

const sender = (more: Partial<PartyFacts>): Partial<PolicyFacts> => ({
  sender: { ...good.sender, ...more },
})
const recipient = (more: Partial<PartyFacts>): Partial<PolicyFacts> => ({
  recipient: { ...good.recipient, ...more },
})
const policy = (more: Partial<PolicyFacts['policy']>) => ({ policy: { ...good.policy, ...more } })
const content = (more: Partial<PolicyFacts['content']>) => ({
  content: { ...good.content, ...more },
})

/** One departure from the good message for each way to be refused. */
// biome-ignore format: a table
const refusals: readonly (readonly [PolicyName, Reason, string, Partial<PolicyFacts>])[] = [
  ['service-enabled', 'api-not-enabled', 'a channel the account has not', { channel: 'sms' }],
  ['application', 'application-unknown', 'an application of nobody', { application: { id: 'x', known: false } }],
  ['sender-form', 'sender-malformed', 'a sender of no plan', sender({ formValid: false })],
  ['recipient-form', 'recipient-invalid', 'a recipient of no plan', recipient({ formValid: false })],
  ['loop', 'loop-detected', 'sender and recipient the same', recipient({ address: number('15005550100') })],
  ['loop', 'loop-detected', 'our own mark', { path: { ...good.path, seenHere: true } }],
  ['hops', 'too-many-hops', 'a hundred and one hops', { path: { ...good.path, hops: 101 } }],
  ['hops', 'too-many-hops', 'passed on eleven times', { path: { ...good.path, forwards: 11 } }],
  ['group-size', 'recipients-too-many', 'eleven recipients', { recipients: 11 }],
  ['emergency', 'emergency-number', '911', { recipient: { ...good.recipient, given: '911', address: { kind: 'short-code', text: '911' } } }],
  ['emergency', 'emergency-number', '999 in Great Britain', { recipient: { ...good.recipient, given: '999', address: { kind: 'short-code', text: '999' }, country: 'GB' } }],
  ['sender-in-inventory', 'sender-unallocated', 'a sender that stands nowhere', { sender: party('15005550111') }],
  ['sender-in-inventory', 'sender-unallocated', 'a sender given back', sender({ own: own({ state: 'disconnected' }) })],
  ['sender-account', 'sender-account-missing', 'a sender without account', sender({ ownAccountLive: false })],
  ['sender-owned', 'sender-not-provisioned', 'another’s sender', sender({ own: own({ account: 'baker' }) })],
  ['sender-owned', 'sender-not-provisioned', 'a sender for SMS only', sender({ own: own({ channels: ['sms'] }) })],
  ['sender-fails', 'fails-always', 'a sender set to fail', sender({ own: own({ failsAlways: true }) })],
  ['recipient-allowed', 'recipient-forbidden', 'ones all the way', recipient({ address: number('11111111111') })],
  ['recipient-allowed', 'recipient-forbidden', 'a suspended number of ours', recipient({ own: own({ state: 'suspended' }) })],
  ['recipient-allowed', 'recipient-forbidden', 'a number of ours for SMS only', recipient({ own: own({ channels: ['sms'] }) })],
  ['short-code', 'short-code-forbidden', 'a short code', recipient({ address: { kind: 'short-code', text: '24680' } })],
  ['toll-free', 'toll-free-forbidden', 'a toll-free sender', sender({ line: 'toll-free' })],
  ['toll-free', 'toll-free-forbidden', 'a group with a toll-free number', { ...recipient({ line: 'toll-free' }), ...policy({ tollFree: true }), recipients: 2 }],
  ['country', 'country-forbidden', 'another country', recipient({ country: 'KP' })],
  ['recipient-account', 'recipient-account-missing', 'a number of ours nobody has', recipient({ own: own(), ownAccountLive: false })],
  ['recipient-profile', 'recipient-incapable', 'a fixed line', recipient({ line: 'fixed' })],
  ['recipient-carrier', 'recipient-unallocated', 'a number of no carrier', { carrier: { kind: 'unassigned' } }],
  ['recipient-carrier', 'carrier-unknown', 'a carrier of no entry', { carrier: { kind: 'unconfigured', id: '999' } }],
  ['recipient-carrier', 'database-unavailable', 'a silent look-up', { carrier: { kind: 'unavailable', because: 'no answer in 2 s' } }],
  ['encoding', 'text-undecodable', 'a text in no charset', content({ textReadable: false })],
  ['media-type', 'media-type-refused', 'a program', content({ media: [{ type: 'application/x-msdownload' }] })],
  ['media-type', 'media-type-refused', 'a video that calls itself a picture', content({ media: [{ type: 'image/jpeg', sniffed: 'video/mp4' }] })],
  ['content-size', 'content-too-large', 'a byte too much', content({ bytes: 1001 })],
  ['content-size', 'content-too-large', 'too much for a toll-free number', sender({ line: 'toll-free' })],
  ['spam', 'spam-detected', 'content the filter knows', { filter: { kind: 'spam', rule: 'A listed link.' } }],
  ['spam', 'policy-service-down', 'a silent filter', { filter: { kind: 'unavailable', because: 'no address answers' } }],
  ['opt-out', 'recipient-blocked', 'a recipient who said STOP', { block: { number: '15005550123', because: 'STOP' } }],
]

for (const [name, reason, given, change] of refusals) {
  test(`${name} refuses ${given} as ${reason}, with its rule`, () => {
    const refusal = POLICIES[name]({ ...good, ...change })
    assert.equal(refusal?.reason, reason)
    assert.ok((refusal?.rule.length ?? 0) > 3)
  })
}

test('every policy lets a good message pass, and every policy is tried above', () => {
  const tried = new Set(refusals.map(([name]) => name))
  for (const name of Object.keys(POLICIES) as PolicyName[]) {
    assert.equal(POLICIES[name](good), undefined, name)
    assert.ok(tried.has(name), name)
  }
})

test('the words about each policy list the reasons it gives, and no others', () => {
  for (const [name, { reasons }] of Object.entries(POLICY_WORDS)) {
    const given = refusals.filter(([policy]) => policy === name).map(([, reason]) => reason)
    assert.deepEqual([...new Set(given)].sort(), [...reasons].sort(), name)
  }
})

test('the first policy of the written order speaks', () => {
  const both = { ...good, recipients: 11, ...recipient({ line: 'fixed' }) }
  assert.equal(firstRefusal(['recipient-profile', 'group-size'], both)?.policy, 'recipient-profile')
  assert.equal(firstRefusal(['group-size', 'recipient-profile'], both)?.policy, 'group-size')
})

test('a toll-free limit above the plain one raises nothing', () => {
  const wide = {
    ...policy({ tollFree: true, tollFreeBytesMax: 9000 }),
    ...content({ bytes: 1001 }),
  }
  const facts = { ...good, ...sender({ line: 'toll-free' }), ...wide }
  assert.equal(POLICIES['content-size'](facts)?.reason, 'content-too-large')
})

test('a filter that cannot be asked stops only the accounts that demand it', () => {
  const facts = { ...good, ...policy({ filterRequired: false }) }
  assert.equal(
    POLICIES.spam({ ...facts, filter: { kind: 'unavailable', because: 'x' } }),
    undefined,
  )
})
