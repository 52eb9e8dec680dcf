import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressGroup, plainAddress } from './peer-address.ts'

const GROUPS: readonly (readonly [address: string, group: string])[] = [
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', ''],
]

for (const [address, group] of GROUPS) {
  test(`${address || 'no address'} is counted as ${group || 'none'}`, () => {
    assert.equal(addressGroup(address), group)
  })
}

test('an IPv4 peer is called by its IPv4 address', () => {
  assert.equal(plainAddress('::ffff:192.0.2.1'), '192.0.2.1')
  assert.equal(plainAddress('::1'), '::1')
})
