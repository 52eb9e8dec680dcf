import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { Pool } from 'undici'
import { post } from './post.ts'

const REQUEST = { method: 'POST', path: '/', body: 'ding' } as const
const ANSWER_BYTES_MAX = 1000

async function poolTo(t: TestContext, listener: RequestListener): Promise<Pool> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 })
  t.after(async () => {
    await pool.destroy()
    server.closeAllConnections()
    server.close()
  })
  return pool
}

test('an answer is heard to its end, and only so much of it is kept', async (t) => {
  const pool = await poolTo(t, (_request, response) => {
    response.writeHead(202)
    response.write('a'.repeat(900), () => setImmediate(() => response.end('b'.repeat(900))))
  })
  const { signal } = new AbortController()
  const { status, body } = await post(pool, REQUEST, ANSWER_BYTES_MAX, signal)
  assert.equal(status, 202)
  assert.ok(body.length <= ANSWER_BYTES_MAX)
  assert.match(body.toString(), /^a*$/)
})

test('an answer that breaks off is none', async (t) => {
  const pool = await poolTo(t, (_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 })
    response.write('half', () => response.destroy())
  })
  const { signal } = new AbortController()
  await assert.rejects(post(pool, REQUEST, ANSWER_BYTES_MAX, signal))
})

test('a signal ends the call at once, on the wire and in the queue', async (t) => {
  let requests = 0
  const cut = new AbortController()
  const pool = await poolTo(t, () => {
    requests += 1
    cut.abort()
  })
  const running = post(pool, REQUEST, ANSWER_BYTES_MAX, cut.signal)
  const queued = post(pool, REQUEST, ANSWER_BYTES_MAX, cut.signal)
  await assert.rejects(running, { name: 'AbortError' })
  await assert.rejects(queued, { name: 'AbortError' })
  await assert.rejects(post(pool, REQUEST, ANSWER_BYTES_MAX, cut.signal), { name: 'AbortError' })
  assert.equal(requests, 1)
})
