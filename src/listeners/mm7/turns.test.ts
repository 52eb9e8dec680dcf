import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns } from './turns.ts'

/** A clock that work moves, and turns that come when they are called. */
function openLoop() {
  let nowMs = 0
  let next: (() => void)[] = []
  const done: string[] = []
  const turns = createTurns({ now: () => nowMs, nextTurn: (callback) => void next.push(callback) })
  return {
    done,
    work(name: string, costMs: number) {
      turns(() => {
        nowMs += costMs
        done.push(name)
      })
    },
    turn() {
      const callbacks = next
      next = []
      for (const callback of callbacks) callback()
      return callbacks.length
    },
  }
}

test('what comes alone is done at once', () => {
  const loop = openLoop()
  loop.work('a', 50)
  assert.deepEqual(loop.done, ['a'])
  loop.turn()
  loop.work('b', 50)
  assert.deepEqual(loop.done, ['a', 'b'])
})

test('a burst is worked off a few milliseconds a turn, in its order', () => {
  const loop = openLoop()
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) loop.work(name, 1)
  assert.deepEqual(loop.done, ['a', 'b'])
  loop.turn()
  assert.deepEqual(loop.done, ['a', 'b', 'c', 'd'])
  loop.work('h', 1)
  loop.turn()
  loop.turn()
  assert.deepEqual(loop.done, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
})

test('what is slower than a turn still gets one of its own', () => {
  const loop = openLoop()
  for (const name of ['a', 'b', 'c']) loop.work(name, 10)
  assert.deepEqual(loop.done, ['a'])
  loop.turn()
  assert.deepEqual(loop.done, ['a', 'b'])
  loop.turn()
  assert.deepEqual(loop.done, ['a', 'b', 'c'])
})

test('no turn is asked for when nothing waits', () => {
  const loop = openLoop()
  loop.work('a', 1)
  assert.equal(loop.turn(), 1)
  assert.equal(loop.turn(), 0)
})
