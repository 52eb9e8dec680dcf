import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import {
  DELIVERED,
  ENVELOPE,
  MINUTE_MS,
  openWorld,
  type Play,
  type WorldOptions,
} from '../../test/support/engine-world.ts'
import { openAdapter } from '../adaptation/adapter.ts'
import { collect, contentOf } from '../adaptation/testing/contents.ts'
import { photograph, skip } from '../adaptation/testing/pictures.ts'
import { type ContentBudget, messageBytesOf } from '../core/content-budget.ts'
import type { Outcome } from '../core/outcome.ts'
import type { Attempt } from './ports/connector.ts'

const BUSY: Outcome = { kind: 'deferred', reason: 'carrier-busy' }
const BUDGET: ContentBudget = { messageBytesMax: 30_000 }
const PERMITTED = { ...ENVELOPE, adaptationAllowed: true }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** What a far end saw of one attempt, read while the attempt lasts. */
interface Seen {
  readonly attempt: Attempt
  readonly digests: readonly string[]
}

/** A far end that reads everything, and tells when it has. */
function reader(...outcomes: Outcome[]) {
  const seen: Seen[] = []
  let tell = () => {}
  const play: Play = async (attempt) => {
    const bodies = attempt.content.parts.map((part) => collect(attempt.open(part)))
    seen.push({ attempt, digests: (await Promise.all(bodies)).map(sha256) })
    setImmediate(() => tell())
    return outcomes.shift() ?? DELIVERED
  }
  /** Threads have a clock of their own: waits until so many attempts were read. */
  async function read(count: number): Promise<void> {
    while (seen.length < count) {
      await new Promise<void>((resolve) => {
        tell = resolve
      })
    }
  }
  return { seen, play, read }
}

function adapterFor(t: TestContext) {
  const adapter = openAdapter({
    workers: 1,
    memoryBytesMax: 16_000_000,
    pixelsMax: 1_000_000,
    timeoutMs: 20_000,
  })
  t.after(() => adapter.close())
  return adapter
}

async function picture() {
  const bytes = await (await photograph(500, 400, 1)).toFormat('jpeg', { quality: 90 }).toBuffer()
  return contentOf([
    { type: 'text/plain', bytes: Buffer.from('Hello'), encoding: 'binary' },
    { type: 'image/jpeg', bytes },
  ])
}

const openTo = (play: Play, budget: ContentBudget, options: Partial<WorldOptions> = {}) =>
  openWorld({ ways: { harbour: { lane: { budget }, play } }, ...options })

test('what is adapted lives for one attempt: the next begins with what was accepted', {
  skip,
}, async (t) => {
  const { seen, play, read } = reader(BUSY)
  const world = await openTo(play, BUDGET, { adapter: adapterFor(t) })
  const content = await picture()
  const id = await world.send({ envelope: PERMITTED, content })
  await read(1)
  await world.clock.advance(MINUTE_MS)
  await read(2)
  await world.clock.drain()
  const [first, second] = seen
  assert.deepEqual(first?.digests, second?.digests)
  for (const { attempt } of seen) {
    assert.ok(messageBytesOf(attempt.content.parts) <= 30_000)
    assert.notDeepEqual(attempt.content.parts[1], content.parts[1])
    assert.deepEqual(attempt.content.parts[0], content.parts[0])
  }
  const { message, events } = await world.story(id)
  assert.deepEqual(message.content.parts, content.parts)
  const kept = await collect(world.media.read(message.content, 0, content.length))
  assert.equal(sha256(kept), sha256(content.inline))
  assert.deepEqual(await world.history(id), [
    'accepted',
    'adapted',
    'attempted',
    'adapted',
    'attempted',
    'client-told',
  ])
  const notes = events.flatMap((event) => (event.type === 'adapted' ? event.notes : []))
  assert.match(
    notes[0] ?? '',
    /^image\/jpeg: image\/jpeg \d+ bytes 500×400 → image\/jpeg \d+ bytes/,
  )
})

test('a content that fits goes out as it came, and history says nothing of it', {
  skip,
}, async (t) => {
  const { seen, play, read } = reader()
  const world = await openTo(play, { messageBytesMax: 5_000_000 }, { adapter: adapterFor(t) })
  const content = await picture()
  const id = await world.send({ envelope: PERMITTED, content })
  await read(1)
  await world.clock.drain()
  assert.equal(seen[0]?.attempt.content.parts, (await world.story(id)).message.content.parts)
  assert.deepEqual(await world.history(id), ['accepted', 'attempted', 'client-told'])
})

test('what may not or cannot be adapted is refused before anybody is called', {
  skip,
}, async (t) => {
  const content = await picture()
  const adapter = adapterFor(t)
  // biome-ignore format: a table
  const cases: readonly (readonly [Partial<WorldOptions>, boolean, ContentBudget, string, RegExp])[] = [
    [{ adapter }, false, BUDGET,                           'too-large-for-carrier', /adaptation-forbidden/],
    [{},          true,  BUDGET,                           'too-large-for-carrier', /adapter-unavailable/],
    [{},          true,  { mediaTypes: ['image/gif'] },    'content-refused',       /adapter-unavailable/],
    [{ adapter }, true,  { mediaTypes: ['video/*'] },      'content-refused',       /type-not-taken: image\/jpeg/],
    [{ adapter }, true,  { messageBytesMax: 2100 },        'too-large-for-carrier', /too-large/],
    [{ adapter }, false, { imageWidthMax: 100 },           'content-refused',       /adaptation-forbidden/],
  ]
  for (const [options, adaptationAllowed, budget, reason, raw] of cases) {
    const { seen, play } = reader()
    let ended = () => {}
    const end = new Promise<void>((resolve) => {
      ended = resolve
    })
    const hears = () => {
      ended()
      return DELIVERED
    }
    const world = await openTo(play, budget, { ...options, hears })
    const id = await world.send({ envelope: { ...ENVELOPE, adaptationAllowed }, content })
    await end
    await world.clock.drain()
    const delivery = await world.delivery(id)
    assert.deepEqual([delivery.state, delivery.reason], ['failed', reason], String(raw))
    const { events } = await world.story(id)
    assert.match(JSON.stringify(events), raw)
    assert.equal(seen.length, 0)
  }
})

test('an adapter that runs out of time costs an attempt, never the message', async () => {
  const late = {
    fit: () =>
      Promise.resolve({
        kind: 'cannot',
        because: 'not-in-time',
        excess: 'bytes',
        raw: '',
      } as const),
    close: () => Promise.resolve(),
  }
  const { play, seen } = reader()
  const world = await openTo(play, BUDGET, { adapter: late })
  const id = await world.send({ envelope: PERMITTED })
  await world.clock.drain()
  assert.deepEqual([(await world.delivery(id)).state, seen.length], ['deferred', 0])
})
