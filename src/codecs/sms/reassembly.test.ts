import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeText } from './alphabet.ts'
import {
  type ArrivingPart,
  isComplete,
  isExpired,
  joinParts,
  missingParts,
  type Reassembly,
  stepReassembly,
} from './reassembly.ts'
import { splitText } from './segmentation.ts'

const START_MS = 1_000_000
const limits = { waitMsMax: 300_000, octetsMax: 1000 }

function part(sequence: number, total: number, text: string, dataCoding = 0): ArrivingPart {
  return { sequence, total, dataCoding, body: Buffer.from(text) }
}

function offer(state: Reassembly | undefined, arriving: ArrivingPart, atMs = START_MS) {
  return stepReassembly(state, arriving, atMs, limits)
}

/** The state after parts that are all kept. */
function kept(...parts: readonly ArrivingPart[]): Reassembly {
  let state: Reassembly | undefined
  for (const each of parts) {
    const step = offer(state, each)
    assert.ok(step.kind === 'waiting' || step.kind === 'complete')
    // The state is what a store would give back.
    state = JSON.parse(JSON.stringify(step.state)) as Reassembly
  }
  assert.ok(state !== undefined)
  return state
}

test('parts in any order are a message once the last one came', () => {
  const waiting = kept(part(3, 3, 'c'), part(1, 3, 'a'))
  assert.deepEqual(missingParts(waiting), [2])
  const step = offer(waiting, part(2, 3, 'b'))
  assert.equal(step.kind, 'complete')
  if (step.kind !== 'complete') return
  assert.equal(Buffer.from(joinParts(step.parts)).toString(), 'abc')
  assert.ok(isComplete(step.state))
})

test('a message of one part is complete at once', () => {
  assert.equal(offer(undefined, part(1, 1, 'a')).kind, 'complete')
})

const waiting = () => kept(part(1, 3, 'a'), part(2, 3, 'b'))
const complete = () => kept(part(1, 2, 'a'), part(2, 2, 'b'))

test('a part that came before is acknowledged silently, before and after the end', () => {
  assert.deepEqual(offer(waiting(), part(1, 3, 'a')), { kind: 'duplicate' })
  assert.deepEqual(offer(complete(), part(1, 2, 'a')), { kind: 'duplicate' })
})

test('a newcomer that contradicts is refused, and the set stays', () => {
  assert.deepEqual(offer(waiting(), part(3, 4, 'c')), { kind: 'conflict', because: 'total' })
  assert.deepEqual(offer(waiting(), part(1, 4, 'a')), { kind: 'conflict', because: 'total' })
  assert.deepEqual(offer(waiting(), part(1, 3, 'x')), { kind: 'conflict', because: 'content' })
  assert.deepEqual(offer(waiting(), part(1, 3, 'a', 8)), { kind: 'conflict', because: 'content' })
})

test('a reference that came round begins a new set where the old one is complete', () => {
  const step = offer(complete(), part(1, 2, 'x'), START_MS + 5)
  assert.equal(step.kind, 'waiting')
  if (step.kind !== 'waiting') return
  assert.equal(step.state.startedAtMs, START_MS + 5)
  assert.deepEqual(missingParts(step.state), [2])
})

test('time runs from the first part, and what comes later begins anew', () => {
  const state = waiting()
  const lastMs = START_MS + limits.waitMsMax - 1
  assert.equal(offer(state, part(3, 3, 'c'), lastMs).kind, 'complete')
  assert.equal(isExpired(state, lastMs, limits), false)
  assert.deepEqual(offer(state, part(3, 3, 'c'), lastMs + 1), { kind: 'expired', state })
  assert.equal(isExpired(state, lastMs + 1, limits), true)
})

test('what cannot be a part, or is too much, is refused', () => {
  const bad: readonly (readonly [sequence: number, total: number])[] = [
    [0, 2],
    [3, 2],
    [1, 0],
    [1, 256],
    [1.5, 2],
    [Number.NaN, 2],
  ]
  for (const [sequence, total] of bad) {
    const step = offer(undefined, part(sequence, total, 'a'))
    assert.deepEqual(step, { kind: 'refused', because: 'sequence' })
  }
  const step = offer(kept(part(1, 2, 'a'.repeat(600))), part(2, 2, 'b'.repeat(401)))
  assert.deepEqual(step, { kind: 'refused', because: 'too-large' })
})

test('a character cut in two by a careless sender is whole again when joined', () => {
  const euro = [Uint8Array.of(0x41, 0x1b), Uint8Array.of(0x65)]
  let state: Reassembly | undefined
  for (const [index, body] of euro.entries()) {
    const step = offer(state, { sequence: index + 1, total: 2, dataCoding: 0, body })
    if (step.kind === 'waiting') state = step.state
    else if (step.kind === 'complete') {
      assert.deepEqual(decodeText('gsm7', joinParts(step.parts)), { kind: 'text', text: 'A€' })
      return
    }
  }
  assert.fail('never complete')
})

test('a text cut and sent in any order, with repeats, comes back', () => {
  const texts = fc.string({ unit: 'grapheme', minLength: 71, maxLength: 500 })
  fc.assert(
    fc.property(texts, fc.infiniteStream(fc.nat()), (text, chance) => {
      const split = splitText(text, 9)
      if (split.kind !== 'parts') return
      const total = split.parts.length
      let state: Reassembly | undefined
      let whole: Uint8Array | undefined
      // Every part once in a chosen order, with chosen repeats in between.
      const order = split.parts.map((_, index) => index)
      const queue = order.sort(() => ((chance.next().value ?? 0) % 2 === 0 ? -1 : 1))
      for (const index of queue.flatMap((each) => [each, (chance.next().value ?? 0) % total])) {
        const body = split.parts[index]?.body ?? new Uint8Array(0)
        const arriving = { sequence: index + 1, total, dataCoding: 0, body }
        const step = stepReassembly(state, arriving, START_MS)
        assert.ok(['waiting', 'complete', 'duplicate'].includes(step.kind))
        if (step.kind === 'waiting' || step.kind === 'complete') state = step.state
        if (step.kind !== 'complete') continue
        assert.equal(whole, undefined, 'complete once')
        whole = joinParts(step.parts)
      }
      assert.deepEqual(decodeText(split.measure.alphabet, whole ?? new Uint8Array(0)), {
        kind: 'text',
        text,
      })
    }),
  )
})
