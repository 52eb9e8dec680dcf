/** What a killed gateway knows of short messages when it is back. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { askAdmin, type Ready, startGateway } from '../support/gateway-process.ts'
import { until } from '../support/inbox.ts'
import { bindTo } from '../support/smpp-door.ts'
import { openCentre, smsDirectory, submitOf, TAKES } from '../support/sms-world.ts'

const LONG = 'This text is long enough for two parts. '.repeat(5)

/** A gateway in a process, which can be killed and comes back on the same data. */
async function openKillable(t: TestContext, port: number) {
  const data = mkdtempSync(join(tmpdir(), 'carillon-sms-'))
  let running = startGateway({ data })
  t.after(async () => {
    await running.kill()
    rmSync(data, { recursive: true, force: true })
  })
  let ready: Ready = await running.ready
  await askAdmin(data, ready, '/admin/directory', smsDirectory(port, {}))
  return {
    async send(text: string): Promise<string> {
      const client = await bindTo(ready.addresses.smpp.port)
      const reply = await client.session.request(submitOf(text))
      await client.close()
      assert.ok(reply.kind === 'answered' && 'messageId' in reply.response, JSON.stringify(reply))
      return reply.response.messageId
    },
    async delivery(id: string) {
      const story = (await askAdmin(data, ready, `/admin/messages/${id}`)) as MessageStory
      return story.deliveries[0]
    },
    async killAndRestart() {
      await running.kill()
      running = startGateway({ data })
      ready = await running.ready
    },
  }
}

test('a message whose second part was under way when the gateway died is not sent again', async (t) => {
  const { smsc, play } = await openCentre(t)
  play({ ...TAKES, answer: { kind: 'silence' }, answerPart: 2 })
  const gateway = await openKillable(t, smsc.address.port)
  const id = await gateway.send(LONG)
  await until('the second part', () => smsc.seen.length === 2)
  play(TAKES)
  await gateway.killAndRestart()
  const end = await until('an end', async () => {
    const delivery = await gateway.delivery(id)
    return delivery?.state === 'unknown' ? delivery : undefined
  })
  assert.equal(end.reason, 'attempt-lost')
  assert.equal(smsc.seen.length, 2)
})

test('receipts of parts before and after the gateway died count together', async (t) => {
  const { smsc, play } = await openCentre(t)
  play(TAKES)
  const gateway = await openKillable(t, smsc.address.port)
  const id = await gateway.send(LONG)
  await until('the parts', async () => (await gateway.delivery(id))?.state === 'submitted')
  const [first, second] = smsc.seen
  assert.ok(first !== undefined && second !== undefined)
  smsc.report(first, { stat: 'DELIVRD' })
  await until('its answer', () => smsc.answers.length === 1)
  await gateway.killAndRestart()
  assert.equal((await gateway.delivery(id))?.state, 'submitted')
  smsc.report(second, { stat: 'DELIVRD' })
  await until('the end', async () => (await gateway.delivery(id))?.state === 'delivered')
})
