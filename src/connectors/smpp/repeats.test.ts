import assert from 'node:assert/strict'
import { test } from 'node:test'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { createRepeats } from './repeats.ts'

const { ESME_ROK, ESME_RX_T_APPN } = COMMAND_STATUS
const SECOND_MS = 1000

/** A bind of a centre, as far as it is looked at. */
interface Bind {
  readonly requests: { sent: number; answered: number }
}

function open() {
  let nowMs = 0
  let kept = 0
  const repeats = createRepeats(() => nowMs)
  return {
    pass: (seconds: number) => {
      nowMs += seconds * SECOND_MS
    },
    kept: () => kept,
    bind: (): Bind => ({ requests: { sent: 0, answered: 0 } }),
    end: (bind: Bind) => repeats.closed(bind),
    /** A message comes; `answer` says when and how. */
    take(bind: Bind, text = 'yes', answer: Promise<number> = Promise.resolve(ESME_ROK)) {
      const source = { ton: 1, npi: 1, addr: '15550100123' }
      const destination = { ton: 3, npi: 0, addr: '24680' }
      const body = createDeliverSm({
        source,
        destination,
        shortMessage: Buffer.from(text),
        tlvs: {},
      })
      return repeats.take(body, bind, () => {
        kept += 1
        return answer
      })
    },
    /** We ask the centre something and it answers: it has read all before. */
    hears(bind: Bind) {
      bind.requests.sent += 1
      bind.requests.answered = bind.requests.sent
    },
  }
}

test('what comes after a bind broke with its answer unread is the same message', async () => {
  const { take, end, kept, bind } = open()
  const first = bind()
  assert.equal(await take(first), ESME_ROK)
  end(first)
  assert.equal(await take(bind()), ESME_ROK)
  assert.equal(kept(), 1)
})

test('people write yes twice: on the same bind it is another message', async () => {
  const { take, kept, bind } = open()
  const one = bind()
  await Promise.all([take(one), take(one)])
  await take(one)
  assert.equal(kept(), 3)
})

test('an answer the centre has read is not repeated, whatever breaks afterwards', async () => {
  const { take, end, hears, kept, bind } = open()
  const first = bind()
  await take(first)
  hears(first)
  end(first)
  await take(bind())
  assert.equal(kept(), 2)
})

test('a request from before the answer proves nothing', async () => {
  const { take, end, kept, bind } = open()
  const first = bind()
  first.requests.sent = 1
  await take(first)
  first.requests.answered = 1
  end(first)
  await take(bind())
  assert.equal(kept(), 1)
})

test('each message of a broken bind is repeated once, and the repeat of a repeat as well', async () => {
  const { take, end, kept, bind } = open()
  const [first, second, third] = [bind(), bind(), bind()]
  await Promise.all([take(first), take(first), take(first, 'no')])
  end(first)
  await Promise.all([take(second), take(second, 'no'), take(second)])
  end(second)
  await Promise.all([take(third), take(third), take(third, 'no')])
  assert.equal(kept(), 3)
  await take(third)
  assert.equal(kept(), 4)
})

test('one that comes while the first is still being kept on a broken bind waits for its answer', async () => {
  const { take, end, kept, bind } = open()
  const first = bind()
  let answer = (_status: number) => {}
  const slow = take(first, 'yes', new Promise((resolve) => (answer = resolve)))
  end(first)
  const again = take(bind())
  answer(ESME_ROK)
  assert.deepEqual(await Promise.all([slow, again]), [ESME_ROK, ESME_ROK])
  assert.equal(kept(), 1)
})

test('a centre that had to wait long may come again on the same bind', async () => {
  const { take, pass, kept, bind } = open()
  const one = bind()
  let answer = (_status: number) => {}
  const slow = take(one, 'yes', new Promise((resolve) => (answer = resolve)))
  pass(6)
  const impatient = take(one)
  answer(ESME_ROK)
  assert.deepEqual(await Promise.all([slow, impatient]), [ESME_ROK, ESME_ROK])
  assert.equal(kept(), 1)
})

test('what was refused is a message when it comes again', async () => {
  const { take, end, kept, bind } = open()
  const first = bind()
  assert.equal(await take(first, 'yes', Promise.resolve(ESME_RX_T_APPN)), ESME_RX_T_APPN)
  end(first)
  assert.equal(await take(bind()), ESME_ROK)
  assert.equal(kept(), 2)
})

test('after a while an equal message is a new one', async () => {
  const { take, end, pass, kept, bind } = open()
  const first = bind()
  await take(first)
  end(first)
  pass(301)
  await take(bind())
  assert.equal(kept(), 2)
})

test('one that may have been repeated over another bind already is not waited for any more', async () => {
  const { take, end, kept, bind } = open()
  const [half, other] = [bind(), bind()]
  await take(half)
  await take(other)
  end(half)
  await take(other)
  assert.equal(kept(), 3)
})
