/**
 * Rows are committed beside their bytes, so a power cut can leave a row whose bytes never reached
 * the disk. Nobody was promised it; whoever repeats the request must get a message of its own.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../../src/stores/sqlite/driver.ts'
import { requestOf } from '../support/crash-client.ts'
import { openCrashWorld } from '../support/crash-world.ts'
import { startGateway } from '../support/gateway-process.ts'
import { readKeptData } from '../support/kept-data.ts'
import { exchange } from '../support/mm7-client.ts'
import { tracer, whyNoTracer } from '../support/syscall-trace.ts'

const MESSAGES = 40
const WAIT_MS_MAX = 20_000
/** Writes of bytes hang for longer than the gateway lives, in microseconds. */
const HANG = 'inject=pwrite64,pwritev:delay_enter=60000000'
/** Looking for the bytes takes its time, so that whoever is too early with a promise is caught. */
const SLOW = 'inject=pread64:delay_enter=30000'

function requests(): Buffer[] {
  return Array.from({ length: MESSAGES }, (_, serial) => {
    const body = Buffer.alloc(50_000, `number ${serial} `)
    const number = `1555${String(serial).padStart(7, '0')}`
    const parts = [{ contentType: 'image/jpeg', contentId: 'photo', body: [body] }]
    return requestOf(`torn-${serial}`, number, parts)
  })
}

/** Repeats a request until it is answered. */
async function insist(port: number, request: Buffer): Promise<string> {
  for (const end = Date.now() + WAIT_MS_MAX; Date.now() < end; await pause(2)) {
    const answer = await exchange(port, request).catch(() => undefined)
    if (answer?.code === '1000') return answer.messageId ?? ''
  }
  throw new Error('never answered')
}

/** Waits until the rows are on the disk that their bytes will never reach. */
async function rowsOf(data: string): Promise<void> {
  const db = openDatabase(join(data, 'carillon.db'), { readOnly: true })
  try {
    const count = db.prepare('SELECT count(*) AS count FROM message')
    for (const end = Date.now() + WAIT_MS_MAX; count.get()?.count !== MESSAGES; await pause(20)) {
      assert.ok(Date.now() < end, `${count.get()?.count} rows of ${MESSAGES}`)
    }
  } finally {
    db.close()
  }
}

test('a row whose bytes were lost is gone before anybody can be promised it', {
  skip: whyNoTracer() ?? false,
}, async () => {
  const world = await openCrashWorld({ clients: 0, handsets: 0 })
  const { data, httpPort = 0 } = world.start
  try {
    // The first start made the first segment, this one makes the second.
    const segment = join(data, 'media', '2.seg')
    const traced = (calls: string, injection: string) =>
      tracer(join(world.folder, 'trace'), calls, '-P', segment, '-e', injection)
    const gateway = startGateway({ ...world.start, under: traced('pwrite64,pwritev', HANG) })
    await gateway.ready
    const early = Promise.allSettled(requests().map((request) => exchange(httpPort, request)))
    await rowsOf(data)
    await gateway.kill()
    for (const { status } of await early) assert.equal(status, 'rejected', 'nobody was promised it')

    const repeats = Promise.all(requests().map((request) => insist(httpPort, request)))
    const next = startGateway({ ...world.start, under: traced('pread64', SLOW) })
    await next.ready
    const promised = await repeats
    assert.deepEqual(await next.stop(), { code: 0, signal: null }, next.said())
    const { stories, broken } = await readKeptData(data)
    assert.deepEqual(broken, [])
    assert.deepEqual(stories.map(({ message }) => message.id).sort(), [...promised].sort())
  } finally {
    await world.close()
  }
})
