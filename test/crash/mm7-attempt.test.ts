/** A gateway killed in the middle of an MM7 attempt: sent again only where doubles are dropped. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ORDINARY_RELAY } from '../../src/connectors/mm7/behaviour.ts'
import { openMm7Emulator, type SeenSubmit } from '../../src/connectors/mm7/emulator.ts'
import { CRASH_VARIABLE } from '../../src/operations/crash-points.ts'
import { askAdmin, type Ready, reservePort, startGateway } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { exchange, writeRequest } from '../support/mm7-client.ts'

const KEY = 'a-secret-of-theirs'

async function openWorld(t: TestContext, dropsDuplicates: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-crash-mm7-'))
  const data = join(folder, 'data')
  const submits: SeenSubmit[] = []
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    // Its report is sent when the test says so: a relay may be slower than our start.
    behaviourOf: () => ({ ...ORDINARY_RELAY, reports: [] }),
    keepBodies: true,
    after: (ms, callback) => void setTimeout(callback, ms),
    now: Date.now,
    onSubmit: (seen) => submits.push(seen),
  })
  const httpPort = await reservePort()
  relay.connect({ url: `http://127.0.0.1:${httpPort}/mm7-upstream/${KEY}` })
  const running: ReturnType<typeof startGateway>[] = []
  t.after(async () => {
    for (const gateway of running) await gateway.kill()
    await relay.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const directory = {
    accounts: [
      {
        id: 'acme',
        dialect: 'sinch',
        mm7: { vaspId: 'demo-sinch-key' },
        services: [{ id: 'demo', senders: ['12345'] }],
      },
    ],
    carriers: [
      {
        name: 'tower',
        mm7: { url: relay.url, vaspId: 'us', dropsDuplicates, callback: { key: KEY } },
      },
    ],
    routes: [{ name: 'all', carrier: 'tower' }],
  }
  return {
    data,
    httpPort,
    relay,
    submits,
    directory,
    start(env: Readonly<Record<string, string>> = {}) {
      const gateway = startGateway({ data, httpPort, set: ['store.diskReserveBytes=0'], env })
      running.push(gateway)
      return gateway
    },
  }
}

interface Story {
  readonly deliveries: readonly { readonly state: string }[]
}

for (const [point, drops, sent, end] of [
  ['C9-sent', true, 2, 'delivered'],
  ['C9-sent', false, 1, 'unknown'],
  ['C10-answered', true, 2, 'delivered'],
  ['C6-leased', true, 1, 'delivered'],
] as const) {
  const how = drops ? 'drops doubles' : 'does not drop doubles'
  test(`killed at ${point} towards an upstream that ${how}, it sends ${sent} times and ends ${end}`, async (t) => {
    const world = await openWorld(t, drops)
    const doomed = world.start({ [CRASH_VARIABLE]: point })
    const first = await doomed.ready
    await askAdmin(world.data, first, '/admin/directory', world.directory)
    const answer = await exchange(world.httpPort, writeRequest({}))
    assert.equal(answer.code, '1000', answer.body)
    assert.equal((await doomed.exited).signal, 'SIGKILL')
    const ready: Ready = await world.start().ready
    const rests = (state: string) =>
      until(`it to be ${state}`, async () => {
        const path = `/admin/messages/${answer.messageId}`
        const story = (await askAdmin(world.data, ready, path)) as Story
        return story.deliveries[0]?.state === state
      })
    if (end === 'delivered') {
      await rests('submitted')
      assert.equal((await world.relay.sendReport('relay-1', 'Retrieved')).code, 1000)
    }
    await rests(end)
    assert.equal(world.submits.length, sent)
    assert.equal(new Set(world.submits.map(({ transactionId }) => transactionId)).size, 1)
  })
}
