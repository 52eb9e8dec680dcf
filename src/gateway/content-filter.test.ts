import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FlagValue } from '../config/given-values.ts'
import { loadConfig } from '../config/load.ts'
import type { FilterFacts } from '../engine/ports/content-filter.ts'
import { openContentFilter } from './content-filter.ts'

function openWith(flags: Readonly<Record<string, FlagValue>>) {
  const { config } = loadConfig({ env: {}, flags, folder: '/nowhere' })
  return openContentFilter({ config, env: {}, now: () => 0 })
}

const facts = (text: string): FilterFacts => ({
  accountId: 'acme',
  channel: 'sms',
  sender: '24680',
  recipients: ['15550100123'],
  text,
  parts: [],
  contentDigest: '',
  bytes: text.length,
})

test('without a word of configuration the rules of the house apply', async () => {
  const filter = await openWith({})
  assert.equal((await filter?.judge(facts('Your table is ready')))?.kind, 'clean')
  assert.equal((await filter?.judge(facts('You won! bit.ly/3x')))?.kind, 'spam')
  assert.equal((await filter?.judge(facts('Look: bit.ly/3x')))?.kind, 'spam')
})

test('each of them can be switched off, and the filter as a whole', async () => {
  const filter = await openWith({
    'filter.defaultPatterns': false,
    'filter.shortenersRefused': false,
  })
  assert.equal((await filter?.judge(facts('You won! bit.ly/3x')))?.kind, 'clean')
  assert.equal(await openWith({ 'filter.enabled': false }), undefined)
})
