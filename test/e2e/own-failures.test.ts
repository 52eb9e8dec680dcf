/** Faults of ours at the door: what a client is told, and when it must not come again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { startGateway, type World } from '../support/start-gateway.ts'

const openSandbox = (t: Parameters<typeof startGateway>[0]) =>
  startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    directory: () => ({ accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }),
  })

const send = (world: World, account: string, transactionId: string) =>
  world.send({
    path: `/mm7/${account.split('-')[0]}`,
    transactionId,
    operation: ordinaryOperation('15550100199', account),
  })

test('a store that breaks is 3000 in each dialect, while others are served', async (t) => {
  const world = await openSandbox(t)
  for (const dialect of ['sinch', 'skycore', 'smsglobal']) {
    const answer = await send(world, `${dialect}-3000`, `broken ${dialect}`)
    assert.equal(answer.code, '3000', answer.body)
    assert.equal(answer.transactionId, `broken ${dialect}`)
  }
  assert.equal((await world.send()).code, '1000')
  assert.deepEqual(world.fatal, [])
})

test('the third failure in a row of one request is 4005: do not come again', async (t) => {
  const world = await openSandbox(t)
  const codes: string[] = []
  for (let time = 0; time < 4; time += 1) {
    codes.push((await send(world, 'smsglobal-4005', 'poison')).code)
  }
  assert.deepEqual(codes, ['3000', '3000', '4005', '4005'])
  assert.equal((await send(world, 'smsglobal-4005', 'another')).code, '3000')
})
