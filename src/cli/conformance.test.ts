/** `carillon conformance` as people meet it: a process of its own, its streams, its end. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRunFile } from '../config/run-file.ts'
import { openAdminDoor } from './testing/admin-door.ts'
import { makeFolder, runCli, startCli } from './testing/run-cli.ts'

// biome-ignore format: a table
const mistakes: readonly (readonly [string, RegExp])[] = [
  ['conformance --dialect snch',           /snch[\s\S]*sinch, skycore, smsglobal, bandwidth/],
  ['conformance --dialect sinch --row 9',  /no such row of sinch/],
  ['conformance --url https://localhost/ --admin http://localhost:1', /expected http:\/\/HOST:PORT/],
]

for (const [line, said] of mistakes) {
  test(`${line}: exit 64 before anything is started`, async (t) => {
    const env = { CARILLON_DATA: (await openAdminDoor(t, {})).data }
    const { code, stdout, stderr } = await runCli(line.split(' '), { env })
    assert.equal(code, 64, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, said)
  })
}

test('nothing is sent to a gateway without a sandbox: real handsets would get it', async (t) => {
  const door = await openAdminDoor(t, {
    'GET /admin/status': () => ({ facts: { sandbox: false } }),
  })
  const url = `http://127.0.0.1:${door.port}`
  const words = ['conformance', '--data', door.data, '--url', url]
  const { code, stderr } = await runCli(words)
  assert.equal(code, 64)
  assert.match(stderr, /has no sandbox/)
  assert.deepEqual(
    door.got.map(({ method, path }) => `${method} ${path}`),
    ['GET /admin/status'],
  )
})

test('where no gateway runs, --data says so with 69', async (t) => {
  const { code, stderr } = await runCli(['conformance', '--data', makeFolder(t)])
  assert.equal(code, 69)
  assert.match(stderr, /no gateway runs/)
})

test('a gateway that runs is tried by --data, and by --url with --admin, and goes on running', async (t) => {
  const data = makeFolder(t)
  const doors = ['--http-port', '0', '--smtp-port', '0', '--smpp-port', '0', '--admin-port', '0']
  const settings = ['sandbox.enabled=true', 'sandbox.smtpPort=0', 'store.diskReserveBytes=0']
  const set = settings.flatMap((each) => ['--set', each])
  const gateway = startCli(['start', '--json', '--data', data, ...doors, ...set])
  t.after(async () => {
    gateway.child.kill('SIGKILL')
    await gateway.ended
  })
  const { addresses } = JSON.parse(await gateway.firstLine())
  const rows = ['conformance', '--dialect', 'skycore', '--row', '2503', '--row', 'Retrieved']
  const byFolder = await runCli([...rows, '--data', data, '--json'])
  assert.equal(byFolder.code, 0, byFolder.stderr)
  const [first, second, sum] = byFolder.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(`${first.seen.form} ${first.seen.code}`, 'Fault 2503')
  assert.equal(`${second.seen.form} ${second.seen.code}`, 'DeliveryReportReq Retrieved')
  assert.deepEqual({ ...sum, tookMs: 0 }, { total: 2, seen: 2, failed: 0, pending: 0, tookMs: 0 })
  const url = ['--url', `http://127.0.0.1:${addresses.http.port}`]
  const admin = ['--admin', `http://127.0.0.1:${addresses.admin.port}`]
  const byUrl = await runCli([...rows, ...url, ...admin, '--data', data])
  assert.equal(byUrl.code, 0, byUrl.stderr)
  assert.match(byUrl.stdout, /✔ 2503 {2}two Number elements in To +Fault 2503 +Fault 2503/)
  assert.match(byUrl.stdout, /✔ 2 of 2 rows seen as printed/)
  assert.equal(gateway.child.exitCode, null)
})

test('interrupted, the run takes its gateway and its folder along', async (t) => {
  const folder = makeFolder(t)
  const run = startCli(['conformance'], { env: { TMPDIR: folder } })
  await run.firstLine()
  const [data = ''] = readdirSync(folder)
  const door = readRunFile(join(folder, data))?.addresses.http
  assert.ok(door !== undefined)
  run.child.kill('SIGTERM')
  assert.equal((await run.ended).code, 75)
  assert.deepEqual(readdirSync(folder), [])
  const gone = connect(door.port, door.host)
  const [error] = await once(gone, 'error')
  assert.match((error as NodeJS.ErrnoException).code ?? '', /ECONNREFUSED|ECONNRESET/)
})
