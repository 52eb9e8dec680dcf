import assert from 'node:assert/strict'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openAdminDoor } from './testing/admin-door.ts'
import { runCli } from './testing/run-cli.ts'
import { DELIVERED, MIXED, NOON } from './testing/stories.ts'

const ID = DELIVERED.message.id

test('trace draws the story of one message, and --json gives it whole', async (t) => {
  const { data } = await openAdminDoor(t, { [`GET /admin/messages/${ID}`]: () => DELIVERED })
  const drawn = await runCli(['trace', ID, '--data', data])
  assert.equal(drawn.code, 0)
  assert.match(drawn.stdout, /● delivered {2}\+15550100123/)
  const json = await runCli(['trace', ID, '--data', data, '--json'])
  assert.deepEqual(JSON.parse(json.stdout), DELIVERED)
})

test('latest is the last message sent, not the answer that came after it', async (t) => {
  const answer = { ...DELIVERED.message, id: '177236640000000002', direction: 'mo' as const }
  const messages = [answer, DELIVERED.message].map((message) => ({ message, states: [] }))
  const { data } = await openAdminDoor(t, {
    'GET /admin/messages?limit=50': () => ({ messages }),
    [`GET /admin/messages/${ID}`]: () => DELIVERED,
  })
  const { code, stdout } = await runCli(['trace', 'latest', '--data', data])
  assert.equal(code, 0)
  assert.ok(stdout.startsWith(ID))
})

test('trace --follow shows what is new until the end, and ends as the message did', async (t) => {
  let asked = 0
  const { data } = await openAdminDoor(t, {
    [`GET /admin/messages/${ID}`]: () => {
      asked += 1
      const open = {
        ...MIXED,
        deliveries: MIXED.deliveries.map((d) => ({ ...d, state: 'deferred' })),
      }
      const events = MIXED.events.slice(0, Math.min(asked, 3))
      if (asked < 4) return { ...open, events }
      const done = MIXED.deliveries.map((d) => ({
        ...d,
        state: d.index === 0 ? 'failed' : 'delivered',
      }))
      return { ...MIXED, deliveries: done, waiting: [] }
    },
  })
  const { code, stdout } = await runCli(['trace', ID, '--follow', '--data', data])
  assert.equal(code, 1)
  assert.equal(stdout.match(/accepted and stored/g)?.length, 1)
  assert.equal(stdout.match(/attempt 1 by/g)?.length, 2)
  assert.match(stdout, /✖ failed {2}\+15550100123/)
  assert.match(stdout, /● delivered {2}\+15550100124/)
})

test('trace --follow gives up with 75 when told how long to wait', async (t) => {
  const { data } = await openAdminDoor(t, { [`GET /admin/messages/${ID}`]: () => MIXED })
  const words = ['trace', ID, '-f', '--timeout', '1', '--json', '--data', data]
  const { code, stdout } = await runCli(words)
  assert.equal(code, 75)
  assert.equal(stdout.trim().split('\n').length, MIXED.events.length)
})

test('a message that is not there ends with 69 and the gateway’s own words', async (t) => {
  const { data } = await openAdminDoor(t, {})
  const { code, stderr } = await runCli(['trace', ID, '--data', data])
  assert.equal(code, 69)
  assert.match(stderr, /There is no such thing/)
})

test('a wrong token ends with 77, one that others may read with 78', async (t) => {
  const { data } = await openAdminDoor(t, {})
  const token = join(data, 'admin.token')
  rmSync(token)
  writeFileSync(token, 'another-token-of-enough-letters\n', { mode: 0o600 })
  const wrong = await runCli(['queue', '--data', data])
  assert.equal(wrong.code, 77)
  assert.match(wrong.stderr, /refused the token/)
  chmodSync(token, 0o644)
  const exposed = await runCli(['queue', '--data', data])
  assert.equal(exposed.code, 78)
  assert.match(exposed.stderr, /others than its owner may read it/)
})

test('a gateway in trouble ends with 75: later may work', async (t) => {
  const { data } = await openAdminDoor(t, {
    'GET /admin/queue': () => ({ status: 500, body: '{"title":"An error inside the gateway"}' }),
  })
  const { code, stderr } = await runCli(['queue', '--data', data])
  assert.equal(code, 75)
  assert.match(stderr, /An error inside the gateway/)
})

test('queue shows what waits where and since when', async (t) => {
  const backlog = {
    now: NOON,
    deliveries: [
      { lane: 'north', state: 'deferred', count: 12, oldestAt: NOON - 90_000, nextAt: NOON + 4000 },
      { lane: 'south', state: 'queued', count: 1, oldestAt: NOON - 5, nextAt: NOON - 5 },
    ],
    notices: [{ lane: 'report:acme', count: 3, parked: 2 }],
  }
  const { data } = await openAdminDoor(t, { 'GET /admin/queue': () => backlog })
  const { stdout } = await runCli(['queue', '--data', data])
  assert.match(stdout, /north +deferred +12 +oldest 1 m 30 s +next in 4 s\n/)
  assert.match(stdout, /south +queued +1 +oldest 5 ms +due now\n/)
  assert.match(stdout, /report:acme +3 to tell +2 parked/)
  const json = await runCli(['queue', '--data', data, '--json'])
  assert.deepEqual(JSON.parse(json.stdout), backlog)
})

test('an empty queue says so', async (t) => {
  const empty = { now: NOON, deliveries: [], notices: [] }
  const { data } = await openAdminDoor(t, { 'GET /admin/queue': () => empty })
  const { stdout } = await runCli(['queue', '--data', data])
  assert.match(stdout, /Nothing waits/)
})

test('directory import posts the file as it is and tells what changed', async (t) => {
  const door = await openAdminDoor(t, {
    'POST /admin/directory?mode=merge': () => ({
      added: ['account acme'],
      changed: [],
      removed: [],
    }),
    'POST /admin/directory?mode=replace': () => ({ added: [], changed: [], removed: [] }),
  })
  const file = join(door.data, 'accounts.toml')
  writeFileSync(file, '# Grüße\n')
  const merged = await runCli(['directory', 'import', file, '--data', door.data])
  assert.equal(merged.code, 0)
  assert.equal(merged.stdout, 'added account acme\n')
  assert.equal(door.got[0]?.headers['content-type'], 'application/toml')
  assert.equal(door.got[0]?.body.toString(), '# Grüße\n')
  const replaced = await runCli(['directory', 'import', file, '--replace', '--data', door.data])
  assert.match(replaced.stdout, /Nothing to change/)
})

test('a wrong provisioning file ends with 78 and all its problems', async (t) => {
  const problems = [
    { path: 'accounts[0].id', message: 'is missing', where: 'body:3' },
    { path: 'routes[1].carrier', message: 'names no carrier', hint: 'Did you mean north?' },
  ]
  const { data } = await openAdminDoor(t, {
    'POST /admin/directory?mode=merge': () => ({
      status: 422,
      body: JSON.stringify({ title: 'no', problems }),
    }),
  })
  const file = join(data, 'bad.toml')
  writeFileSync(file, '')
  const { code, stderr } = await runCli(['directory', 'import', file, '--data', data])
  assert.equal(code, 78)
  assert.match(stderr, /bad\.toml:3: accounts\[0\]\.id: is missing/)
  assert.match(stderr, /bad\.toml: routes\[1\]\.carrier: names no carrier \(Did you mean north\?\)/)
})

test('clock advance moves the sandbox’s time; without a sandbox there is none to move', async (t) => {
  const sandbox = await openAdminDoor(t, {
    'POST /sandbox/clock': (got) => {
      const { advanceMs } = JSON.parse(got.body.toString()) as { advanceMs: number }
      return { now: NOON + advanceMs, offsetMs: advanceMs }
    },
    'GET /sandbox/clock': () => ({ now: NOON, offsetMs: 0 }),
  })
  const moved = await runCli(['clock', 'advance', '2h', '--data', sandbox.data])
  assert.equal(moved.stdout, '2026-03-01 14:00:00 UTC  2 h ahead of the wall clock\n')
  const shown = await runCli(['clock', 'show', '--data', sandbox.data])
  assert.match(shown.stdout, /12:00:00 UTC {2}as the wall clock/)
  const live = await openAdminDoor(t, {})
  const refused = await runCli(['clock', 'advance', '2h', '--data', live.data])
  assert.equal(refused.code, 69)
  assert.match(refused.stderr, /its sandbox is off/)
})

test('doctor asks the gateway that runs instead of its ports', async (t) => {
  const env = { CARILLON_STORE__DISK_RESERVE_BYTES: '0' }
  const { data } = await openAdminDoor(t, {
    'GET /admin/status': () => ({ ready: true, version: '0.0.0' }),
  })
  const { code, stdout } = await runCli(['doctor', '--data', data], { env })
  assert.equal(code, 0)
  assert.match(stdout, /✔ gateway +0\.0\.0 runs as process \d+, ready/)
  assert.ok(!stdout.includes('port 8080'))
})
