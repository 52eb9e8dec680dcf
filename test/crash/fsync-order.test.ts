/**
 * A kill cannot show a missing sync: the page cache outlives the process. The system calls can. No
 * positive reply, 1000 or 250, may leave before the row and the bytes it promises were synced.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Extent } from '../../src/core/message.ts'
import { openCrashCarrier } from '../support/crash-carrier.ts'
import { requestOf } from '../support/crash-client.ts'
import { CLIENT_SENDER, crashDirectory, OTHER_NUMBER } from '../support/crash-directory.ts'
import { openCrashVasp } from '../support/crash-vasp.ts'
import { askAdmin, reservePort, startGateway } from '../support/gateway-process.ts'
import { readKeptData } from '../support/kept-data.ts'
import { exchange } from '../support/mm7-client.ts'
import {
  auditPromises,
  type Promised,
  promisesIn,
  readTrace,
  TRACED,
  tracer,
  whyNoTracer,
} from '../support/syscall-trace.ts'

const noTracer = whyNoTracer()

const CLIENTS = 6
const MESSAGES = 96
const HANDSET_MESSAGES = 24
/** In rows, in one segment write, in several. */
const SIZES = [300, 3000, 20_000, 200_000]

interface Traced {
  readonly promises: readonly Promised[]
  readonly broken: readonly string[]
}

/** Runs traffic through a traced gateway and judges every promise it made. */
async function judge(...injections: readonly string[]): Promise<Traced> {
  const data = await mkdtemp(join(tmpdir(), 'carillon-trace-'))
  const file = join(data, 'trace')
  const vasp = await openCrashVasp()
  vasp.behave()
  const carrier = await openCrashCarrier((number) => ({
    response: 'Ok',
    responseText: `res-${number}-1`,
    responseAfterMs: 1,
    reports: [{ status: 'Retrieved', afterMs: 5, statusText: `rep-${number}-1` }],
  }))
  const smtpPort = await reservePort()
  try {
    const gateway = startGateway({
      data: join(data, 'kept'),
      smtpPort,
      under: tracer(file, TRACED, ...injections),
      // Requests that go through a ring would not be seen one by one.
      env: { UV_USE_IO_URING: '0' },
    })
    const ready = await gateway.ready
    carrier.connect({ port: smtpPort, domain: 'carillon.localhost' })
    await askAdmin(
      join(data, 'kept'),
      ready,
      '/admin/directory',
      crashDirectory(carrier.port, vasp.url),
    )
    await Promise.all([
      sendMessages(ready.addresses.http.port),
      sendFromHandsets(carrier.sendFromHandset),
    ])
    for (let waiting = 1; waiting > 0; ) {
      const backlog = (await askAdmin(join(data, 'kept'), ready, '/admin/queue')) as {
        readonly deliveries: readonly unknown[]
      }
      waiting = backlog.deliveries.length
    }
    const exit = await gateway.stop()
    assert.deepEqual(exit, { code: 0, signal: null }, gateway.said())
    const calls = readTrace(await readFile(file, 'latin1'))
    const promises = promisesIn(calls)
    const extents = await extentsIn(join(data, 'kept'))
    return { promises, broken: auditPromises(calls, promises, (mark) => extents.get(mark) ?? []) }
  } finally {
    await vasp.close()
    await carrier.close()
    await rm(data, { recursive: true, force: true })
  }
}

async function sendMessages(port: number): Promise<void> {
  let serial = 0
  async function send(): Promise<void> {
    while (serial < MESSAGES) {
      serial += 1
      const body = Buffer.alloc(SIZES[serial % SIZES.length] ?? 0, `number ${serial} `)
      const parts = [{ contentType: 'image/jpeg', contentId: 'photo', body: [body] }]
      const number = `1555${String(serial).padStart(7, '0')}`
      const answer = await exchange(port, requestOf(`tx-1-${serial}`, number, parts))
      assert.equal(answer.code, '1000', answer.body)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, send))
}

async function sendFromHandsets(
  send: (serial: number, to: readonly string[], body: Uint8Array) => Promise<unknown>,
): Promise<void> {
  for (let serial = 1; serial <= HANDSET_MESSAGES; serial += 1) {
    const body = Buffer.alloc(SIZES[serial % SIZES.length] ?? 0, `handset ${serial} `)
    await send(serial, serial % 3 === 0 ? [CLIENT_SENDER, OTHER_NUMBER] : [CLIENT_SENDER], body)
  }
}

/** Where the bytes of each message lie, by the mark it was sent with. */
async function extentsIn(data: string): Promise<Map<string, readonly Extent[]>> {
  const { stories, broken } = await readKeptData(data)
  assert.deepEqual(broken, [])
  const extents = new Map<string, readonly Extent[]>()
  for (const { message } of stories) {
    const mark = /(?:tx|mo)-[0-9]+-[0-9]+/.exec(message.envelope.subject ?? '')?.[0] ?? ''
    extents.set(mark, [...(extents.get(mark) ?? []), ...message.content.extents])
  }
  return extents
}

/** Promises of one kind: `tx` MM7, `mo` MM4 requests, `res` and `rep` MM4 answers and reports. */
function countOf(promises: readonly Promised[], kind: string): number {
  return promises.filter(({ mark }) => mark.startsWith(`${kind}-`)).length
}

test('no yes leaves before the row and the bytes behind it are synced', {
  skip: noTracer ?? false,
}, async (t) => {
  const { promises, broken } = await judge()
  const counts = ['tx', 'mo', 'res', 'rep'].map((kind) => countOf(promises, kind))
  t.diagnostic(`yes too early: ${broken.length} of ${promises.length} (${counts.join(' + ')})`)
  assert.deepEqual(broken, [])
  const [mm7 = 0, requests = 0, answers = 0, reports = 0] = counts
  assert.equal(mm7, MESSAGES)
  assert.ok(requests >= HANDSET_MESSAGES, `${requests} MM4 requests were seen`)
  assert.equal(answers, MESSAGES)
  assert.equal(reports, MESSAGES)
})

test('a disk that is never synced is caught at every single yes', {
  skip: noTracer ?? false,
}, async () => {
  const { promises, broken } = await judge('-e', 'inject=fsync,fdatasync:retval=0')
  const caught = promises.filter(({ mark }) => broken.some((line) => line.startsWith(`${mark} `)))
  assert.equal(caught.length, promises.length)
  assert.ok(promises.length >= MESSAGES)
})

/** A trace written by hand: one message, row and bytes, in the order given. */
function traceOf(order: readonly string[]): string {
  const lines: Readonly<Record<string, string>> = {
    row: '7 pwrite64(25</d/carillon.db-wal>, "x tx-1-1 y", 8192, 24) = 8192',
    'sync rows': '7 fsync(25</d/carillon.db-wal>) = 0',
    bytes: '8 pwritev(27</d/media/1.seg>, [{iov_base="a", iov_len=50}], 1, 100) = 50',
    'sync bytes': '9 fdatasync(27</d/media/1.seg>) = 0',
    'begin sync': '9 fdatasync(27</d/media/1.seg> <unfinished ...>',
    'end sync': '9 <... fdatasync resumed>) = 0',
    'failed sync': '9 fdatasync(27</d/media/1.seg>) = -1 EIO (Input/output error)',
    reply: '6 writev(32<socket:[1]>, [{iov_base="tx-1-1 <StatusCode>1000</StatusCode>"}], 1) = 9',
  }
  return order.map((name) => lines[name]).join('\n')
}

const ORDERS: readonly (readonly [title: string, order: readonly string[], broken: number])[] = [
  ['everything synced, then yes', ['row', 'bytes', 'sync rows', 'sync bytes', 'reply'], 0],
  [
    'a sync that ended in time',
    ['bytes', 'begin sync', 'row', 'sync rows', 'end sync', 'reply'],
    0,
  ],
  ['yes before the rows', ['row', 'bytes', 'sync bytes', 'reply', 'sync rows'], 1],
  ['yes before the bytes', ['row', 'bytes', 'sync rows', 'reply', 'sync bytes'], 1],
  [
    'a sync that began before the bytes',
    ['row', 'begin sync', 'bytes', 'sync rows', 'end sync', 'reply'],
    1,
  ],
  [
    'a sync that was under way',
    ['row', 'bytes', 'sync rows', 'begin sync', 'reply', 'end sync'],
    1,
  ],
  ['a sync that failed', ['row', 'bytes', 'sync rows', 'failed sync', 'reply'], 1],
  ['no row at all', ['bytes', 'sync bytes', 'sync rows', 'reply'], 1],
  ['nothing synced', ['row', 'bytes', 'reply', 'sync rows', 'sync bytes'], 2],
]

for (const [title, order, count] of ORDERS) {
  test(`the oracle judges ${title}: ${count === 0 ? 'honest' : 'too early'}`, () => {
    const calls = readTrace(traceOf(order))
    const extent: Extent = { segment: 1, offset: 110, length: 40, crc32: 0 }
    const broken = auditPromises(calls, promisesIn(calls), () => [extent])
    assert.equal(broken.length, count, broken.join('\n'))
  })
}
