/** Every code that the catalog says a number provokes: the sandbox's world keeps that promise. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entries } from '../../src/catalog/index.ts'
import { hashKey } from '../../src/config/secret.ts'
import { until } from '../support/inbox.ts'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { startGateway, type World } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

const KEY = 'numbers-key'
/** Less than what a simulated handset waits between two reports, many times over. */
const STEP_MS = 100

/** The sandbox with one more account, whose reports come here. */
async function openSandboxWorld(t: Parameters<typeof startGateway>[0], dialect: string) {
  return startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    account: { id: 'tryer', dialect },
    access: { vaspIdHash: hashKey(KEY) },
    directory: (data) => ({ ...data, numbers: [], carriers: [], routes: [] }),
  })
}

const send = (world: World, path: string, to: string) =>
  world.send({ path, operation: ordinaryOperation(to.replace('+', ''), KEY) })

/** Moves the clock over whatever the delivery waits for, until it has ended. */
async function runOut(world: World, id: string): Promise<void> {
  await until(`the end of ${id}`, async () => {
    const [{ deliveries }, now] = await Promise.all([world.trace(id), world.now()])
    const [{ state, nextAt = 0 } = { state: undefined }] = deliveries
    if (state === 'deferred' && nextAt > now) world.advance(nextAt - now)
    // In small steps: an attempt that only takes its time must not be cut off.
    if (state === 'attempting') world.advance(STEP_MS)
    return state !== 'queued' && state !== 'deferred' && state !== 'attempting'
  })
}

/** How a client sees what a carrier did to its message: in the report, its code in the text. */
const REPORTED: Readonly<Record<string, RegExp>> = {
  '2004': /^Rejected 2004$/,
  '3500': /^(Indeterminate|Unreachable) 3500$/,
  '4000': /^Rejected 4000$/,
  '4002': /^NotSupported 4002$/,
  '4003': /^NotSupported 4003$/,
  '4006': /^Expired 4006$/,
  '4007': /^Rejected 4007$/,
}

for (const dialect of ['sinch', 'skycore']) {
  test(`each code of a carrier is provoked by its number: ${dialect}`, async (t) => {
    const world = await openSandboxWorld(t, dialect)
    for (const { code, given, to } of numbersOf(dialect, 'mm7')) {
      await t.test(`${code}: ${given}`, async () => {
        const answer = await send(world, `/mm7/${dialect}`, to)
        const expected = REPORTED[code]
        if (expected === undefined) {
          assert.equal(answer.code, code, 'the door itself refuses')
          return
        }
        const id = answer.messageId ?? ''
        await runOut(world, id)
        const end = await until('a final report', () =>
          told(world.vasp, id).find((line) => line !== 'Forwarded'),
        )
        assert.match(end, expected)
      })
    }
  })
}

const INTERIM = new Set(['Forwarded', 'Deferred'])

test('each status of a delivery report is provoked by its number', async (t) => {
  const world = await openSandboxWorld(t, 'skycore')
  for (const { code: status, given, to } of numbersOf('skycore', 'report')) {
    await t.test(`${status}: ${given}`, async () => {
      const answer = await send(world, '/mm7/skycore', to)
      assert.equal(answer.code, '1000', answer.body)
      const id = answer.messageId ?? ''
      const words = await until(`the client to hear ${status}`, async () => {
        world.advance(STEP_MS)
        await world.settled(id, 'submitted', 'delivered', 'failed', 'expired', 'unknown')
        const heard = told(world.vasp, id).map((line) => line.split(' ')[0] ?? '')
        return heard.includes(status) && heard
      })
      if (!INTERIM.has(status)) assert.equal(words.at(-1), status, 'it is the last word')
    })
  }
})

/** The numbers as `codes explain` prints them. */
function numbersOf(dialect: string, surface: string) {
  const rows = entries().flatMap(({ provoke, ...entry }) => {
    if (entry.dialect !== dialect || entry.surface !== surface) return []
    return provoke.via === 'recipient' && provoke.to !== undefined
      ? [{ code: entry.code, given: provoke.given, to: provoke.to }]
      : []
  })
  assert.ok(rows.length > 7, `${rows.length} rows`)
  return rows
}
