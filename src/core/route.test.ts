import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseRoute, type RouteRule } from './route.ts'

const rules: readonly RouteRule[] = [
  { name: 'rest', prefix: '', carrier: 'hub', enabled: true },
  { name: 'us', prefix: '1', carrier: 'alpha', enabled: true },
  { name: 'ny', prefix: '1212', carrier: 'beta', enabled: true },
  { name: 'vip', prefix: '1212', carrier: 'alpha', accounts: ['vip'], enabled: true },
  { name: 'off', prefix: '44', carrier: 'alpha', enabled: false },
  { name: 'dead', prefix: '49', carrier: 'gamma', enabled: true },
]
const carriers = new Map(
  ['hub', 'alpha', 'beta', 'gamma'].map((name) => [name, { name, enabled: name !== 'gamma' }]),
)

// biome-ignore format: a table
const cases = [
  ['the longest prefix wins',                  '12125550100', {}, 'beta'],
  ['a shorter prefix takes the rest',          '15550100123', {}, 'alpha'],
  ['the default takes what nobody names',      '33612345678', {}, 'hub'],
  ['a rule that is off is passed over',        '447700900123', {}, 'hub'],
  ['a rule with a dead carrier is passed over','4915123456789', {}, 'hub'],
  ['the carrier the client names binds',       '12125550100', { carrier: 'alpha' }, 'alpha'],
  ['a named carrier without a rule has no way','33612345678', { carrier: 'beta' }, undefined],
] as const

for (const [name, text, facts, expected] of cases) {
  test(name, () => {
    const choice = chooseRoute(
      { kind: 'number', text },
      0,
      { accountId: 'a', ...facts },
      rules,
      (c) => carriers.get(c),
    )
    assert.equal(choice.route, expected)
    assert.ok(choice.because.length > 10, 'it says why')
  })
}

test('a passed-over rule is named in the explanation', () => {
  const to = { kind: 'number', text: '4915123456789' } as const
  const choice = chooseRoute(to, 0, { accountId: 'a' }, rules, (name) => carriers.get(name))
  assert.match(choice.because, /Rule dead matched but carrier gamma is off/)
})

test('only numbers are routed', () => {
  const to = { kind: 'email', text: 'a@b.example' } as const
  assert.equal(chooseRoute(to, 0, { accountId: 'a' }, rules, () => undefined).route, undefined)
})

test('where every way is off the message waits for the best of them, unless a rule says never', () => {
  const only = rules.filter(({ name }) => name === 'dead' || name === 'off')
  const choose = (text: string) =>
    chooseRoute({ kind: 'number', text }, 0, { accountId: 'a' }, only, (c) => carriers.get(c))
  const { route, waits } = choose('4915123456789')
  assert.deepEqual([route, waits], ['gamma', 'route-unusable'])
  assert.equal(choose('447700900123').route, undefined)
})

test('a paused carrier takes what it will send later', () => {
  const target = (name: string) => ({ name, enabled: true, paused: name === 'hub' })
  const to = { kind: 'number', text: '33612345678' } as const
  assert.equal(chooseRoute(to, 0, { accountId: 'a' }, rules, target).waits, 'held')
})

test('a message takes a way that carries its kind, or none, and says why', () => {
  const ways: readonly RouteRule[] = [
    { name: 'pictures', prefix: '1212', carrier: 'mmsc', enabled: true },
    { name: 'texts', prefix: '1', carrier: 'smsc', enabled: true },
  ]
  const target = (name: string) =>
    ({ name, enabled: true, channels: [name === 'mmsc' ? 'mms' : 'sms'] }) as const
  const choose = (channel: 'sms' | 'mms', text: string) =>
    chooseRoute({ kind: 'number', text }, 0, { accountId: 'a', channel }, ways, target)
  assert.equal(choose('sms', '12125550100').route, 'smsc')
  assert.equal(choose('mms', '12125550100').route, 'mmsc')
  const none = choose('mms', '15550100123')
  assert.equal(none.route, undefined)
  assert.match(none.because, /smsc would, but takes no MMS/)
})
