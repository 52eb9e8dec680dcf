import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createPlain, createResponse } from '../../codecs/smpp/create-body.ts'
import { type Ending, RequestWindow } from './request-window.ts'

interface Sent {
  readonly sequenceNumber: number
  readonly endings: Ending[]
}

function send(window: RequestWindow, since = 0): Sent {
  const endings: Ending[] = []
  const sequenceNumber = window.nextSequence()
  const bytes = Buffer.alloc(0)
  const end = (ending: Ending) => void endings.push(ending)
  window.add({ command: 'submit_sm', sequenceNumber, bytes, counted: true, since, end })
  return { sequenceNumber, endings }
}

test('numbers begin at 1', () => {
  const window = new RequestWindow(2, 0)
  assert.equal(window.nextSequence(), 1)
  assert.equal(window.nextSequence(), 2)
})

test('only what is old enough expires, and only once', () => {
  const window = new RequestWindow(9, 0)
  const [old, young] = [send(window, 100), send(window, 200)]
  window.expire(100)
  window.expire(100)
  assert.deepEqual(
    [old, young].map(({ endings }) => endings.length),
    [1, 0],
  )
  assert.equal(window.answer(old.sequenceNumber, 0, createResponse('submit_sm')), false)
})

test('the place of the latest request answered tells what the peer has read', () => {
  const window = new RequestWindow(9, 0)
  const [first, second, third] = [send(window), send(window), send(window)]
  assert.deepEqual([window.places, window.answeredPlace], [3, 0])
  window.answer(second.sequenceNumber, 0, createResponse('submit_sm'))
  window.answer(first.sequenceNumber, 0, createResponse('submit_sm'))
  assert.deepEqual([window.places, window.answeredPlace], [3, 2])
  window.failAll('closed')
  assert.equal(window.answeredPlace, 2, 'what was given up was not answered')
  assert.equal(third.endings[0]?.kind, 'unanswered')
})

test('every request ends exactly once, whatever comes in whatever order', () => {
  const step = fc.oneof(
    fc.constant({ kind: 'send' as const }),
    fc.record({ kind: fc.constant('answer' as const), to: fc.nat(30), nack: fc.boolean() }),
    fc.record({ kind: fc.constant('expire' as const), before: fc.nat(30) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const window = new RequestWindow(1000, 0)
      const sent: Sent[] = []
      for (const [now, each] of steps.entries()) {
        if (each.kind === 'send') sent.push(send(window, now))
        else if (each.kind === 'expire') window.expire(Math.min(now, each.before))
        else {
          const response = each.nack ? createPlain('generic_nack') : createResponse('submit_sm')
          window.answer(each.to, 0, response)
        }
        const open = sent.filter(({ endings }) => endings.length === 0)
        assert.equal(window.outstanding, open.length)
      }
      window.failAll('over')
      assert.ok(sent.every(({ endings }) => endings.length === 1))
      assert.equal(window.outstanding, 0)
    }),
  )
})
