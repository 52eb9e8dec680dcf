/** Who tries key after key learns nothing more after the limit, at whatever door. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { DEMO_ESME } from '../../src/simulator/smpp-accounts.ts'
import { callDoor } from '../support/mm4-client.ts'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { bindTo } from '../support/smpp-door.ts'
import { startGateway, type World } from '../support/start-gateway.ts'

const FAILURES = 3
const MINUTE_MS = 60_000
/** A login of the sandbox at the MM4 door; its password is `demo`. */
const MM4_USER = 'demo-bandwidth'

function open(t: TestContext): Promise<World> {
  return startGateway(t, {
    flags: {
      'sandbox.enabled': true,
      'sandbox.smtpPort': 0,
      'limits.failedLoginsPerMinute': FAILURES,
    },
  })
}

async function tryKey(world: World, key?: string): Promise<string> {
  const { senderIdentification = {} } = ordinaryOperation('1', key)
  return (await world.send({ operation: { senderIdentification } })).code
}

async function logIn({ ports }: World, password: string): Promise<string> {
  const client = await callDoor(ports.smtp)
  const token = Buffer.from(`\0${MM4_USER}\0${password}`).toString('base64')
  const reply = await client.ask(`AUTH PLAIN ${token}`)
  client.socket.destroy()
  return reply.slice(0, 3)
}

async function bind({ ports }: World, password: string): Promise<string> {
  try {
    await (await bindTo(ports.smpp, { systemId: DEMO_ESME, password })).close()
    return 'bound'
  } catch {
    return 'refused'
  }
}

/** How each door says no to a wrong key, and yes to a right one. */
const doors: Readonly<
  Record<string, { wrong(w: World): Promise<string>; right(w: World): Promise<string>; no: string }>
> = {
  MM7: { wrong: (w) => tryKey(w, 'nobody'), right: (w) => tryKey(w), no: '2564' },
  MM4: { wrong: (w) => logIn(w, 'wrong'), right: (w) => logIn(w, 'demo'), no: '535' },
  SMPP: { wrong: (w) => bind(w, 'wrong'), right: (w) => bind(w, 'demo'), no: 'refused' },
}

for (const [name, { wrong, right, no }] of Object.entries(doors)) {
  test(`after too many wrong keys over ${name}, a right one is answered like them at every door`, async (t) => {
    const world = await open(t)
    assert.notEqual(await right(world), no)
    for (let failure = 0; failure < FAILURES; failure += 1) assert.equal(await wrong(world), no)
    for (const door of Object.values(doors)) assert.equal(await door.right(world), door.no)
    const { body } = await world.get('/metrics')
    assert.match(body, /carillon_failed_logins_total\{[^}]*because="wrong"[^}]*\} 3/)
    assert.match(body, /carillon_failed_logins_total\{[^}]*because="barred"[^}]*\} 1/)
    world.advance(MINUTE_MS)
    for (const door of Object.values(doors)) assert.notEqual(await door.right(world), door.no)
    assert.deepEqual(world.fatal, [])
  })
}
