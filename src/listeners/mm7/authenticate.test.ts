import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainGuesses } from '../../../test/support/guesses.ts'
import { hashKey } from '../../config/secret.ts'
import type { RequestFacts } from '../../core/checks/check.ts'
import { firstObjection } from '../../core/checks/index.ts'
import { indexDirectory } from '../../core/directory.ts'
import { SPOKEN } from '../../dialects/spoken.ts'
import { mm4Carrier } from '../../simulator/carriers.ts'
import { worldOf } from '../../simulator/world.ts'
import { createCallRates } from '../call-rates.ts'
import { identify } from './authenticate.ts'
import { type ClientChecks, isMm7Dialect } from './door.ts'

const world = worldOf([mm4Carrier({ host: '127.0.0.1', port: 1 })])
const directory = indexDirectory(world)
const LOGIN = `Basic ${Buffer.from('demo:demo').toString('base64')}`
/** The account of the simulated world that demands a password. */
const GUARDED = 'sinch-2568'

const CLOCK = { now: () => 0, wakeAt: () => ({ cancel: () => undefined }) }

async function ask(
  vaspId: string,
  verdict: 'match' | 'mismatch' | 'busy',
  authorization?: string,
  guesses = plainGuesses(CLOCK),
) {
  const asked: unknown[] = []
  const checks: ClientChecks = {
    hashKey,
    addressIn: () => true,
    async verify(expected) {
      asked.push(expected)
      return verdict
    },
  }
  const dialect = SPOKEN.filter(isMm7Dialect).find(({ name }) => name === 'sinch')
  assert.ok(dialect !== undefined)
  const request = { vaspId, recipients: [] } as unknown as RequestFacts
  const { facts } = await identify(
    request,
    { peerAddress: '127.0.0.1', tls: undefined, authorization },
    directory,
    {
      door: 'mm7/sinch',
      dialect,
      checks,
      rates: createCallRates(CLOCK),
      guesses,
      knows: async () => false,
    },
  )
  return { asked, objection: firstObjection(['vaspid', 'credentials'], request, facts) }
}

// biome-ignore format: a table
const cases = [
  ['the right password',               GUARDED,  'match',    LOGIN,     undefined],
  ['a wrong password',                 GUARDED,  'mismatch', LOGIN,     'credentials-invalid'],
  ['no password where one is wanted',  GUARDED,  'match',    undefined, 'credentials-invalid'],
  ['a password nobody has time for',   GUARDED,  'busy',     LOGIN,     'overloaded'],
  ['a key of nobody',                  'nobody', 'match',    LOGIN,     'vaspid-unknown'],
] as const
for (const [what, vaspId, verdict, authorization, reason] of cases) {
  test(`${what} is ${reason ?? 'let in'}`, async () => {
    const { objection } = await ask(vaspId, verdict, authorization)
    assert.equal(objection?.reason, reason)
  })
}

test('a password beside a key of nobody is judged no less than another', async () => {
  const { asked } = await ask('nobody', 'mismatch', LOGIN)
  assert.deepEqual(asked, [undefined])
})

test('where too many keys were wrong, a right one is answered like them and no password is hashed', async () => {
  const guesses = plainGuesses(CLOCK, { failedLoginsPerMinute: 2 })
  for (const _ of [1, 2]) await ask('nobody', 'mismatch', LOGIN, guesses)
  const { asked, objection } = await ask(GUARDED, 'match', LOGIN, guesses)
  assert.deepEqual(asked, [])
  assert.equal(objection?.reason, 'vaspid-unknown')
})
