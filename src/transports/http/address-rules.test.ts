import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createAddressRules } from './address-rules.ts'

const rules = createAddressRules()

// biome-ignore format: a table
const refused: readonly (readonly [string, RegExp])[] = [
  ['127.0.0.1',              /loopback/],
  ['0.0.0.0',                /this network/],
  ['10.9.8.7',               /private/],
  ['172.20.0.1',             /private/],
  ['192.168.255.255',        /private/],
  ['100.64.0.0',             /carrier-grade/],
  ['169.254.169.254',        /metadata/],
  ['224.0.0.251',            /multicast/],
  ['255.255.255.255',        /broadcast/],
  ['::',                     /unspecified/],
  ['::1',                    /loopback/],
  ['::ffff:10.0.0.1',        /private/],
  ['::ffff:93.184.215.14',   /clothes/],
  ['::5db8:d70e',            /clothes/],
  ['64:ff9b::1',             /NAT64/],
  ['2002:5db8:d70e::1',      /6to4/],
  ['2001:0:1::1',            /Teredo/],
  ['2001:20::1',             /protocol/],
  ['fd00::1',                /unique local/],
  ['fe80::1',                /link-local/],
  ['fe80::1%eth0',           /not an address/],
  ['ff02::1',                /multicast/],
  ['4000::1',                /not global/],
  ['media.example',          /not an address/],
  ['',                       /not an address/],
]
for (const [address, why] of refused) {
  test(`${address === '' ? 'nothing' : address} is refused`, () => {
    assert.match(rules(address) ?? 'allowed', why)
  })
}

for (const address of [
  '1.1.1.1',
  '93.184.215.14',
  '100.63.255.255',
  '100.128.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '223.255.255.255',
  '2606:4700::1111',
  '2a00:1450:4001::1',
]) {
  test(`${address} is allowed`, () => assert.equal(rules(address), undefined))
}

test('an exception allows its range and nothing beside it', () => {
  const sandbox = createAddressRules(['127.0.0.0/8', '::1', 'fd00:1::/32'])
  for (const address of ['127.0.0.1', '127.255.0.1', '::1', 'fd00:1::5']) {
    assert.equal(sandbox(address), undefined, address)
  }
  for (const address of ['10.0.0.1', '::2', 'fd00:2::5', '169.254.169.254']) {
    assert.notEqual(sandbox(address), undefined, address)
  }
})

test('an exception that is no range is the operator’s error', () => {
  for (const entry of ['media.example', '10.0.0.0/x', '10.0.0.0/40', '']) {
    assert.throws(() => createAddressRules([entry]), /./, entry)
  }
})

test('whatever is written, the rules answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (address) => {
      const because = rules(address)
      assert.ok(because === undefined || because.length > 0)
    }),
  )
})

test('an IPv4 address is never allowed because it wears IPv6', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      assert.notEqual(rules(`::ffff:${address}`), undefined)
      assert.notEqual(rules(`64:ff9b::${address}`), undefined)
      assert.notEqual(rules(`::${address}`), undefined)
    }),
  )
})
