import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type TestContext, test } from 'node:test'
import type { FilterFacts } from '../engine/ports/content-filter.ts'
import { createFilterChain } from './chain.ts'
import { openHttpFilter } from './http.ts'
import { createRuleFilter } from './rules.ts'

const FACTS: FilterFacts = {
  accountId: 'acme',
  channel: 'mms',
  sender: '24680',
  recipients: ['15550100123'],
  subject: 'Hi',
  text: 'Your table is ready',
  parts: [{ type: 'image/png', digest: 'ab' }],
  contentDigest: 'cd',
  bytes: 20,
}

/** A policy service that answers each question with the next of these, the last one for ever. */
async function openService(t: TestContext, ...answers: readonly (readonly [number, string])[]) {
  const asked: unknown[] = []
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const [status, body] = answers[Math.min(asked.length, answers.length - 1)] ?? [200, '']
      asked.push(JSON.parse(Buffer.concat(pieces).toString('utf8')))
      // Status 0 stands for silence.
      if (status !== 0) response.writeHead(status).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/judge`, asked }
}

const CLEAN = [200, '{"verdict":"clean"}'] as const
const SPAM = [200, '{"verdict":"spam","rule":"known campaign"}'] as const
const DOWN = [503, 'busy'] as const

function openFilter(t: TestContext, urls: readonly string[], now: () => number = () => 0) {
  const limits = { timeoutMs: 200, connections: 2, failuresMax: 2, pauseMs: 1000 }
  const filter = openHttpFilter({ urls, ...limits, now })
  t.after(() => filter.close())
  return filter
}

test('the question says everything a service may know, under its documented names', async (t) => {
  const service = await openService(t, CLEAN)
  assert.deepEqual(await openFilter(t, [service.url]).judge(FACTS), { kind: 'clean' })
  assert.deepEqual(service.asked, [
    {
      account: 'acme',
      channel: 'mms',
      sender: '24680',
      recipients: ['15550100123'],
      subject: 'Hi',
      text: 'Your table is ready',
      parts: [{ type: 'image/png', sha256: 'ab' }],
      contentSha256: 'cd',
      bytes: 20,
    },
  ])
})

// biome-ignore format: a table
const answers: readonly (readonly [string, readonly [number, string], RegExp])[] = [
  ['a refusal with its rule', SPAM, /^spam known campaign$/],
  ['a refusal without one', [200, '{"verdict":"spam"}'], /^spam The policy service says so\.$/],
  ['a status of its own', DOWN, /^unavailable .*HTTP 503/],
  ['no JSON', [200, '<html>'], /^unavailable .*not JSON/],
  ['no verdict', [200, '{"verdict":"maybe"}'], /^unavailable .*no verdict/],
  ['nothing', [200, 'null'], /^unavailable .*not JSON/],
  ['silence', [0, ''], /^unavailable /],
]

for (const [what, answer, expected] of answers) {
  test(`${what} is read as ${expected.source}`, async (t) => {
    const service = await openService(t, answer)
    const verdict = await openFilter(t, [service.url]).judge(FACTS)
    const words =
      verdict.kind === 'spam' ? verdict.rule : 'because' in verdict ? verdict.because : ''
    assert.match(`${verdict.kind} ${words}`, expected)
  })
}

test('the next address answers for one that is down, which is left alone for a while', async (t) => {
  let now = 0
  const first = await openService(t, DOWN, DOWN, CLEAN)
  const second = await openService(t, SPAM)
  const filter = openFilter(t, [first.url, second.url], () => now)
  for (let n = 0; n < 4; n += 1) assert.equal((await filter.judge(FACTS)).kind, 'spam')
  assert.equal(first.asked.length, 2)
  now += 1000
  assert.equal((await filter.judge(FACTS)).kind, 'clean')
  assert.equal(first.asked.length, 3)
})

test('with every address down it could not be asked, and then it is not waited for', async (t) => {
  const filter = openFilter(t, ['http://127.0.0.1:1/judge', 'http://127.0.0.1:1/other'])
  for (let n = 0; n < 3; n += 1) {
    const verdict = await filter.judge(FACTS)
    assert.equal(verdict.kind, 'unavailable')
  }
})

test('rules still find spam while the service is down, and nothing else is called clean', async (t) => {
  const down = openFilter(t, ['http://127.0.0.1:1/judge'])
  const rules = createRuleFilter(
    {
      patterns: [{ name: 'prize', pattern: 'you won' }],
      linkHosts: [],
      shortenersRefused: false,
      digests: [],
      repeatsMax: 0,
      repeatsWindowMs: 1000,
      perMinuteMax: 0,
    },
    () => 0,
  )
  const chain = createFilterChain([down, rules])
  assert.equal((await chain.judge({ ...FACTS, text: 'You won' })).kind, 'spam')
  assert.equal((await chain.judge(FACTS)).kind, 'unavailable')
})
