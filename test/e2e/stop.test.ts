/** Stopping takes no longer than the nearest deadline anybody gave. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { HANDSET, startGateway, type World } from '../support/start-gateway.ts'

/** Far beyond the patience of the test, so that only hurrying can end it. */
const FAR_MS = 600_000
const PATIENCE = { timeout: 30_000 }

/** A client whose request never ends. */
async function stalledClient(t: TestContext, port: number): Promise<void> {
  const client = connect(port, '127.0.0.1')
  t.after(() => client.destroy())
  client.on('error', () => {})
  client.write('POST /mm7/sinch HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\n')
  client.write('Content-Length: 100\r\nExpect: 100-continue\r\n\r\n')
  await once(client, 'data')
}

/** A carrier that takes the bytes and never answers the final dot. */
async function silentCarrier({ carrier, submit }: World): Promise<void> {
  carrier.script(HANDSET, { response: 'none', responseAfterMs: 0, reports: [], line: SILENCE })
  await submit()
  await carrier.next('MM4_forward.REQ')
}

const SILENCE = { at: 'dot', silence: true } as const

/** A client that takes a report and never answers. */
async function silentClient({ vasp, submit }: World): Promise<void> {
  vasp.answer(() => 'silence')
  await submit()
  await vasp.posts.next('a report', () => true)
}

const WAITED_FOR: readonly (readonly [string, (t: TestContext, world: World) => Promise<void>])[] =
  [
    ['a client that does not finish its request', (t, { ports }) => stalledClient(t, ports.http)],
    ['a carrier that does not answer', (_t, world) => silentCarrier(world)],
    ['a client that does not answer a report', (_t, world) => silentClient(world)],
  ]

for (const [whom, makeWait] of WAITED_FOR) {
  test(
    `a second close with a shorter deadline hurries one that waits for ${whom}`,
    PATIENCE,
    async (t) => {
      const world = await startGateway(t)
      await makeWait(t, world)
      let over = false
      const first = world.gateway.close(FAR_MS).then(() => {
        over = true
      })
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal(over, false)
      await Promise.all([first, world.gateway.close(0)])
      // A later wish for more time changes nothing.
      await world.gateway.close(FAR_MS)
      assert.deepEqual(world.fatal, [])
    },
  )
}
