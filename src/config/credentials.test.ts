import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY_DIRECTORY } from '../core/directory.ts'
import { createCredentials, findAccountByKey } from './credentials.ts'
import { hashPassword } from './secret.ts'

const LIMITS = { rememberedMax: 100, concurrency: 1, waitingMax: 2 } as const
const STORED = 'stored'
const known = { user: 'ann', passwordHash: STORED }

/** Counts and holds the dear step, so that tests need neither scrypt nor time. */
function counted(password = 'right') {
  const runs: string[] = []
  const held: (() => void)[] = []
  let hold = false
  return {
    runs,
    hold() {
      hold = true
    },
    release() {
      hold = false
      for (const go of held.splice(0)) go()
    },
    async matches(given: string, stored: string) {
      runs.push(stored)
      if (hold) await new Promise<void>((resolve) => held.push(resolve))
      return stored === STORED && given === password
    },
  }
}

test('a password is checked with scrypt for real', async () => {
  const passwordHash = await hashPassword('right')
  const credentials = createCredentials()
  const verify = (password: string) =>
    credentials.verify({ user: 'ann', passwordHash }, { user: 'ann', password })
  assert.deepEqual(await Promise.all([verify('right'), verify('wrong')]), ['match', 'mismatch'])
})

test('a credential costs one run, right or wrong, and then none', async () => {
  const step = counted()
  const credentials = createCredentials(LIMITS, step.matches)
  for (const [password, verdict] of [
    ['right', 'match'],
    ['wrong', 'mismatch'],
    ['right', 'match'],
    ['wrong', 'mismatch'],
  ] as const) {
    assert.equal(await credentials.verify(known, { user: 'ann', password }), verdict)
  }
  assert.equal(step.runs.length, 2)
})

test('a changed password makes the remembered one worthless', async () => {
  const step = counted()
  const credentials = createCredentials(LIMITS, step.matches)
  const given = { user: 'ann', password: 'right' }
  assert.equal(await credentials.verify(known, given), 'match')
  const changed = { ...known, passwordHash: 'other' }
  assert.equal(await credentials.verify(changed, given), 'mismatch')
})

test('an unknown user costs the same run as a known one', async () => {
  const step = counted()
  const credentials = createCredentials(LIMITS, step.matches)
  assert.equal(await credentials.verify(undefined, { user: 'bob', password: 'right' }), 'mismatch')
  assert.equal(await credentials.verify(known, { user: 'bob', password: 'right' }), 'mismatch')
  assert.equal(step.runs.length, 2)
  assert.match(step.runs[0] ?? '', /^scrypt\$16384\$8\$1\$/)
})

test('an unknown user with an empty name is still unknown', async () => {
  const credentials = createCredentials(LIMITS, async () => true)
  assert.equal(await credentials.verify(undefined, { user: '', password: 'x' }), 'mismatch')
})

test('the same credential in many requests at once costs one run', async () => {
  const step = counted()
  step.hold()
  const credentials = createCredentials(LIMITS, step.matches)
  const given = { user: 'ann', password: 'right' }
  const all = Array.from({ length: 50 }, () => credentials.verify(known, given))
  step.release()
  assert.ok((await Promise.all(all)).every((verdict) => verdict === 'match'))
  assert.equal(step.runs.length, 1)
})

test('a flood of guesses is told to come back instead of filling the thread pool', async () => {
  const step = counted()
  step.hold()
  const credentials = createCredentials(LIMITS, step.matches)
  const guess = (password: string) => credentials.verify(known, { user: 'ann', password })
  const taken = ['1', '2', '3'].map(guess)
  assert.equal(await guess('4'), 'busy')
  assert.equal(step.runs.length, 1)
  step.release()
  assert.deepEqual(await Promise.all(taken), ['mismatch', 'mismatch', 'mismatch'])
  assert.equal(await guess('right'), 'match')
})

test('the memory is bounded: the verdict longest unused is forgotten first', async () => {
  const step = counted()
  const credentials = createCredentials({ ...LIMITS, rememberedMax: 2 }, step.matches)
  const guess = (password: string) => credentials.verify(known, { user: 'ann', password })
  for (const password of ['a', 'b', 'a', 'c', 'a']) await guess(password)
  assert.equal(step.runs.length, 3)
  await guess('b')
  assert.equal(step.runs.length, 4)
})

test('a flood of wrong guesses does not push out what is right', async () => {
  const step = counted()
  const credentials = createCredentials({ ...LIMITS, rememberedMax: 2 }, step.matches)
  const guess = (password: string) => credentials.verify(known, { user: 'ann', password })
  for (const password of ['right', 'a', 'b', 'c', 'd']) await guess(password)
  await guess('right')
  assert.equal(step.runs.length, 5)
})

test('an endless password is refused unread', async () => {
  const step = counted()
  const credentials = createCredentials(LIMITS, step.matches)
  const password = 'x'.repeat(100_000)
  assert.equal(await credentials.verify(known, { user: 'ann', password }), 'mismatch')
  assert.equal(step.runs.length, 0)
})

test('a step that fails is not remembered and leaves its place to the next', async () => {
  let fails = true
  const credentials = createCredentials(LIMITS, async () => {
    if (fails) throw new Error('out of memory')
    return true
  })
  const given = { user: 'ann', password: 'right' }
  await assert.rejects(credentials.verify(known, given))
  fails = false
  assert.equal(await credentials.verify(known, given), 'match')
})

test('a key nobody has finds no account', () => {
  assert.equal(findAccountByKey(EMPTY_DIRECTORY, 'nobody'), undefined)
})
