/** A stop that is asked for: what runs ends, nothing new is taken, and what is cut off is found again. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startCli } from '../../src/cli/testing/run-cli.ts'
import {
  openRawServer,
  politely,
  type RawCall,
} from '../../src/transports/smtp/testing/raw-peer.ts'
import { createInbox } from '../support/inbox.ts'
import { callDoor, THEIRS } from '../support/mm4-client.ts'
import { exchangeOn, writeRequest } from '../support/mm7-client.ts'
import { startGateway } from '../support/start-gateway.ts'

function keptFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-stop-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A carrier that says nothing to the final dot until it is told to. */
async function openHesitant(t: TestContext) {
  const dots = createInbox<RawCall>(() => 'a final dot')
  const polite = new Map<number, ReturnType<typeof politely>>()
  const server = await openRawServer((line, call, number) => {
    const answer = polite.get(number) ?? politely({ '.': '' })
    polite.set(number, answer)
    answer(line, call, number)
    if (line === '.') dots.put(call)
  })
  t.after(() => server.close())
  return { port: server.port, dots }
}

test('an attempt under way ends, while nothing new is taken', async (t) => {
  const data = keptFolder(t)
  const carrier = await openHesitant(t)
  const world = await startGateway(t, { data, mm4: { port: carrier.port } })
  const id = await world.submit()
  const call = await carrier.dots.next('the message at the carrier')
  const client = connect(world.ports.http, '127.0.0.1')
  await new Promise((resolve) => client.once('connect', resolve))
  const peer = await callDoor(world.ports.smtp)

  const closed = world.gateway.close(10_000)
  const refused = await exchangeOn(client, writeRequest({}))
  assert.equal(refused.code, '3000', 'a line that was open is told')
  assert.match(await peer.ask(`MAIL FROM:<${THEIRS}>`), /^421 4\.3\.2/)
  await assert.rejects(world.send(), { code: 'ECONNREFUSED' }, 'a new one finds nobody')
  call.say('250 2.0.0 Taken at last')
  await closed

  const again = await startGateway(t, { data, mm4: { port: carrier.port } })
  const { deliveries, events } = await again.trace(id)
  assert.deepEqual([deliveries[0]?.state, deliveries[0]?.attempts], ['submitted', 1])
  assert.deepEqual(
    events.map(({ type }) => type),
    ['accepted', 'attempted'],
  )
})

test('at the deadline the stop leaves what hangs, and the next start finds it', async (t) => {
  const data = keptFolder(t)
  const carrier = await openHesitant(t)
  const world = await startGateway(t, { data, mm4: { port: carrier.port } })
  world.vasp.answer(() => 'silence')
  const id = await world.submit()
  await carrier.dots.next('the message at the carrier')
  const since = Date.now()
  await world.gateway.close(200)
  assert.ok(Date.now() - since < 3000, `${Date.now() - since} ms`)

  const again = await startGateway(t, { data, mm4: { port: carrier.port } })
  // Its wait for another attempt, longer than any of this plan.
  again.advance(300_000)
  const call = await carrier.dots.next('the message once more')
  call.say('250 2.0.0 Taken')
  await again.settled(id, 'submitted')
  const ids = (call: RawCall) => call.lines.filter((line) => /^X-Mms-.*-ID:/i.test(line))
  const [first] = carrier.dots.all
  assert.ok(first !== undefined && ids(first).length >= 2)
  assert.deepEqual(ids(call).slice(-2), ids(first).slice(-2), 'by the same ids')
})

test('SIGTERM ends the real process with 0, after one line of JSON that says where it listens', async (t) => {
  const data = keptFolder(t)
  const words = [
    'start',
    '--json',
    '--data',
    data,
    '--http-port',
    '0',
    '--smtp-port',
    '0',
    '--smpp-port',
    '0',
  ]
  const { child, ended, firstLine } = startCli([...words, '--admin-port', '0'], { cwd: data })
  t.after(() => child.kill('SIGKILL'))
  const ready = JSON.parse(await firstLine())
  assert.equal(ready.ready, true)
  assert.equal(ready.pid, child.pid)
  for (const door of ['http', 'smtp', 'admin', 'carrier']) {
    assert.ok(ready.addresses[door].port > 0, door)
  }
  const alive = await fetch(`http://127.0.0.1:${ready.addresses.admin.port}/livez`)
  assert.equal(alive.status, 200)
  await alive.text()
  child.kill('SIGTERM')
  const { code, stdout } = await ended
  assert.equal(code, 0)
  assert.equal(stdout.trim().split('\n').length, 1, 'nothing else on stdout')
})
