import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { openPicturePool, type PicturePoolOptions } from './picture-pool.ts'

const NEVER = new AbortController().signal

/**
 * A picture library with the faults of a hostile picture, told by the first byte: 1 spins for ever,
 * 2 ends the thread, 3 fills its heap, 4 never answers; anything else comes back as it is.
 */
const FAULTY = `data:text/javascript,${encodeURIComponent(`
  function library(bytes) {
    if (bytes[0] === 1) for (;;);
    if (bytes[0] === 2) process.exit(7);
    if (bytes[0] === 3) for (const all = []; ; ) all.push(Array(100000).fill(all.length));
    const picture = { metadata: async () => ({ width: 20, height: 20 }) };
    for (const step of ['autoOrient', 'resize', 'flatten', 'timeout', 'toFormat'])
      picture[step] = () => picture;
    picture.toBuffer = () => bytes[0] === 4 ? new Promise(() => {}) : Promise.resolve(bytes);
    return picture;
  }
  for (const name of ['cache', 'concurrency', 'block', 'unblock']) library[name] = () => {};
  export { library as default };
`)}`

function openPool(t: TestContext, options: Partial<PicturePoolOptions> = {}) {
  const pool = openPicturePool({
    workers: 1,
    heapBytesMax: 16 * 1024 * 1024,
    timeoutMs: 2000,
    library: FAULTY,
    ...options,
  })
  t.after(() => pool.close())
  const run = (first: number, signal = NEVER) =>
    pool.run(
      { bytes: Uint8Array.of(first, 0), into: ['jpeg'], bytesMax: 9, frame: {}, pixelsMax: 1000 },
      signal,
    )
  return { pool, run }
}

const word = (answer: Awaited<ReturnType<ReturnType<typeof openPool>['run']>>) =>
  answer.kind === 'made' ? 'made' : answer.because

test('a picture that hangs, ends or fills its thread costs itself, and the next one is made', async (t) => {
  const { run } = openPool(t)
  for (const [first, expected] of [
    [1, 'not-in-time'],
    [4, 'not-in-time'],
    [2, 'unreadable'],
    [3, 'unreadable'],
  ] as const) {
    const [answer, next] = await Promise.all([run(first), run(0)])
    assert.deepEqual([word(answer), word(next)], [expected, 'made'], String(first))
  }
})

test('pictures wait for a thread in their order, and may give up waiting', async (t) => {
  const { run } = openPool(t)
  const order: number[] = []
  const abort = new AbortController()
  const jobs = [0, 5, 6].map((first) => run(first).then(() => order.push(first)))
  const impatient = run(7, abort.signal)
  abort.abort()
  assert.equal(word(await impatient), 'not-in-time')
  await Promise.all(jobs)
  assert.deepEqual(order, [0, 5, 6])
})

test('closing answers everybody and waits for the threads', async (t) => {
  const { pool, run } = openPool(t, { timeoutMs: 60_000 })
  const running = run(4)
  const waiting = run(0)
  await pool.close()
  assert.deepEqual((await Promise.all([running, waiting, run(0)])).map(word), [
    'not-in-time',
    'not-in-time',
    'not-in-time',
  ])
})

test('a library that is not there is an answer', async (t) => {
  const { run } = openPool(t, { library: 'no-such-picture-library' })
  assert.equal(word(await run(0)), 'adapter-unavailable')
})
