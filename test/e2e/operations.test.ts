/** What operators rely on: health, figures, the disk reserve, and a directory that is live. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WILLING } from '../support/carrier.ts'
import { until } from '../support/inbox.ts'
import { forwardFields, handOver, writeMail } from '../support/mm4-client.ts'
import { ordinaryOperation } from '../support/mm7-client.ts'
import { HANDSET, SENDER, startGateway, type World } from '../support/start-gateway.ts'

/** What anybody gets who has no token. */
async function open({ ports }: World, path: string) {
  const answer = await fetch(`http://127.0.0.1:${ports.admin}${path}`)
  return { status: answer.status, body: await answer.text() }
}

test('health and figures are open, everything else asks for the token', async (t) => {
  const world = await startGateway(t)
  assert.deepEqual(await open(world, '/livez'), { status: 200, body: '{"alive":true}\n' })
  assert.equal((await open(world, '/readyz')).status, 200)
  assert.equal((await open(world, '/admin/status')).status, 401)
  assert.equal((await world.get('/admin/status')).status, 200)
})

test('the figures count what happened and name nobody', async (t) => {
  const world = await startGateway(t)
  const id = await world.submit()
  await world.settled(id, 'delivered')
  await world.send({ without: ['content'] })
  const { body } = await open(world, '/metrics')
  const figures = [
    'carillon_accepted_total{account="acme",dialect="sinch"} 1',
    'carillon_refused_total{door="mm7/sinch",code="2506"} 1',
    'carillon_attempts_total{route="north",outcome="submitted"} 1',
    'carillon_reports_total{route="north",status="retrieved"} 1',
    'carillon_final_total{state="delivered",class="delivered"} 1',
    'carillon_client_told_total{result="delivered",outcome="delivered"} 1',
    'carillon_answer_seconds_count{door="mm7/sinch"} 2',
    'carillon_gate_open 1',
  ]
  for (const figure of figures) assert.ok(body.includes(`${figure}\n`), `${figure} in\n${body}`)
  for (const name of [HANDSET, SENDER, id]) assert.ok(!body.includes(name), `no ${name}`)
})

test('at the disk reserve new messages are refused, accepted ones end, and it opens again', async (t) => {
  let reserveShare = 0
  const world = await startGateway(t, {
    config: (config) => ({
      ...config,
      store: {
        ...config.store,
        diskReserveBytes: Number.MAX_SAFE_INTEGER,
        // More than the whole disk once it says so.
        get diskReserveShare() {
          return reserveShare
        },
      },
    }),
  })
  world.carrier.script(HANDSET, { ...WILLING, line: { at: 'rcpt', drop: true }, lineTries: 1 })
  const accepted = await world.submit()
  await until('the line to have broken', async () =>
    (await world.trace(accepted)).deliveries.every(({ state }) => state === 'deferred'),
  )

  reserveShare = 2
  await until('not ready', async () => (await open(world, '/readyz')).status === 503)
  assert.match((await open(world, '/readyz?verbose')).body, /disk reserve/)
  assert.match((await open(world, '/metrics')).body, /carillon_gate_open 0/)
  const refused = await world.send()
  assert.equal(refused.code, '3000', refused.body)
  assert.match(refused.headers, /retry-after: [0-9]+/i)
  const message = writeMail(forwardFields())
  assert.match(await handOver(world.ports.smtp, message), /^452 4\.3\.1/)
  assert.match(await handOver(world.ports.smtp, message + 'x'.repeat(100_000)), /^452 4\.3\.1/)

  await world.skip(accepted, 'deferred')
  await world.settled(accepted, 'delivered')
  assert.deepEqual(
    world.vasp.posts.all.map(({ report }) => report?.mmStatus),
    ['Forwarded', 'Retrieved'],
  )

  reserveShare = 0
  await until('ready', async () => (await open(world, '/readyz')).status === 200)
  await world.settled(await world.submit(), 'delivered')
  assert.match(await handOver(world.ports.smtp, message), /^250/)
})

test('a new account can send, and a removed one cannot, without a restart', async (t) => {
  const world = await startGateway(t)
  const operation = ordinaryOperation(HANDSET, 'fresh-key')
  assert.equal((await world.send({ operation })).code, '2564')
  const account = {
    id: 'fresh',
    dialect: 'sinch',
    mm7: { vaspId: 'fresh-key' },
    services: [{ id: 'demo', senders: [SENDER], shared: true }],
  }
  const imported = await world.post('/admin/directory', { accounts: [account] })
  assert.deepEqual((imported as { added: unknown }).added, ['account fresh'])
  assert.equal((await world.send({ operation })).code, '1000')
  await world.post('/admin/directory', { accounts: [{ ...account, enabled: false }] })
  assert.equal((await world.send({ operation })).code, '2550')
})
