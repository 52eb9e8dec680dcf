import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { CarrierFound, CarrierLookup } from '../engine/ports/carrier-lookup.ts'
import {
  answer,
  closedPort,
  openRawHttp,
  type Script,
} from '../transports/http/testing/raw-http.ts'
import { createLookupChain } from './chain.ts'
import { type HttpLookupOptions, openHttpLookup } from './http.ts'

interface Service {
  readonly lookup: CarrierLookup
  readonly asked: () => readonly string[]
  time: number
}

async function open(
  t: TestContext,
  script: Script,
  options: Partial<HttpLookupOptions> = {},
): Promise<Service> {
  const peer = await openRawHttp(script)
  const service = { time: 1_000_000 }
  const lookup = openHttpLookup({
    url: `http://127.0.0.1:${peer.port}/v1/numbers/{number}?fields=carrier`,
    carrier: '{data.carrier}',
    timeoutMs: 2000,
    now: () => opened.time,
    ...options,
  })
  t.after(async () => {
    await lookup.close()
    await peer.close()
  })
  const asked = () => peer.heard.map(({ head }) => /^GET (\S+)/.exec(head)?.[1] ?? '')
  const opened: Service = Object.assign(service, { lookup, asked })
  return opened
}

const NUMBER = '15550100123'
const carrier = (name: unknown, status = 200) =>
  answer(status, JSON.stringify({ data: { carrier: name } }))
const words = (found: CarrierFound) => (found.kind === 'carrier' ? found.carrier : found.kind)

test('a number is asked for, and the carrier found in the answer', async (t) => {
  const { lookup, asked } = await open(t, () => carrier('att'), {
    headers: { authorization: 'Bearer key' },
  })
  assert.deepEqual(await lookup.find(NUMBER), { kind: 'carrier', carrier: 'att' })
  assert.deepEqual(asked(), [`/v1/numbers/${NUMBER}?fields=carrier`])
})

test('our names stand for the service’s', async (t) => {
  const { lookup } = await open(t, () => carrier('AT&T Mobility'), {
    names: { 'AT&T Mobility': '31002' },
  })
  assert.equal(words(await lookup.find(NUMBER)), '31002')
})

// biome-ignore format: a table
const answers: readonly (readonly [string, string, string])[] = [
  ['a carrier',                     carrier('att'),                                  'att'],
  ['a number for a name',           carrier(31002),                                  '31002'],
  ['404',                           answer(404, 'no such number'),                   'unknown'],
  ['no carrier',                    carrier(null),                                   'unknown'],
  ['an empty carrier',              carrier(''),                                     'unknown'],
  ['its word for nobody',           carrier('UNKNOWN'),                              'unknown'],
  ['another shape',                 answer(200, '[]'),                               'unknown'],
  ['a carrier that is an object',   carrier({ id: 1 }),                              'unavailable'],
  ['no JSON',                       answer(200, '<html/>'),                          'unavailable'],
  ['nothing',                       answer(200, ''),                                 'unavailable'],
  ['500',                           answer(500, '{}'),                               'unavailable'],
  ['429',                           answer(429, '{}'),                               'unavailable'],
  ['401',                           answer(401, '{}'),                               'unavailable'],
  ['a redirect',                    answer(302, '', 'Location: /other\r\n'),         'unavailable'],
  ['too much',                      answer(200, `"${'x'.repeat(100_000)}"`),         'unavailable'],
  ['something that is not HTTP',    'hello\r\n',                                     'unavailable'],
]
for (const [what, said, expected] of answers) {
  test(`a service that answers ${what} means ${expected}`, async (t) => {
    const { lookup } = await open(t, () => said, { unknownValues: ['UNKNOWN'] })
    const found = await lookup.find(NUMBER)
    assert.equal(words(found), expected)
    if (found.kind === 'unavailable') assert.notEqual(found.because, '')
  })
}

test('a service that is silent, hangs up or is not there is unavailable', async (t) => {
  const silent = await open(t, () => undefined, { timeoutMs: 40 })
  assert.equal((await silent.lookup.find(NUMBER)).kind, 'unavailable')
  const rude = await open(t, ({ socket }) => {
    socket.destroy()
    return undefined
  })
  assert.equal((await rude.lookup.find(NUMBER)).kind, 'unavailable')
  const port = await closedPort()
  const gone = await open(t, () => undefined, { url: `http://127.0.0.1:${port}/{number}` })
  const found = await gone.lookup.find(NUMBER)
  assert.match(found.kind === 'unavailable' ? found.because : '', /ECONNREFUSED/)
})

test('what is no number is not asked for', async (t) => {
  const { lookup, asked } = await open(t, () => carrier('att'))
  for (const number of ['', '12345', '+15550100123', '../admin', '15550100123?x=1', '0155501001']) {
    assert.equal((await lookup.find(number)).kind, 'unknown', number)
  }
  assert.deepEqual(asked(), [])
})

test('an answer is kept for its time, an unknown for a shorter one, a failure never', async (t) => {
  let say = carrier('att')
  const service = await open(t, () => say, { keepMs: 1000, keepUnknownMs: 100 })
  const { lookup, asked } = service
  await lookup.find(NUMBER)
  await lookup.find(NUMBER)
  service.time += 999
  assert.equal(words(await lookup.find(NUMBER)), 'att')
  assert.equal(asked().length, 1)
  service.time += 1
  say = answer(404, '')
  assert.equal(words(await lookup.find(NUMBER)), 'unknown')
  service.time += 99
  assert.equal(words(await lookup.find(NUMBER)), 'unknown')
  assert.equal(asked().length, 2)
  service.time += 1
  say = answer(500, '')
  await lookup.find(NUMBER)
  say = carrier('verizon')
  assert.equal(words(await lookup.find(NUMBER)), 'verizon')
  assert.equal(asked().length, 4)
})

test('no more answers are kept than allowed', async (t) => {
  const { lookup, asked } = await open(t, () => carrier('att'), { keptMax: 2 })
  for (const last of ['1', '2', '3', '1']) await lookup.find(`1555010012${last}`)
  assert.equal(asked().length, 4, 'the first had to go')
})

test('the same question is asked once at a time', async (t) => {
  const { lookup, asked } = await open(t, () => carrier('att'))
  const found = await Promise.all(Array.from({ length: 20 }, () => lookup.find(NUMBER)))
  assert.equal(found.filter((each) => words(each) === 'att').length, 20)
  assert.equal(asked().length, 1)
})

test('one who leaves disturbs nobody else', async (t) => {
  const held: (() => void)[] = []
  const { lookup } = await open(t, ({ socket }) => {
    held.push(() => socket.write(carrier('att')))
    return undefined
  })
  const leaving = new AbortController()
  const one = lookup.find(NUMBER, leaving.signal)
  const other = lookup.find(NUMBER)
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
  leaving.abort()
  assert.deepEqual(await one, { kind: 'unavailable', because: 'aborted' })
  held[0]?.()
  assert.equal(words(await other), 'att')
  assert.equal(words(await lookup.find(NUMBER, new AbortController().signal)), 'att')
})

test('more questions than may wait are unavailable at once', async (t) => {
  const { lookup } = await open(t, () => undefined, {
    connections: 1,
    waitingMax: 1,
    timeoutMs: 60,
    failuresMax: 100,
  })
  const found = await Promise.all(['1', '2', '3'].map((last) => lookup.find(`1555010012${last}`)))
  assert.deepEqual(found.map(words), Array(3).fill('unavailable'))
  const [, , third] = found
  assert.match(third?.kind === 'unavailable' ? third.because : '', /^busy/)
})

test('a service that fails again and again is left alone, and one goes to see', async (t) => {
  let say = answer(500, '')
  const service = await open(t, () => say, { failuresMax: 3, pauseMs: 1000 })
  const { lookup, asked } = service
  for (let time = 0; time < 6; time += 1) await lookup.find(NUMBER)
  assert.equal(asked().length, 3)
  service.time += 1000
  await lookup.find(NUMBER)
  await lookup.find(NUMBER)
  assert.equal(asked().length, 4)
  service.time += 1000
  say = carrier('att')
  assert.equal(words(await lookup.find(NUMBER)), 'att')
  assert.equal(words(await lookup.find('15550100124')), 'att')
})

test('a closed look-up answers nobody', async (t) => {
  const { lookup } = await open(t, () => carrier('att'))
  await lookup.close()
  assert.equal((await lookup.find(NUMBER)).kind, 'unavailable')
})

test('an address or a template that cannot be right is the operator’s error', () => {
  const good = { url: 'http://lookup.example/{number}', carrier: '{a}', now: () => 0 }
  for (const change of [
    { url: 'http://lookup.example/' },
    { url: 'ftp://lookup.example/{number}' },
    { url: 'nonsense {number}' },
    { carrier: 'a' },
    { carrier: '{a' },
  ]) {
    assert.throws(() => openHttpLookup({ ...good, ...change }), TypeError, JSON.stringify(change))
  }
})

function saying(found: CarrierFound, asked: string[] = []): CarrierLookup {
  return {
    async find(number) {
      asked.push(number)
      return found
    },
    close: () => Promise.resolve(),
  }
}

const ATT: CarrierFound = { kind: 'carrier', carrier: 'att' }
const UNKNOWN: CarrierFound = { kind: 'unknown' }
const DOWN: CarrierFound = { kind: 'unavailable', because: 'down' }

// biome-ignore format: a table
const chains: readonly (readonly [readonly CarrierFound[], CarrierFound])[] = [
  [[],                 UNKNOWN],
  [[UNKNOWN, UNKNOWN], UNKNOWN],
  [[UNKNOWN, ATT],     ATT],
  [[DOWN, ATT],        ATT],
  [[DOWN, UNKNOWN],    DOWN],
  [[UNKNOWN, DOWN],    DOWN],
]
for (const [sources, found] of chains) {
  test(`sources that say ${sources.map(words).join(', ') || 'nothing'} mean ${words(found)}`, async () => {
    const chain = createLookupChain(sources.map((each) => saying(each)))
    assert.deepEqual(await chain.find(NUMBER), found)
    await chain.close()
  })
}

test('the first source that knows is the last one asked', async () => {
  const asked: string[] = []
  await createLookupChain([saying(ATT), saying(DOWN, asked)]).find(NUMBER)
  assert.deepEqual(asked, [])
})
