/** The runner against doors that are not right: it must see that, show it, and go on. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import { namespaceFor } from '../codecs/mm7/versions.ts'
import { inOrder } from './in-order.ts'
import type { ReportInbox } from './report-inbox.ts'
import { rowsOf } from './rows.ts'
import { type RowResult, runRows } from './run.ts'
import type { World } from './world.ts'

const NO_REPORTS: ReportInbox = {
  url: 'http://127.0.0.1:1/',
  find: () => Promise.resolve({ found: undefined, all: [] }),
  close: () => Promise.resolve(),
}

/** A door that says the same to everybody. */
async function openDoor(t: TestContext, say: (socket: Socket) => void) {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => say(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => new Promise((resolve) => server.close(resolve)))
  const world: World = {
    door: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    reports: NO_REPORTS,
    command: () => Promise.resolve({ code: 69, stdout: '', stderr: '' }),
    token: 'test',
    timeouts: { answerMs: 2000, reportMs: 10 },
  }
  return world
}

function fault(statusCode: number, statusText: string, details?: string): string {
  const xml = encodeMm7({
    transactionId: 't',
    namespace: namespaceFor('6.8.0'),
    operation: {
      name: 'RSErrorRsp',
      mm7Version: '6.8.0',
      status: { statusCode, statusText, ...(details !== undefined && { details }) },
    },
  })
  return `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(xml)}\r\n\r\n${xml}`
}

const [row2503] = rowsOf(['sinch'], ['2503'])
const run = (world: World, rows = row2503 === undefined ? [] : [row2503]) =>
  runRows(rows, world, {
    window: 4,
    now: () => 0,
    onStart: () => undefined,
    onEnd: () => undefined,
  })

test('the right code with the right words is seen', async (t) => {
  const entry = row2503?.entry
  const answer = fault(2503, entry?.text ?? '', entry?.details)
  const world = await openDoor(t, (socket) => socket.end(answer))
  const [result] = await run(world)
  assert.equal(result?.state, 'seen')
  assert.equal(result?.sighting.evidence, 't')
})

// biome-ignore format: a table
const wrong: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
  ['another code',          (socket) => socket.end(fault(2502, 'Missing destination address')), /2502/],
  ['other words',           (socket) => socket.end(fault(2503, 'Too many')), /2503/],
  ['an answer that is none', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), /^$/],
  ['a line that is cut',    (socket) => socket.destroy(), /^$/],
  ['bytes that are no HTTP', (socket) => socket.end('220 smtp\r\n'), /^$/],
]

for (const [name, say, seenCode] of wrong) {
  test(`${name} is a failed row, with the bytes of both directions`, async (t) => {
    const [result] = await run(await openDoor(t, say))
    assert.equal(result?.state, 'failed')
    assert.match(result?.sighting.seen?.code ?? '', seenCode)
    assert.deepEqual(
      result?.sighting.transcript.map(({ who }) => who),
      ['sent', 'received'],
    )
    const sent = Buffer.from(result?.sighting.transcript[0]?.bytes ?? []).toString('latin1')
    assert.match(sent, /^POST \/mm7\/sinch HTTP\/1\.1\r\n/)
  })
}

test('silence is told as silence, after the time allowed', async (t) => {
  const world = await openDoor(t, () => undefined)
  const [result] = await run({ ...world, timeouts: { ...world.timeouts, answerMs: 30 } })
  assert.equal(result?.state, 'failed')
  assert.match(result?.sighting.because ?? '', /no answer within 30 ms/)
})

test('results come in the order of the rows, and no more at once than the window', async (t) => {
  const world = await openDoor(t, (socket) => socket.end(fault(2503, 'Too many')))
  const rows = rowsOf(['skycore'], [])
  let running = 0
  let most = 0
  const told: RowResult[] = []
  const results = await runRows(rows, world, {
    window: 3,
    now: () => 0,
    onStart() {
      running += 1
      most = Math.max(most, running)
    },
    onEnd(result) {
      running -= 1
      told.push(result)
    },
  })
  assert.equal(rows.length, 53)
  assert.deepEqual(
    results.map(({ row }) => row),
    rows,
  )
  assert.equal(told.length, rows.length)
  assert.equal(most, 3)
})

test('whatever row ends first, they are told in order and each once', () => {
  const rows = rowsOf(['sinch'], []).slice(0, 6)
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (ended) => {
      const told: string[] = []
      const end = inOrder(rows, ({ row }, index) => told.push(`${index} ${row.entry.code}`))
      for (const row of ended) end({ row, state: 'seen', tookMs: 0, sighting: SIGHTING })
      assert.deepEqual(
        told,
        rows.map(({ entry }, index) => `${index} ${entry.code}`),
      )
    }),
  )
})

const FACE = { form: 'Fault', code: '2503', text: '' }
const SIGHTING = { expected: FACE, seen: FACE, matches: true, evidence: '', transcript: [] }
