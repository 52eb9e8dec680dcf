import assert from 'node:assert/strict'
import { test } from 'node:test'
import { METRICS, openMetrics } from './metrics.ts'

const open = () => openMetrics({ deliveriesHeld: () => 7, gateOpen: () => true })

test('a scrape shows the metrics of the table with their types, and none of ours besides', async () => {
  const text = await open().exposition()
  const shown = [...text.matchAll(/^# TYPE (carillon_\w+) (\w+)$/gm)].map(([, name, type]) => [
    name,
    type,
  ])
  const wanted = Object.entries(METRICS).map(([name, { type }]) => [name, type])
  assert.deepEqual(shown.sort(), wanted.sort())
})

test('events and answers are counted under the labels of the table', async () => {
  const metrics = open()
  const subject = { messageId: '1', accountId: 'acme', dialect: 'sinch' }
  const raw = ''
  metrics.observe(subject, [
    { type: 'accepted', at: 0, routes: [] },
    {
      type: 'attempted',
      at: 0,
      attempt: 1,
      token: 1,
      startedAt: 0,
      route: 'north',
      outcome: { kind: 'submitted', remoteId: 'r', expects: 'report' },
      state: 'submitted',
    },
    {
      type: 'reported',
      at: 1,
      route: 'north',
      report: { status: 'retrieved', raw },
      state: 'delivered',
    },
    { type: 'client-told', at: 1, notice: 'delivered', attempt: 1, outcome: { kind: 'delivered' } },
    { type: 'failed', at: 1, reason: 'no-route' },
  ])
  metrics.refused('mm7/sinch', '3001')
  metrics.answered('mm7/sinch', 0.004)
  const text = await metrics.exposition()
  for (const line of [
    'carillon_accepted_total{account="acme",dialect="sinch"} 1',
    'carillon_refused_total{door="mm7/sinch",code="3001"} 1',
    'carillon_answer_seconds_bucket{le="0.005",door="mm7/sinch"} 1',
    'carillon_attempts_total{route="north",outcome="submitted"} 1',
    'carillon_final_total{state="delivered",class="delivered"} 1',
    'carillon_reports_total{route="north",status="retrieved"} 1',
    'carillon_client_told_total{result="delivered",outcome="delivered"} 1',
    'carillon_deliveries_held 7',
    'carillon_gate_open 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line)
  }
  assert.match(text, /^carillon_final_total\{state="failed",class="[a-z-]+"\} 1$/m)
})

test('a report that moved nothing ends nothing a second time', async () => {
  const metrics = open()
  metrics.observe({ messageId: '1', accountId: 'acme', dialect: 'sinch' }, [
    {
      type: 'reported',
      at: 1,
      route: 'north',
      report: { status: 'retrieved', raw: '' },
      state: 'delivered',
      ignored: 'repeat',
    },
  ])
  assert.doesNotMatch(await metrics.exposition(), /^carillon_final_total\{/m)
})
