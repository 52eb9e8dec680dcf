import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { addressIn, canonicalAddress, isAddressEntry } from './allow-list.ts'

// biome-ignore format: a table
for (const [entry, address, inside] of [
  ['192.0.2.7',            '192.0.2.7',              true],
  ['192.0.2.7',            '192.0.2.8',              false],
  ['192.0.2.7',            '::ffff:192.0.2.7',       true],
  ['192.0.2.7',            '::ffff:c000:207',        true],
  ['192.0.2.7',            '::192.0.2.7',            false],
  ['192.0.2.0/24',         '192.0.2.255',            true],
  ['192.0.2.0/24',         '192.0.3.0',              false],
  ['192.0.2.0/24',         '::ffff:192.0.2.9',       true],
  ['0.0.0.0/0',            '203.0.113.1',            true],
  ['0.0.0.0/0',            '2001:db8::1',            false],
  ['::ffff:192.0.2.7',     '192.0.2.7',              true],
  ['::ffff:192.0.2.0/120', '192.0.2.200',            true],
  ['::ffff:192.0.2.0/120', '192.0.3.1',              false],
  ['2001:db8::/32',        '2001:db8:ffff::1',       true],
  ['2001:db8::/32',        '2001:db9::1',            false],
  ['2001:db8:0:1::/64',    '2001:0db8:0000:0001:0:0:0:5', true],
  ['::1',                  '0:0:0:0:0:0:0:1',        true],
  ['fe80::1',              'fe80::1%eth0',           true],
  ['192.0.2.7',            'not an address',         false],
  ['192.0.2.7',            '192.0.2.7, 10.0.0.1',    false],
  ['192.0.2.7',            '',                       false],
] as const) {
  test(`${entry} ${inside ? 'contains' : 'does not contain'} ${address || 'nothing'}`, () => {
    assert.equal(addressIn([entry], address), inside)
  })
}

test('an empty list and a socket that is gone contain nobody', () => {
  assert.equal(addressIn([], '127.0.0.1'), false)
  assert.equal(addressIn(['127.0.0.1'], undefined), false)
})

// biome-ignore format: a table
for (const entry of [
  '', 'localhost', '192.0.2', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/', '192.0.2.0/24/8',
  '192.0.2.0/2x', '2001:db8::/129', '::ffff:192.0.2.0/24', '192.0.2.1-192.0.2.9', '*',
]) {
  test(`${JSON.stringify(entry)} is no entry`, () => assert.equal(isAddressEntry(entry), false))
}

test('one address has one spelling', () => {
  assert.equal(canonicalAddress('2001:0DB8::0001'), '2001:db8::1')
  assert.equal(canonicalAddress('::FFFF:7f00:1'), '127.0.0.1')
  assert.equal(canonicalAddress('1.2.3'), undefined)
})

test('headers that claim another address change nothing: only the socket counts', async () => {
  const allowed = ['192.0.2.7']
  const server = createServer((incoming, response) => {
    response.end(String(addressIn(allowed, incoming.socket.remoteAddress)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const claims = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'client-ip', 'true-client-ip']
  const headers = Object.fromEntries(claims.map((name) => [name, '192.0.2.7']))
  const sent = request({ host: '127.0.0.1', port, headers }).end()
  const [answer] = await once(sent, 'response')
  assert.equal(String(await once(answer, 'data')), 'false')
  server.close()
})
