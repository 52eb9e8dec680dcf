import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openDatabase } from './driver.ts'
import { openRequests } from './requests.ts'
import { migrate } from './schema.ts'

const GENERATION_ROWS = 5

type Step =
  | { readonly do: 'remember' | 'drop'; readonly digest: string }
  | { readonly do: 'commit' | 'roll back' | 'reopen' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('remember' as const, 'remember' as const, 'drop' as const),
      digest: fc.string({ minLength: 2, maxLength: 2, unit: fc.constantFrom('a', 'B', '-', '9') }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('commit' as const, 'roll back' as const, 'reopen' as const),
    }),
  },
)

test('requests find their latest message through generations, roll-backs and restarts', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 200 }), (steps) => {
      const db = openDatabase(':memory:')
      migrate(db)
      let requests = openRequests(db, GENERATION_ROWS)
      let model = new Map<string, number>()
      let kept = new Map<string, number>()
      let message = 0
      db.exec('BEGIN')
      for (const step of steps) {
        switch (step.do) {
          case 'remember':
            message += 1
            if (model.has(step.digest)) requests.drop(step.digest, model.get(step.digest) ?? 0)
            requests.remember(step.digest, message)
            model.set(step.digest, message)
            break
          case 'drop': {
            const known = model.get(step.digest)
            requests.drop(step.digest, known ?? 1)
            requests.drop(step.digest, message + 1)
            model.delete(step.digest)
            break
          }
          case 'roll back':
            db.exec('ROLLBACK; BEGIN')
            requests.forget()
            model = new Map(kept)
            break
          default:
            requests.write()
            db.exec('COMMIT; BEGIN')
            requests.keep()
            kept = new Map(model)
            if (step.do === 'reopen') requests = openRequests(db, GENERATION_ROWS)
        }
        for (const digest of ['aa', 'aB', '--', '9a', ...model.keys()]) {
          assert.equal(requests.find(digest), model.get(digest), digest)
        }
      }
      db.close()
    }),
    { numRuns: 100 },
  )
})

test('a full generation moves to the large table and leaves the small one', () => {
  const db = openDatabase(':memory:')
  migrate(db)
  const requests = openRequests(db, 4)
  for (let message = 1; message <= 40; message += 1) {
    requests.remember(`${String.fromCharCode(97 + (message % 7))}${message}`, message)
    requests.write()
    requests.keep()
  }
  const rows = (table: string) =>
    Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.count)
  assert.ok(rows('request') >= 24, `${rows('request')} have moved`)
  assert.ok(rows('request_fresh') <= 16, `${rows('request_fresh')} are left`)
  for (let message = 1; message <= 40; message += 1) {
    const digest = `${String.fromCharCode(97 + (message % 7))}${message}`
    assert.equal(requests.find(digest), message)
  }
})
