import assert from 'node:assert/strict'
import { test } from 'node:test'
import { late } from './late.ts'

test('it is made once, for everybody who asks', async () => {
  let count = 0
  const thing = late(async () => {
    count += 1
    return count
  })
  assert.equal(await thing.made(), undefined)
  assert.equal(count, 0)
  assert.deepEqual(await Promise.all([thing.get(), thing.get()]), [1, 1])
  assert.equal(await thing.made(), 1)
})

test('what could not be made is tried again by the next to ask, and is no hindrance to an end', async () => {
  let broken = true
  const thing = late(async () => {
    if (broken) throw new Error('no threads left')
    return 'there'
  })
  const asked = thing.get()
  const made = thing.made()
  await assert.rejects(asked, /no threads left/)
  assert.equal(await made, undefined)
  assert.equal(await thing.made(), undefined)
  broken = false
  assert.equal(await thing.get(), 'there')
})

test('what fails at once is tried again as well', async () => {
  let tries = 0
  const thing = late((): Promise<number> => {
    tries += 1
    if (tries === 1) throw new Error('at once')
    return Promise.resolve(tries)
  })
  await assert.rejects(thing.get(), /at once/)
  assert.equal(await thing.get(), 2)
})
