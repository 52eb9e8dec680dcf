/** A subscriber says STOP over MM4, and the account it said it to hears no from the MM7 door. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forwardFields, handOver, writeMail } from '../support/mm4-client.ts'
import { ACCOUNT, HANDSET, SENDER, startGateway, type World } from '../support/start-gateway.ts'

/** Hands over what the subscriber wrote and waits until the account has it. */
async function says(world: World, text: string, fields = {}): Promise<string> {
  assert.match(await handOver(world.ports.smtp, writeMail(forwardFields(fields), text)), /^250/)
  const { deliver } = await world.vasp.posts.next(text, ({ deliver }) => deliver !== undefined)
  return deliver?.linkedId ?? ''
}

test('STOP blocks the sender it was written to and START heals it', async (t) => {
  const world = await startGateway(t)
  assert.equal((await world.send()).code, '1000')
  await says(world, 'Stop!\r\n')
  assert.equal((await world.send()).code, '3001')
  assert.equal((await world.send({}, '15550100198')).code, '1000', 'others are not concerned')
  await says(world, 'Please start again\r\n')
  assert.equal((await world.send()).code, '3001', 'a sentence is no keyword')
  await says(world, ' start\r\n')
  assert.equal((await world.send()).code, '1000')
})

test('the account that wants it confirms a STOP, once, through the block', async (t) => {
  const stop = 'You will get no more messages from 12345.'
  const world = await startGateway(t, { account: { consentReplies: { stop } } })
  await says(world, 'unsubscribe\r\n')
  const { parts } = await world.carrier.next('MM4_forward.REQ')
  assert.equal(
    Buffer.concat(parts.map(({ bytes }) => bytes))
      .toString()
      .trim(),
    stop,
  )
  assert.equal((await world.send()).code, '3001')
  await says(world, 'STOP\r\n')
  await says(world, 'START\r\n')
  assert.equal((await world.send({ transactionId: 'after' })).code, '1000')
  const next = await world.carrier.next('MM4_forward.REQ')
  assert.notEqual(
    Buffer.concat(next.parts.map(({ bytes }) => bytes))
      .toString()
      .trim(),
    stop,
  )
})

test('a STOP outlives a restart and an import that replaces everything', async (t) => {
  const world = await startGateway(t)
  await says(world, 'STOP\r\n')
  await world.post('/admin/directory?mode=replace', world.directory)
  assert.equal((await world.send()).code, '3001')
  await world.gateway.close()
  const again = await startGateway(t, { data: world.data })
  assert.equal((await again.send()).code, '3001')
  const { blocks } = JSON.parse((await again.get('/admin/directory')).body) as {
    blocks: readonly { number: string; account?: string; sender?: string; because: string }[]
  }
  const block = blocks.find(({ number }) => number === HANDSET)
  assert.equal(block?.account, ACCOUNT)
  assert.equal(block?.sender, SENDER)
  assert.match(block?.because ?? '', /^STOP on /)
  await again.post(`/admin/opt-outs/remove?number=%2B${HANDSET}`)
  assert.deepEqual(JSON.parse((await again.get('/admin/opt-outs')).body), { count: 0, optOuts: [] })
  assert.equal((await again.send()).code, '1000')
})
