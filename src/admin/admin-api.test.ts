/** The admin API over real sockets, on the memory store. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import type { Message } from '../core/message.ts'
import { openDirectoryHolder } from '../engine/directory-holder.ts'
import type { Store } from '../engine/ports/store.ts'
import { openMemoryStore } from '../stores/memory/store.ts'
import { holdOp, idOf } from '../stores/suite/samples.suite.ts'
import { accept, BAKER, DIRECTORY, FLORIST, NOW, park, status, TOKEN } from './admin-world.suite.ts'
import { checkDirectory } from './directory-check.ts'
import { importDirectory } from './directory-import.ts'
import { removeOptOuts } from './opt-outs.ts'
import type { AdminRoute, GatewayStatus } from './route.ts'
import { ADMIN_ROUTES } from './routes/index.ts'
import { type AdminServer, openAdmin } from './server.ts'

const kicked: string[] = []
const failures: string[] = []
let store: Store
let admin: AdminServer

const clock: AdminRoute = {
  method: 'POST',
  path: '/sandbox/clock/:hours',
  summary: 'Moves the clock.',
  body: { description: 'Anything.', bytesMax: 10 },
  answer: 'What was asked.',
  handle: ({ params, body }) => ({ json: { ...params, bytes: body.length } }),
}
const broken: AdminRoute = {
  method: 'GET',
  path: '/sandbox/broken',
  summary: 'Fails.',
  answer: 'Nothing.',
  handle: () => Promise.reject(new Error('canary: a stack that must not be shown')),
}

before(async () => {
  store = openMemoryStore()
  const facts = { dialects: ['plain'] }
  const holder = await openDirectoryHolder(store, (data) => checkDirectory(data, facts))
  admin = await openAdmin({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    store,
    directory: {
      current: holder.current,
      import: (request) => importDirectory(holder, request, { env: {} }),
      removeOptOuts: (choice) => removeOptOuts(holder, store, choice),
    },
    status: () => status,
    explainWait: ({ index, nextAt }) => `Recipient ${index} waits until ${nextAt}.`,
    metrics: async () => 'carillon_gate_open 1\n',
    kick: {
      delivery: (lane) => kicked.push(`delivery ${lane}`),
      notice: (lane) => kicked.push(`notice ${lane}`),
    },
    now: () => NOW,
    extraRoutes: [clock, broken],
    failed: (id, error) => failures.push(`${id} ${String(error)}`),
  })
  await post('/admin/directory', DIRECTORY)
  await accept(store, FLORIST, 'florist')
  await accept(store, BAKER, 'baker')
})
after(() => admin.close())

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; null when it is none. */
  readonly json: ReturnType<typeof JSON.parse>
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${admin.address.port}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, ...init.headers },
  })
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : null,
  }
}

function post(path: string, body = '', mediaType = 'application/toml'): Promise<Answer> {
  return ask(path, { method: 'POST', body, headers: { 'content-type': mediaType } })
}

/** A path that fits a route's pattern. */
function pathOf({ path }: AdminRoute): string {
  return path.replace(':id', FLORIST).replace(/:\w+/, 'x')
}

describe('who may ask', () => {
  for (const route of [...ADMIN_ROUTES, clock]) {
    const { method, path } = route
    const wanted = route.open === true ? 'needs no token' : 'needs the token'
    test(`${method} ${path} ${wanted}`, async () => {
      for (const authorization of [
        '',
        'Bearer',
        'Bearer wrong',
        `Basic ${TOKEN}`,
        `Bearer ${TOKEN}x`,
      ]) {
        const answer = await ask(pathOf(route), { method, headers: { authorization } })
        assert.equal(answer.status === 401, route.open !== true, authorization)
        if (route.open === true) continue
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
        assert.equal(answer.json.code, 'unauthenticated')
      }
    })
  }

  test('without the token nobody learns which paths exist', async () => {
    const known = await ask('/admin/status', { headers: { authorization: '' } })
    const unknown = await ask('/admin/nowhere', { headers: { authorization: '' } })
    const method = await ask('/admin/status', { method: 'DELETE', headers: { authorization: '' } })
    assert.equal(known.text, unknown.text)
    assert.equal(known.text, method.text)
  })

  test('the word Bearer may be written in any case', async () => {
    const headers = { authorization: `bEARER ${TOKEN}` }
    assert.equal((await ask('/admin/status', { headers })).status, 200)
  })

  test('every token route refuses, whatever its method is called', async () => {
    for (const method of ['PUT', 'PATCH', 'OPTIONS', 'HEAD']) {
      const headers = { authorization: '' }
      assert.equal((await ask('/admin/status', { method, headers })).status, 401)
    }
  })
})

describe('health and metrics', () => {
  test('livez says alive', async () => {
    assert.deepEqual((await ask('/livez')).json, { alive: true })
  })

  test('readyz says 200 or 503, and with verbose why', async () => {
    const ready = await ask('/readyz')
    assert.deepEqual([ready.status, ready.json], [200, { ready: true }])
    const verbose = await ask('/readyz?verbose')
    assert.deepEqual(verbose.json, { ready: true, checks: [{ name: 'disk', ok: true }] })
    const mutable = status as { ready: boolean; checks: GatewayStatus['checks'] }
    mutable.ready = false
    mutable.checks = [{ name: 'disk', ok: false, because: 'less than the reserve is free' }]
    const down = await ask('/readyz?verbose')
    assert.equal(down.status, 503)
    assert.equal(down.json.checks[0].because, 'less than the reserve is free')
    mutable.ready = true
  })

  test('metrics come as Prometheus text', async () => {
    const answer = await ask('/metrics')
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
    assert.equal(answer.text, 'carillon_gate_open 1\n')
  })
})

describe('messages', () => {
  const idsOf = (answer: Answer): string[] =>
    answer.json.messages.map(({ message: each }: { message: Message }) => each.id)

  test('the newest comes first, page by page', async () => {
    assert.deepEqual(idsOf(await ask('/admin/messages')), [BAKER, FLORIST])
    assert.deepEqual(idsOf(await ask('/admin/messages?limit=1')), [BAKER])
    assert.deepEqual(idsOf(await ask(`/admin/messages?limit=1&before=${BAKER}`)), [FLORIST])
  })

  test('asked for one account, no other’s message is in the list or found by its id', async () => {
    assert.deepEqual(idsOf(await ask('/admin/messages?account=florist')), [FLORIST])
    assert.deepEqual(idsOf(await ask('/admin/messages?account=nobody')), [])
    assert.equal((await ask(`/admin/messages/${FLORIST}?account=florist`)).status, 200)
    const others = await ask(`/admin/messages/${FLORIST}?account=baker`)
    const missing = await ask('/admin/messages/999999999999999999?account=baker')
    assert.equal(others.status, 404)
    assert.equal(others.text.replaceAll(FLORIST, ''), missing.text.replaceAll(/9{18}/g, ''))
  })

  test('a part that waits for others is said to, to those whose it is', async () => {
    const op = holdOp(77, 2, 3)
    await store.commit([op])
    const { accountId } = op.part.submission
    for (const path of [idOf(77), `${idOf(77)}?account=${accountId}`]) {
      const answer = await ask(`/admin/messages/${path}`)
      assert.equal(answer.status, 404)
      assert.match(
        answer.json.detail,
        /^[0-9]{18} is part 2 of 3; it waits for the others until 2026-/,
      )
    }
    const others = await ask(`/admin/messages/${idOf(77)}?account=nobody`)
    assert.match(others.json.detail, /^There is no message/)
  })

  test('one message tells its story, and why each open recipient waits', async () => {
    const { json } = await ask(`/admin/messages/${FLORIST}`)
    assert.equal(json.message.envelope.sender.text, '24680')
    assert.deepEqual(
      json.deliveries.map(
        ({ state, recipient }: { state: string; recipient: { text: string } }) => [
          recipient.text,
          state,
        ],
      ),
      [
        ['15005550100', 'queued'],
        ['15005550101', 'failed'],
      ],
    )
    assert.equal(json.events[0].type, 'accepted')
    assert.equal(json.notices.length, 1)
    assert.deepEqual(json.waiting, [
      { index: 0, because: `Recipient 0 waits until ${NOW + 60_000}.` },
    ])
  })

  test('the bytes of a content are counted, not shown', async () => {
    for (const path of [`/admin/messages/${FLORIST}`, '/admin/messages']) {
      const { text } = await ask(path)
      assert.ok(text.includes('"inlineBytes":5'))
      assert.ok(!text.includes('"inline"'))
    }
  })

  for (const id of ['1', '12345678901234567x', '%00', '..%2F..%2Fetc', '%E0%A4%A', '__proto__']) {
    test(`no message is called ${id}`, async () => {
      assert.equal((await ask(`/admin/messages/${id}`)).status, 404)
    })
  }
})

describe('queue, lanes and notices', () => {
  test('the backlog is told by lane and state', async () => {
    const { json } = await ask('/admin/queue')
    assert.equal(json.now, NOW)
    const [row] = json.deliveries
    assert.deepEqual([row.lane, row.state, row.count], ['harbour/east', 'queued', 2])
  })

  test('a lane whose name holds a slash is retried and woken', async () => {
    assert.deepEqual((await ask('/admin/lanes')).json.deliveries, ['harbour/east'])
    const answer = await post('/admin/lanes/harbour%2Feast/retry')
    assert.deepEqual(answer.json, { count: 2 })
    assert.ok(kicked.includes('delivery harbour/east'))
    const { json } = await ask(`/admin/messages/${FLORIST}`)
    assert.equal(json.deliveries[0].nextAt, NOW)
  })

  test('a lane nobody knows is not retried', async () => {
    assert.equal((await post('/admin/lanes/nowhere/retry')).status, 404)
  })

  test('parked notices are listed, and replayed for one account alone', async () => {
    await park(store, 'client:florist')
    await park(store, 'client:baker')
    const parked = async () => {
      const { json } = await ask('/admin/notices/parked')
      return json.notices.map(({ notice }: { notice: { accountId: string } }) => notice.accountId)
    }
    assert.deepEqual(await parked(), ['florist', 'baker'])
    assert.equal((await post('/admin/notices/replay?account=nobody')).status, 404)
    assert.deepEqual((await post('/admin/notices/replay?account=florist')).json, { count: 1 })
    assert.deepEqual(await parked(), ['baker'])
    assert.ok(kicked.includes('notice client:florist'))
    assert.ok(!kicked.includes('notice client:baker'))
    assert.deepEqual((await post('/admin/notices/replay')).json, { count: 1 })
    assert.deepEqual(await parked(), [])
  })
})

describe('the directory', () => {
  test('it is shown without a single secret', async () => {
    const { json, text } = await ask('/admin/directory')
    assert.deepEqual(
      json.accounts.map(({ id }: { id: string }) => id),
      ['baker', 'florist'],
    )
    assert.ok(!text.includes('canary') && !text.includes('scrypt'))
  })

  test('an import answers what it changed', async () => {
    const { status: code, json } = await post(
      '/admin/directory',
      '[[blocks]]\nnumber = "15005550199"\n',
    )
    assert.equal(code, 200)
    assert.deepEqual(json, { added: ['block 15005550199'], changed: [], removed: [] })
    const body = JSON.stringify({ blocks: [{ number: '15005550198' }] })
    const again = await post('/admin/directory?mode=merge', body, 'application/json; charset=utf-8')
    assert.deepEqual(again.json.added, ['block 15005550198'])
  })

  // biome-ignore format: a table
  for (const [name, query, body, mediaType, code, problemCode] of [
    ['with a fault',            '', '[[blocks]]\nnumber = "x"\n', 'application/toml', 422, 'directory-wrong'],
    ['that is no TOML',         '', '[[',                         'application/toml', 400, 'body-unreadable'],
    ['that is no JSON',         '', '{',                          'application/json', 400, 'body-unreadable'],
    ['of another type',         '', '<a/>',                       'text/xml',         415, 'media-type-unsupported'],
    ['in a mode there is not',  '?mode=purge', '',                'application/toml', 400, 'parameter-wrong'],
    ['that is too large',       '', 'x'.repeat(17 * 1024 * 1024), 'application/toml', 413, 'body-too-large'],
  ] as const) {
    test(`an import ${name} is refused as ${problemCode}`, async () => {
      const answer = await post(`/admin/directory${query}`, body, mediaType)
      assert.deepEqual([answer.status, answer.json.code], [code, problemCode])
      assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
      assert.equal(answer.json.type, `urn:carillon:problem:${problemCode}`)
    })
  }

  test('a body that is not UTF-8 is refused', async () => {
    const body = new Uint8Array([0xff, 0xfe, 0x41])
    const headers = { 'content-type': 'application/toml' }
    const answer = await ask('/admin/directory', { method: 'POST', body, headers })
    assert.equal(answer.json.code, 'body-unreadable')
  })
})

describe('requests that are wrong in themselves', () => {
  // biome-ignore format: a table
  for (const [path, says] of [
    ['/admin/messages?limit=0',             /from 1 to 1000/],
    ['/admin/messages?limit=1001',          /from 1 to 1000/],
    ['/admin/messages?limit=ten',           /from 1 to 1000/],
    ['/admin/messages?limit=1&limit=2',     /given twice/],
    ['/admin/messages?acount=florist',      /Did you mean account/],
    ['/admin/messages?before=1',            /18 digits/],
    ['/admin/notices/parked?limit=-1',      /from 1 to 1000/],
    ['/admin/queue?verbose',                /no parameter/],
  ] as const) {
    test(`${path} is refused, not guessed at`, async () => {
      const { status: code, json } = await ask(path)
      assert.deepEqual([code, json.code], [400, 'parameter-wrong'])
      assert.match(json.detail, says)
    })
  }

  test('another method is told which there are', async () => {
    const answer = await post('/admin/status')
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'GET')
    assert.equal(
      (await ask('/admin/directory', { method: 'DELETE' })).headers.get('allow'),
      'GET, POST',
    )
  })

  test('a path there is not is told only with the token', async () => {
    assert.equal((await ask('/admin/nowhere')).status, 404)
    assert.equal((await ask('/')).status, 404)
  })

  test('an error of ours shows an id and nothing else, and is told to the log under it', async () => {
    const { status: code, json, text } = await ask('/sandbox/broken')
    assert.equal(code, 500)
    assert.ok(!text.includes('canary'))
    const id = json.instance.replace('urn:uuid:', '')
    assert.ok(failures.some((line) => line.startsWith(id) && line.includes('canary')))
  })

  test('routes of others are served with their parameters and within their limits', async () => {
    assert.deepEqual((await post('/sandbox/clock/5', 'abc')).json, { hours: '5', bytes: 3 })
    assert.equal((await post('/sandbox/clock/5', 'x'.repeat(11))).status, 413)
  })

  test('a body without a length is stopped at the limit', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    })
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit
    const answer = await ask('/sandbox/clock/5', init).catch((error: unknown) => error)
    // Node closes under a client that goes on writing: the answer or the reset may come first.
    if (!(answer instanceof Error)) assert.equal((answer as Answer).status, 413)
  })

  test('a client that goes away in the middle of its body harms nobody', async () => {
    const socket = connect(admin.address.port, '127.0.0.1')
    await once(socket, 'connect')
    const head = ['POST /admin/directory HTTP/1.1', 'Host: a', `Authorization: Bearer ${TOKEN}`]
    const type = ['Content-Type: application/toml', 'Content-Length: 100', '', '']
    socket.write([...head, ...type].join('\r\n'))
    socket.write('[[blo')
    socket.destroy()
    await once(socket, 'close')
    assert.equal((await ask('/livez')).status, 200)
  })

  test('HEAD answers like GET without a body', async () => {
    const answer = await ask('/admin/status', { method: 'HEAD' })
    assert.equal(answer.status, 200)
    assert.equal(answer.text, '')
  })

  test('nothing is kept by caches or guessed at by browsers', async () => {
    const { headers } = await ask('/admin/status')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('access-control-allow-origin'), null)
  })
})

test('a port that is taken is said at once', async () => {
  const twin = await openTwin(0)
  await assert.rejects(openTwin(twin.port), { code: 'EADDRINUSE' })
  await twin.end()
})

test('closing lets a request under way end', async () => {
  const twin = await openTwin(0)
  const answer = fetch(`http://127.0.0.1:${twin.port}/admin/slow`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  await twin.entered
  const closed = twin.end()
  twin.release()
  assert.equal((await answer).status, 200)
  await closed
})

/** A second server with one route that waits until it is released. */
async function openTwin(port: number) {
  let release = () => {}
  let enter = () => {}
  const entered = new Promise<void>((resolve) => {
    enter = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow: AdminRoute = {
    method: 'GET',
    path: '/admin/slow',
    summary: 'Waits.',
    answer: 'Nothing.',
    async handle() {
      enter()
      await released
      return { json: {} }
    },
  }
  const server = await openAdmin({
    host: '127.0.0.1',
    port,
    token: TOKEN,
    store,
    directory: {
      current: () => assert.fail('not asked'),
      import: () => Promise.reject(new Error('not asked')),
      removeOptOuts: () => assert.fail('not asked'),
    },
    status: () => status,
    explainWait: () => '',
    metrics: async () => '',
    kick: { delivery: () => {}, notice: () => {} },
    now: () => NOW,
    extraRoutes: [slow],
  })
  return { port: server.address.port, entered, release, end: () => server.close() }
}
