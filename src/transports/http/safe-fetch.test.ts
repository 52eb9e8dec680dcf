import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { readMediaUrl } from './media-url.ts'
import { type FoundAddress, type Resolve, resolveBySystem } from './resolve.ts'
import {
  createSafeFetch,
  type Fetched,
  type FetchSink,
  type SafeFetchOptions,
} from './safe-fetch.ts'
import { CERTIFICATE } from './testing/certificate.ts'
import { FORBIDDEN, NAMES } from './testing/forbidden-urls.ts'
import {
  answer,
  closedPort,
  openRawHttp,
  type RawHttpOptions,
  type Script,
} from './testing/raw-http.ts'

const PUBLIC = '93.184.215.14'
const never: AbortSignal = new AbortController().signal

function found(...addresses: readonly string[]): FoundAddress[] {
  return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
}

const resolveNames: Resolve = async (host) => found(...(NAMES[host] ?? [PUBLIC]))

test('the table holds more than a hundred spellings, none twice', () => {
  const urls = Object.values(FORBIDDEN).flat()
  assert.ok(urls.length >= 200, `${urls.length}`)
  assert.equal(new Set(urls).size, urls.length)
})

for (const [trick, urls] of Object.entries(FORBIDDEN)) {
  test(`no connection is even tried: ${trick}`, async () => {
    const tried: string[] = []
    const fetch = createSafeFetch({ bytesMax: 1000, resolve: resolveNames, totalTimeoutMs: 2000 })
    for (const url of urls) {
      const result = await fetch(url, () => void tried.push(url))
      const seen = result.kind === 'failed' ? result.because : 'ok'
      assert.ok(seen === 'url' || seen === 'address-refused', `${url}: ${seen}`)
    }
    assert.deepEqual(tried, [])
  })
}

test('honest addresses pass the reader', () => {
  const ports = new Set([80, 443])
  const honest = [
    'http://media.example',
    'http://media.example/a/b.jpg?c=d#e',
    'https://media.example:443/',
    'HTTPS://Media.Example/%41',
    'http://bücher.example/ü',
    'http://93.184.215.14/',
    'http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'http://media.example/@home',
  ]
  for (const url of honest) assert.equal(readMediaUrl(url, ports).kind, 'ok', url)
})

interface Opened {
  readonly url: string
  readonly port: number
  readonly heads: () => readonly string[]
  fetch(sink?: FetchSink, path?: string): Promise<Fetched>
}

/** A server on loopback called media.example, and a fetcher that may go there. */
async function open(
  t: TestContext,
  script: Script,
  options: Partial<SafeFetchOptions> = {},
  peerOptions: RawHttpOptions = {},
): Promise<Opened> {
  const peer = await openRawHttp(script, peerOptions)
  t.after(() => peer.close())
  const fetch = createSafeFetch({
    bytesMax: 1_000_000,
    ports: [peer.port],
    allowedRanges: ['127.0.0.1'],
    resolve: async () => found('127.0.0.1'),
    ca: CERTIFICATE,
    totalTimeoutMs: 5000,
    ...options,
  })
  const url = `${peerOptions.tls === true ? 'https' : 'http'}://media.example:${peer.port}`
  return {
    url,
    port: peer.port,
    heads: () => peer.heard.map(({ head }) => head),
    fetch: (sink = () => undefined, path = '/bell.png') => fetch(url + path, sink),
  }
}

const media = answer(200, 'ding dong', 'Content-Type: image/png\r\n')

test('media is fetched with its type, and nothing of ours is told', async (t) => {
  const pieces: Uint8Array[] = []
  const { fetch, heads, port } = await open(t, () => media)
  const result = await fetch((chunk) => void pieces.push(Buffer.from(chunk)), '/bell.png?size=1')
  assert.deepEqual(result, { kind: 'ok', contentType: 'image/png', bytes: 9 })
  assert.equal(Buffer.concat(pieces).toString(), 'ding dong')
  const [head = ''] = heads()
  assert.match(head, /^GET \/bell\.png\?size=1 HTTP\/1\.1/)
  assert.match(head, new RegExp(`^host: media\\.example:${port}$`, 'im'))
  assert.doesNotMatch(head, /authorization|cookie|referer/i)
})

test('media is fetched over TLS from a server that proves its name, and from no other', async (t) => {
  const good = await open(t, () => media, {}, { tls: true })
  assert.equal((await good.fetch()).kind, 'ok')
  const stranger = createSafeFetch({
    bytesMax: 100,
    ports: [good.port],
    allowedRanges: ['127.0.0.1'],
    resolve: async () => found('127.0.0.1'),
  })
  const unknown = await stranger(`https://media.example:${good.port}/`, () => undefined)
  assert.equal(unknown.kind === 'failed' && unknown.because, 'tls')
  const other = createSafeFetch({
    bytesMax: 100,
    ports: [good.port],
    allowedRanges: ['127.0.0.1'],
    resolve: async () => found('127.0.0.1'),
    ca: CERTIFICATE,
  })
  const misnamed = await other(`https://other.example:${good.port}/`, () => undefined)
  assert.equal(misnamed.kind === 'failed' && misnamed.because, 'tls')
})

// biome-ignore format: a table
const answers: readonly (readonly [string, string, Partial<SafeFetchOptions>, string])[] = [
  ['another status than 200',              answer(404, 'no'),                                          {}, 'status'],
  ['a part of it',                         answer(206, 'di', 'Content-Range: bytes 0-1/9\r\n'),        {}, 'status'],
  ['nothing new',                          'HTTP/1.1 304 Not Modified\r\n\r\n',                        {}, 'status'],
  ['a coding we did not ask for',          answer(200, 'zzz', 'Content-Encoding: gzip\r\n'),           {}, 'status'],
  ['a redirect',                           answer(302, '', 'Location: /other\r\n'),                    {}, 'redirect'],
  ['a redirect to nowhere',                answer(302, ''),                                            {}, 'status'],
  ['more bytes than allowed, declared',    answer(200, 'x'.repeat(101)),                               { bytesMax: 100 }, 'too-large'],
  ['more bytes than allowed, in chunks',   `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n${'x'.repeat(101)}\r\n0\r\n\r\n`, { bytesMax: 100 }, 'too-large'],
  ['chunks where a length is demanded',    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n', { lengthRequired: true }, 'no-length'],
  ['no length where one is demanded',      'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhi',           { lengthRequired: true }, 'no-length'],
  ['a length that is no number',           'HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\nhi',         {}, 'connect'],
  ['something that is not HTTP',           'SSH-2.0-nobody\r\n',                                       {}, 'connect'],
  ['a head without end',                   `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(40_000)}`,              {}, 'connect'],
]
for (const [what, said, options, because] of answers) {
  test(`${what} is ${because}`, async (t) => {
    const { fetch } = await open(t, () => said, options)
    const result = await fetch()
    assert.equal(result.kind === 'failed' && result.because, because)
    assert.notEqual(result.kind === 'failed' && result.detail, '')
  })
}

test('chunks are taken where no length is demanded', async (t) => {
  const said = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n'
  const { fetch } = await open(t, () => said)
  assert.deepEqual(await fetch(), { kind: 'ok', contentType: undefined, bytes: 2 })
})

test('a body shorter than declared is no success', async (t) => {
  const { fetch } = await open(t, ({ socket }) => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
    return undefined
  })
  const result = await fetch()
  assert.equal(result.kind === 'failed' && result.because, 'connect')
})

test('bytes never end: the cap is met while streaming', async (t) => {
  const { fetch } = await open(
    t,
    ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      pour(socket)
      return undefined
    },
    { bytesMax: 3_000_000 },
  )
  let bytes = 0
  const result = await fetch((chunk) => {
    bytes += chunk.length
  })
  assert.equal(result.kind === 'failed' && result.because, 'too-large')
  assert.ok(bytes <= 3_000_000)
})

function pour(socket: Socket): void {
  while (socket.writable && socket.write(Buffer.alloc(65_536)));
  socket.once('drain', () => pour(socket))
}

test('a server that drips is left when the time is over', async (t) => {
  const { fetch } = await open(
    t,
    ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 10)
      socket.on('close', () => clearInterval(drip))
      return undefined
    },
    { totalTimeoutMs: 150 },
  )
  const result = await fetch()
  assert.equal(result.kind === 'failed' && result.because, 'too-slow')
})

test('a server that says nothing, or only half a head, is left when the time is over', async (t) => {
  for (const said of [undefined, 'HTTP/1.1 200 OK\r\nContent-']) {
    const { fetch } = await open(t, () => said, { totalTimeoutMs: 60 })
    const result = await fetch()
    assert.equal(result.kind === 'failed' && result.because, 'too-slow')
  }
})

test('a resolver that never answers is left when the time is over', async (t) => {
  const resolve: Resolve = (_host, signal) =>
    new Promise((done) => signal.addEventListener('abort', () => done([])))
  const { fetch } = await open(t, () => media, { resolve, totalTimeoutMs: 40 })
  const result = await fetch()
  assert.equal(result.kind === 'failed' && result.because, 'too-slow')
})

test('a signal ends a fetch', async (t) => {
  const { url, port } = await open(t, () => undefined)
  const fetch = createSafeFetch({
    bytesMax: 1,
    ports: [port],
    allowedRanges: ['127.0.0.0/8'],
    resolve: async () => found('127.0.0.1'),
  })
  assert.equal((await fetch(url, () => undefined, AbortSignal.abort())).kind, 'failed')
  assert.equal((await fetch(url, () => undefined, AbortSignal.timeout(20))).kind, 'failed')
})

test('a name is resolved once, and a second answer changes nothing', async (t) => {
  const asked: string[] = []
  // A rebinding resolver: an allowed address first, another one ever after.
  const { fetch, heads } = await open(t, () => media, {
    allowedRanges: ['127.0.0.2'],
    async resolve(host) {
      asked.push(host)
      return asked.length === 1 ? found('127.0.0.2') : found('127.0.0.1')
    },
  })
  const result = await fetch()
  assert.equal(result.kind === 'failed' && result.because, 'connect')
  assert.deepEqual(asked, ['media.example'])
  assert.deepEqual(heads(), [], 'the other address heard nothing')
})

test('the address that was judged is the one that is dialled', async (t) => {
  let asked = 0
  const { fetch } = await open(t, () => media, {
    async resolve() {
      asked += 1
      return asked === 1 ? found('127.0.0.1') : found('127.0.0.99')
    },
  })
  assert.equal((await fetch()).kind, 'ok')
  assert.equal(asked, 1)
})

test('redirects are followed as often as allowed, each judged in its turn', async (t) => {
  const hops: Record<string, string> = { '/a': '/b', '/b': '/c', '/c': '' }
  const script: Script = ({ head }) => {
    const to = hops[/^GET (\S+)/.exec(head)?.[1] ?? ''] ?? ''
    return to === '' ? media : answer(307, '', `Location: ${to}\r\n`)
  }
  const two = await open(t, script, { redirectsMax: 2 })
  assert.equal((await two.fetch(undefined, '/a')).kind, 'ok')
  assert.equal(two.heads().length, 3)
  const one = await open(t, script, { redirectsMax: 1 })
  const result = await one.fetch(undefined, '/a')
  assert.equal(result.kind === 'failed' && result.because, 'redirect')
  assert.equal(one.heads().length, 2)
})

test('a redirect in a circle ends', async (t) => {
  const { fetch, heads } = await open(t, () => answer(302, '', 'Location: /bell.png\r\n'), {
    redirectsMax: 3,
  })
  const result = await fetch()
  assert.equal(result.kind === 'failed' && result.because, 'redirect')
  assert.equal(heads().length, 4)
})

// biome-ignore format: a table
const turns: readonly (readonly [string, string])[] = [
  ['http://127.0.0.2/',                'address-refused'],
  ['http://0x7f000002/',               'address-refused'],
  ['http://[::1]/',                    'address-refused'],
  ['http://169.254.169.254/latest/',   'address-refused'],
  ['http://inside.example/',           'address-refused'],
  ['//inside.example/',                'address-refused'],
  ['http:\\\\inside.example\\',        'address-refused'],
  ['http://user:pass@media.example/',  'url'],
  ['http://media.example:22/',         'url'],
  ['file:///etc/passwd',               'url'],
  ['gopher://media.example/',          'url'],
]
for (const [to, because] of turns) {
  test(`a redirect to ${to} is ${because}`, async (t) => {
    const { port } = await open(t, () => answer(302, '', `Location: ${to}\r\n`))
    const fetch = createSafeFetch({
      bytesMax: 100,
      ports: [port, 80],
      allowedRanges: ['127.0.0.1'],
      redirectsMax: 3,
      resolve: async (host) => found(host === 'inside.example' ? '10.0.0.1' : '127.0.0.1'),
      totalTimeoutMs: 2000,
    })
    const result = await fetch(`http://media.example:${port}/`, () => undefined)
    assert.equal(result.kind === 'failed' && result.because, because)
  })
}

test('a redirect never leads from https to http', async (t) => {
  const plain = await open(t, () => media)
  const secure = await open(
    t,
    () => answer(302, '', `Location: http://media.example:${plain.port}/\r\n`),
    {},
    { tls: true },
  )
  const fetch = createSafeFetch({
    bytesMax: 100,
    ports: [plain.port, secure.port],
    allowedRanges: ['127.0.0.1'],
    redirectsMax: 1,
    resolve: async () => found('127.0.0.1'),
    ca: CERTIFICATE,
  })
  const result = await fetch(`https://media.example:${secure.port}/`, () => undefined)
  assert.equal(result.kind === 'failed' && result.because, 'redirect')
  assert.deepEqual(plain.heads(), [])
})

test('a name without an address, and a port without a listener', async (t) => {
  const nobody = await open(t, () => media, { resolve: async () => [] })
  const first = await nobody.fetch()
  assert.equal(first.kind === 'failed' && first.because, 'name')
  const port = await closedPort()
  const fetch = createSafeFetch({ bytesMax: 1, ports: [port], allowedRanges: ['127.0.0.1'] })
  const second = await fetch(`http://127.0.0.1:${port}/`, () => undefined)
  assert.equal(second.kind === 'failed' && second.because, 'connect')
})

test('a slow sink is waited for, and what it throws goes through', async (t) => {
  let inside = 0
  let most = 0
  const { fetch } = await open(t, () => answer(200, 'x'.repeat(500_000)))
  const result = await fetch(async () => {
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside -= 1
  })
  assert.equal(result.kind === 'ok' && result.bytes, 500_000)
  assert.equal(most, 1, 'one piece at a time')
  await assert.rejects(
    fetch(() => {
      throw new Error('our disk')
    }),
    /our disk/,
  )
})

test('the system resolves names, and answers nothing for what is none', async () => {
  assert.ok((await resolveBySystem('localhost', never)).length > 0)
  assert.deepEqual(await resolveBySystem('no such name', never), [])
  assert.deepEqual(await resolveBySystem('localhost', AbortSignal.abort()), [])
})
