import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openWorld, type World } from '../../../test/support/engine-world.ts'
import { ORDINARY_RELAY, type RelayBehaviour } from '../../connectors/mm7/behaviour.ts'
import { createMm7Connector } from '../../connectors/mm7/connector.ts'
import { openMm7Emulator, type SeenSubmit } from '../../connectors/mm7/emulator.ts'
import { laneOf } from '../../connectors/mm7/lane.ts'
import { upstreamAt } from '../../connectors/mm7/testing/attempt.ts'
import { mount } from './testing/mounted.ts'

interface Circle {
  readonly world: World
  readonly submits: SeenSubmit[]
  /** Sends one message, lets the relay play its story, and says how the delivery stands. */
  play(behaviour: RelayBehaviour): Promise<string>
}

/** An engine, its way to an emulated relay, and the relay's way back, over real sockets. */
async function open(t: TestContext): Promise<Circle> {
  let behaviour = ORDINARY_RELAY
  let underWay = 0
  const submits: SeenSubmit[] = []
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: () => behaviour,
    keepBodies: true,
    after(_ms, callback) {
      underWay += 1
      setImmediate(() => {
        underWay -= 1
        callback()
      })
    },
    now: () => 1_000_000,
    onSubmit: (seen) => void submits.push(seen),
    onSentBack: () => {
      heard += 1
    },
  })
  let heard = 0
  const upstream = upstreamAt(relay.url)
  const connector = createMm7Connector('upstream', upstream, {
    now: () => 1_000_000,
    findRow: () => undefined,
    onLinkRefused: () => undefined,
    crashPoint: () => undefined,
  })
  const world = await openWorld({
    ways: { upstream: { lane: laneOf(upstream), play: (...given) => connector.deliver(...given) } },
  })
  const { url } = await mount(t, {
    parts: { receive: world.engine.receive, media: world.media },
  })
  relay.connect({ url })
  t.after(async () => {
    await world.engine.stop()
    await connector.close()
    await relay.close()
  })

  async function play(next: RelayBehaviour): Promise<string> {
    behaviour = next
    heard = 0
    const expected = next.reports.length * (next.repeats === true ? 2 : 1)
    const messageId = await world.send()
    while (submits.every(({ transactionId }) => !transactionId.startsWith(messageId))) await turn()
    while (heard < expected || underWay > 0) await turn()
    for (;;) {
      const { state } = await world.delivery(messageId)
      if (state !== 'attempting' && state !== 'queued') return state
      await turn()
    }
  }

  return { world, submits, play }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

// biome-ignore format: a table
const stories: readonly (readonly [string, RelayBehaviour, string])[] = [
  ['a message that is fetched is delivered',             ORDINARY_RELAY,                                                             'delivered'],
  ['a report before the answer waits for it',            { ...ORDINARY_RELAY, reportFirst: true },                                   'delivered'],
  ['a report that comes twice counts once',              { ...ORDINARY_RELAY, repeats: true },                                       'delivered'],
  ['a deferral leaves it under way',                     { ...ORDINARY_RELAY, reports: [{ status: 'Deferred', afterMs: 1 }] },       'submitted'],
  ['a rejection fails it',                               { ...ORDINARY_RELAY, reports: [{ status: 'Rejected', afterMs: 1 }] },       'failed'],
  ['an expiry expires it',                               { ...ORDINARY_RELAY, reports: [{ status: 'Expired', afterMs: 1 }] },        'expired'],
  ['an unreachable handset fails it',                    { ...ORDINARY_RELAY, reports: [{ status: 'Unreachable', afterMs: 1 }] },    'failed'],
  ['an Indeterminate is unknown',                        { ...ORDINARY_RELAY, reports: [{ status: 'Indeterminate', afterMs: 1 }] },  'unknown'],
  ['a Forwarded is forwarded',                           { ...ORDINARY_RELAY, reports: [{ status: 'Forwarded', afterMs: 1 }] },      'forwarded'],
  ['no report leaves it under way',                      { ...ORDINARY_RELAY, reports: [] },                                         'submitted'],
  ['a refusal fails it at once',                         { answer: { kind: 'code', code: 2004 }, reports: [] },                      'failed'],
  ['a busy relay defers it',                             { answer: { kind: 'code', code: 4006 }, reports: [] },                      'deferred'],
  ['a line lost after the last byte is unknown',         { answer: { kind: 'drop', at: 'end' }, reports: [] },                       'unknown'],
  ['an empty yes is unknown',                            { answer: { kind: 'http', status: 200 }, reports: [] },                     'unknown'],
]
for (const [what, behaviour, state] of stories) {
  test(`through the engine and back: ${what}`, async (t) => {
    const { play } = await open(t)
    assert.equal(await play(behaviour), state)
  })
}
