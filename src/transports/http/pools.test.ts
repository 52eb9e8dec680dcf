import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { HttpBody, HttpCall, HttpTimeouts } from './exchange.ts'
import { type HttpPoolsOptions, openHttpPools } from './pools.ts'
import { CERTIFICATE } from './testing/certificate.ts'
import {
  answer,
  closedPort,
  openRawHttp,
  type RawHttpOptions,
  type Script,
} from './testing/raw-http.ts'

const PATIENT: HttpTimeouts = {
  connectTimeoutMs: 5000,
  answerTimeoutMs: 5000,
  bodyTimeoutMs: 5000,
}
const LONG_BYTES = 16 * 1024 * 1024

function bodyOf(...pieces: readonly string[]): HttpBody {
  const bytes = pieces.map((piece) => Buffer.from(piece))
  return {
    bytes: bytes.reduce((sum, piece) => sum + piece.length, 0),
    async *open() {
      yield* bytes
    },
  }
}

function postTo(url: URL, change: Partial<HttpCall> = {}): HttpCall {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'text/xml' },
    body: bodyOf('<a/>'),
    timeouts: PATIENT,
    answerBytesMax: 1024,
    ...change,
  }
}

async function open(
  t: TestContext,
  script: Script,
  options: Partial<HttpPoolsOptions> = {},
  peerOptions: RawHttpOptions = {},
) {
  const peer = await openRawHttp(script, peerOptions)
  const pools = openHttpPools({ connectionsPerOriginMax: 2, ...options })
  t.after(async () => {
    await pools.close(0)
    await peer.close()
  })
  return { peer, pools }
}

test('a request goes out with its length and comes back as an answer', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'yes', 'Content-Type: text/xml\r\n'))
  const result = await pools.send(postTo(peer.url, { body: bodyOf('<a>', '</a>') }))
  assert.equal(result.kind, 'answered')
  if (result.kind !== 'answered') return
  assert.deepEqual(
    [result.status, result.body.toString(), result.truncated, result.headers['content-type']],
    [200, 'yes', false, 'text/xml'],
  )
  const [heard] = peer.heard
  assert.match(heard?.head ?? '', /^POST \/path\?q=1 HTTP\/1\.1/)
  assert.match(heard?.head ?? '', /^content-length: 7$/im)
  assert.doesNotMatch(heard?.head ?? '', /transfer-encoding/i)
  assert.equal(heard?.body.toString(), '<a></a>')
})

test('a connection is used again, and no more are made than allowed', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'yes'))
  await pools.send(postTo(peer.url))
  await pools.send(postTo(peer.url))
  assert.equal(peer.connections, 1)
  await Promise.all(Array.from({ length: 12 }, () => pools.send(postTo(peer.url))))
  assert.equal(peer.heard.length, 14)
  assert.ok(peer.connections <= 2, `${peer.connections} connections`)
  assert.equal(pools.busyCount, 0)
})

// biome-ignore format: a table
const oddAnswers: readonly (readonly [string, string, number, string])[] = [
  ['folds a header with a tab',   'HTTP/1.1 200 OK\r\nContent-Type: text/xml;\r\n\tcharset=utf-8\r\nContent-Length: 2\r\n\r\nhi', 200, 'hi'],
  ['folds a header with a space', 'HTTP/1.1 500 No\r\nContent-Type: text/xml;\r\n charset=utf-8\r\nContent-Length: 2\r\n\r\nhi', 500, 'hi'],
  ['ends lines with a line feed', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nhi', 200, 'hi'],
  ['gives no reason phrase',      'HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi', 200, 'hi'],
  ['sends chunks',                'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n', 200, 'hi'],
  ['says it is coming',           'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi', 200, 'hi'],
  ['has nothing to say',          'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
  ['sends us elsewhere',          'HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n', 302, ''],
]
for (const [what, said, status, body] of oddAnswers) {
  test(`an answer is heard from a peer that ${what}`, async (t) => {
    const { peer, pools } = await open(t, () => said)
    const result = await pools.send(postTo(peer.url))
    assert.equal(result.kind, 'answered')
    if (result.kind !== 'answered') return
    assert.deepEqual(
      [result.status, result.body.toString(), result.truncated],
      [status, body, false],
    )
  })
}

test('an answer whose length is said in two ways is heard, and its connection not used again', async (t) => {
  const twice = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'
  const { peer, pools } = await open(t, () => `${twice}2\r\nhi\r\n0\r\n\r\n`)
  const first = await pools.send(postTo(peer.url))
  assert.equal(first.kind === 'answered' && first.body.toString(), 'hi')
  await pools.send(postTo(peer.url))
  assert.equal(peer.connections, 2)
})

test('an answer with no length ends where the peer hangs up', async (t) => {
  const { peer, pools } = await open(t, ({ socket }) => {
    socket.end('HTTP/1.0 200 OK\r\n\r\nhello')
    return undefined
  })
  const result = await pools.send(postTo(peer.url))
  assert.equal(result.kind === 'answered' && result.body.toString(), 'hello')
})

test('a longer answer than asked for is cut and says so', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'x'.repeat(5000)))
  const result = await pools.send(postTo(peer.url, { answerBytesMax: 100 }))
  assert.equal(result.kind, 'answered')
  assert.deepEqual(result.kind === 'answered' && [result.body.length, result.truncated], [
    100,
    true,
  ])
})

test('an answer that breaks off or falls silent keeps its status and says so', async (t) => {
  const beginning = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'
  const broken = await open(t, ({ socket }) => {
    socket.end(beginning)
    return undefined
  })
  const first = await broken.pools.send(postTo(broken.peer.url))
  assert.deepEqual(
    first.kind === 'answered' && [first.status, first.body.toString(), first.truncated],
    [200, 'half', true],
  )
  const silent = await open(t, () => beginning)
  const second = await silent.pools.send(
    postTo(silent.peer.url, { timeouts: { ...PATIENT, bodyTimeoutMs: 30 } }),
  )
  assert.equal(second.kind === 'answered' && second.truncated, true)
})

test('a line lost after the last byte is unknown', async (t) => {
  const { peer, pools } = await open(t, ({ socket }) => {
    socket.destroy()
    return undefined
  })
  const result = await pools.send(postTo(peer.url))
  assert.deepEqual([result.kind, 'because' in result && result.because], ['unknown', 'closed'])
})

test('no answer in time is unknown', async (t) => {
  const { peer, pools } = await open(t, () => undefined)
  const timeouts = { ...PATIENT, answerTimeoutMs: 30 }
  const result = await pools.send(postTo(peer.url, { timeouts }))
  assert.deepEqual([result.kind, 'because' in result && result.because], ['unknown', 'timeout'])
})

test('something that is not HTTP is unknown', async (t) => {
  const { peer, pools } = await open(t, () => 'SSH-2.0-nobody\r\n')
  const result = await pools.send(postTo(peer.url))
  assert.deepEqual([result.kind, 'because' in result && result.because], ['unknown', 'unreadable'])
})

function longBody(): HttpBody {
  const piece = Buffer.alloc(64 * 1024, 'x')
  return {
    bytes: LONG_BYTES,
    async *open() {
      for (let sent = 0; sent < LONG_BYTES; sent += piece.length) yield piece
    },
  }
}

test('a line lost before the last byte was surely not sent', async (t) => {
  const onBytes = (socket: { destroy(): void }) => socket.destroy()
  const { peer, pools } = await open(t, () => undefined, {}, { onBytes })
  const result = await pools.send(postTo(peer.url, { body: longBody() }))
  assert.deepEqual([result.kind, 'because' in result && result.because], ['not-sent', 'closed'])
})

test('a peer that stops reading is left before the last byte', async (t) => {
  const onConnection = (socket: { pause(): void }) => socket.pause()
  const { peer, pools } = await open(t, () => undefined, {}, { onConnection })
  const timeouts = { ...PATIENT, answerTimeoutMs: 100 }
  const result = await pools.send(postTo(peer.url, { body: longBody(), timeouts }))
  assert.deepEqual([result.kind, 'because' in result && result.because], ['not-sent', 'timeout'])
})

test('an answer before the last byte is heard', async (t) => {
  const onBytes = (socket: { write(text: string): void }) => socket.write(answer(413, 'too long'))
  const { peer, pools } = await open(t, () => undefined, {}, { onBytes })
  const result = await pools.send(postTo(peer.url, { body: longBody() }))
  assert.equal(result.kind === 'answered' && result.status, 413)
})

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('<')
  throw new Error('the disk')
}

test('bytes that cannot be read here, or are not as many as declared, are not sent', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'yes'))
  const bodies: readonly HttpBody[] = [
    { bytes: 4, open: failing },
    { bytes: 9, open: bodyOf('<a/>').open },
    { bytes: 3, open: bodyOf('<a/>').open },
  ]
  for (const body of bodies) {
    const result = await pools.send(postTo(peer.url, { body }))
    assert.deepEqual(
      [result.kind, 'because' in result && result.because],
      ['not-sent', 'content-failed'],
    )
  }
  assert.equal(peer.heard.length, 0)
})

test('a header that cannot be written is our fault and not an exception', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'yes'))
  const result = await pools.send(postTo(peer.url, { headers: { authorization: 'a\r\nb: c' } }))
  assert.equal(result.kind === 'not-sent' && result.because, 'content-failed')
})

test('nobody listening is a failed connection', async (t) => {
  const { pools } = await open(t, () => undefined)
  const url = new URL(`http://127.0.0.1:${await closedPort()}/`)
  const result = await pools.send(postTo(url))
  assert.deepEqual(
    [result.kind, 'because' in result && result.because],
    ['not-sent', 'connect-failed'],
  )
  assert.match('detail' in result ? result.detail : '', /ECONNREFUSED/)
})

test('another scheme than http and https is not spoken', async (t) => {
  const { pools } = await open(t, () => undefined)
  const result = await pools.send(postTo(new URL('ftp://127.0.0.1/')))
  assert.equal(result.kind, 'not-sent')
})

test('a connection that does not stand in time is a failed one', async (t) => {
  // The port answers TCP and never TLS.
  const { peer, pools } = await open(t, () => undefined)
  const url = new URL(`https://127.0.0.1:${peer.port}/`)
  const timeouts = { ...PATIENT, connectTimeoutMs: 50 }
  const result = await pools.send(postTo(url, { timeouts }))
  assert.deepEqual(
    [result.kind, 'because' in result && result.because],
    ['not-sent', 'connect-failed'],
  )
})

test('TLS is spoken to a peer whose authority is known, and to no other', async (t) => {
  const known = await open(t, () => answer(200, 'yes'), { tls: { ca: CERTIFICATE } }, { tls: true })
  const first = await known.pools.send(postTo(known.peer.url))
  assert.equal(first.kind === 'answered' && first.status, 200)
  const unknown = await open(t, () => answer(200, 'yes'), {}, { tls: true })
  const second = await unknown.pools.send(postTo(unknown.peer.url))
  assert.equal(second.kind === 'not-sent' && second.because, 'tls-failed')
  assert.equal(unknown.peer.heard.length, 0)
})

test('a given resolver is asked and nobody else', async (t) => {
  const asked: string[] = []
  const { peer, pools } = await open(t, () => answer(200, 'yes'), {
    lookup(host, options, found) {
      asked.push(host)
      if (options.all === true) found(null, [{ address: '127.0.0.1', family: 4 }])
      else found(null, '127.0.0.1', 4)
    },
  })
  const result = await pools.send(postTo(new URL(`http://mmsc.example:${peer.port}/`)))
  assert.equal(result.kind, 'answered')
  assert.deepEqual(asked, ['mmsc.example'])
  assert.match(peer.heard[0]?.head ?? '', /^host: mmsc\.example:/im)
})

test('an aborted signal ends a call at once: not sent before the last byte, unknown after it', async (t) => {
  const given = new AbortController()
  const { peer, pools } = await open(t, () => {
    setImmediate(() => given.abort())
    return undefined
  })
  const after = await pools.send(postTo(peer.url), given.signal)
  assert.deepEqual([after.kind, 'because' in after && after.because], ['unknown', 'aborted'])
  const before = await pools.send(postTo(peer.url), given.signal)
  assert.deepEqual([before.kind, 'because' in before && before.because], ['not-sent', 'aborted'])
})

test('one more than may wait is turned away', async (t) => {
  const held: (() => void)[] = []
  const { peer, pools } = await open(
    t,
    ({ socket }) => {
      held.push(() => socket.write(answer(200, 'yes')))
      if (held.length === 2) wake()
      return undefined
    },
    { connectionsPerOriginMax: 1, waitingPerOriginMax: 1 },
  )
  let wake: () => void = () => undefined
  const first = pools.send(postTo(peer.url))
  const second = pools.send(postTo(peer.url))
  const third = await pools.send(postTo(peer.url))
  assert.equal(third.kind === 'not-sent' && third.because, 'busy')
  const both = new Promise<void>((resolve) => {
    wake = resolve
  })
  while (held.length === 0) await new Promise((resolve) => setImmediate(resolve))
  held[0]?.()
  await both
  held[1]?.()
  assert.deepEqual(
    (await Promise.all([first, second])).map(({ kind }) => kind),
    ['answered', 'answered'],
  )
})

test('closing lets a running call end, takes no more, and cuts after the deadline', async (t) => {
  let say: () => void = () => undefined
  const { peer, pools } = await open(t, ({ socket }) => {
    say = () => void socket.write(answer(200, 'yes'))
    return undefined
  })
  const running = pools.send(postTo(peer.url))
  while (peer.heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
  const closing = pools.close(5000)
  const late = await pools.send(postTo(peer.url))
  assert.equal(late.kind === 'not-sent' && late.because, 'busy')
  say()
  await closing
  assert.equal((await running).kind, 'answered')

  const stubborn = await open(t, () => undefined)
  const hanging = stubborn.pools.send(postTo(stubborn.peer.url))
  while (stubborn.peer.heard.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await stubborn.pools.close(20)
  const cut = await hanging
  assert.deepEqual([cut.kind, 'because' in cut && cut.because], ['unknown', 'aborted'])
})

test('a body of any size is never held whole', async (t) => {
  const { peer, pools } = await open(t, () => answer(200, 'yes'))
  let ahead = 0
  let most = 0
  const piece = Buffer.alloc(64 * 1024)
  const body: HttpBody = {
    bytes: LONG_BYTES,
    async *open() {
      for (let sent = 0; sent < LONG_BYTES; sent += piece.length) {
        ahead += piece.length
        most = Math.max(most, ahead)
        yield piece
        // Asked for the next one: what was written before has left the heap's hands.
        ahead = 0
      }
    },
  }
  const result = await pools.send(postTo(peer.url, { body }))
  assert.equal(result.kind, 'answered')
  assert.equal(peer.heard[0]?.body.length, LONG_BYTES)
  assert.equal(most, piece.length)
})
