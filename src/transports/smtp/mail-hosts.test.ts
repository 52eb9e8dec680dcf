import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMailHosts, type MxRecord, type ResolveMx } from './mail-hosts.ts'

const failing =
  (code: string): ResolveMx =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code }))
const giving =
  (...records: readonly MxRecord[]): ResolveMx =>
  () =>
    Promise.resolve(records)
const mx = (exchange: string, priority: number) => ({ exchange, priority })

// biome-ignore format: a table
const cases: readonly (readonly [string, ResolveMx, string])[] = [
  ['the lowest preference first',     giving(mx('b.example', 20), mx('a.example', 10)), 'hosts a.example b.example'],
  ['no MX record: the domain itself', failing('ENODATA'),                               'hosts mms.example'],
  ['an empty list: the same',         giving(),                                         'hosts mms.example'],
  ['no such domain',                  failing('ENOTFOUND'),                             'none mms.example: no such domain'],
  ['a null MX',                       giving(mx('', 0)),                                'none mms.example: takes no mail (null MX)'],
  ['a silent DNS',                    failing('ETIMEOUT'),                              'unavailable mms.example: ETIMEOUT'],
  ['a broken DNS',                    failing('ESERVFAIL'),                             'unavailable mms.example: ESERVFAIL'],
]

for (const [name, resolve, expected] of cases) {
  test(`hosts of a domain: ${name}`, async () => {
    const found = await createMailHosts(
      'mms.example',
      resolve,
      () => 0,
      () => 0,
    )()
    const rest = found.kind === 'hosts' ? found.hosts.join(' ') : found.detail
    assert.equal(`${found.kind} ${rest}`, expected)
  })
}

test('equals take turns, and no list is longer than a message has patience for', async () => {
  const equals = Array.from({ length: 12 }, (_, i) => mx(`h${i}.example`, 5))
  const draws = [9, 3, 7, 1, 8, 2, 6, 0, 5, 4, 11, 10]
  let next = 0
  const random = () => (draws[next++ % draws.length] ?? 0) / 12
  const found = await createMailHosts('mms.example', giving(...equals), () => 0, random)()
  assert.deepEqual(found.kind === 'hosts' && found.hosts.slice(0, 3), [
    'h7.example',
    'h3.example',
    'h5.example',
  ])
  assert.equal(found.kind === 'hosts' && found.hosts.length, 8)
})

test('an answer is asked for once, kept for a while, and outlives a silence of the DNS', async () => {
  let now = 0
  let asked = 0
  let silent = false
  const find = createMailHosts(
    'mms.example',
    () => {
      asked += 1
      return silent ? failing('ETIMEOUT')('') : giving(mx('a.example', 1))('')
    },
    () => now,
    () => 0,
  )
  await Promise.all([find(), find()])
  await find()
  assert.equal(asked, 1)
  silent = true
  now = 3_600_000
  assert.deepEqual(await find(), { kind: 'hosts', hosts: ['a.example'] })
  assert.equal(asked, 2)
  now = 2 * 86_400_000
  assert.equal((await find()).kind, 'unavailable')
})
