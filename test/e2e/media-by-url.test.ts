/** Content that a client gives as an address: fetched before it is accepted, or refused. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { PICTURE, startGateway, type World } from '../support/start-gateway.ts'

/** A client's own media server; the paths that were asked for. */
async function openMedia(t: TestContext, answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, asked }
}

const bell: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'image/png')
  response.setHeader('content-length', PICTURE.length)
  response.end(PICTURE)
}

const send = (world: World, href: string, more: Parameters<World['send']>[0] = {}) =>
  world.send({ ...more, parts: [], operation: { content: { href }, ...more.operation } })

const allowing = (port: number) => ({
  config: (
    config: Parameters<NonNullable<Parameters<typeof startGateway>[1]>['config'] & {}>[0],
  ) => ({
    ...config,
    fetch: { ...config.fetch, ports: [port], allowedRanges: ['127.0.0.1'], bytesMax: 10_000 },
  }),
})

test('media by URL are fetched, kept, and travel like an attachment', async (t) => {
  const media = await openMedia(t, bell)
  const world = await startGateway(t, allowing(media.port))
  const answer = await send(world, `${media.url}/pictures/bell.png?size=1`)
  assert.equal(answer.code, '1000', answer.body)
  const mail = await world.carrier.next('MM4_forward.REQ')
  const [part] = mail.parts
  assert.equal(part?.contentType, 'image/png')
  assert.equal(part?.contentLocation, 'bell.png')
  assert.deepEqual(media.asked, ['/pictures/bell.png?size=1'])
})

test('one request repeated is one message, however its media changed', async (t) => {
  let size = 0
  const media = await openMedia(t, (_request, response) => {
    size += 10
    response.setHeader('content-type', 'text/plain')
    response.setHeader('content-length', size)
    response.end('x'.repeat(size))
  })
  const world = await startGateway(t, allowing(media.port))
  const draft = { transactionId: 'twice' }
  const [first, second] = [
    await send(world, `${media.url}/a.txt`, draft),
    await send(world, `${media.url}/a.txt`, draft),
  ]
  assert.equal(first.code, '1000')
  assert.equal(second.messageId, first.messageId)
})

// biome-ignore format: a table
const failures: readonly (readonly [string, RequestListener])[] = [
  ['a status other than 200',     (_request, response) => void response.writeHead(404).end()],
  ['a redirect',                  (_request, response) => void response.writeHead(302, { location: '/other' }).end()],
  ['a body without its length',   (_request, response) => void response.writeHead(200, { 'content-type': 'image/png' }).write(PICTURE, () => response.end())],
  ['more bytes than are taken',   (_request, response) => void response.writeHead(200, { 'content-length': 20_000 }).end('x'.repeat(20_000))],
  ['nothing',                     (_request, response) => void response.writeHead(200, { 'content-length': 0 }).end()],
  ['a line that breaks',          (_request, response) => void response.destroy()],
]

test('media that cannot be had are 3003', async (t) => {
  for (const [what, listener] of failures) {
    await t.test(what, async (t) => {
      const media = await openMedia(t, listener)
      const world = await startGateway(t, allowing(media.port))
      const answer = await send(world, `${media.url}/bell.png`)
      assert.equal(answer.code, '3003', answer.body)
      assert.equal(media.asked.length, 1)
    })
  }
})

test('nobody is sent to a private address, and a refused request is not fetched for', async (t) => {
  const media = await openMedia(t, bell)
  const closed = await startGateway(t, {
    config: (config) => ({ ...config, fetch: { ...config.fetch, ports: [media.port] } }),
  })
  assert.equal((await send(closed, `${media.url}/bell.png`)).code, '3003')
  const world = await startGateway(t, allowing(media.port))
  const refused = await send(world, `${media.url}/bell.png`, {
    operation: { senderIdentification: { vaspId: 'nobody' } },
  })
  assert.equal(refused.code, '2564')
  assert.deepEqual(media.asked, [])
})

test('what was fetched is judged like an attachment', async (t) => {
  const media = await openMedia(t, (_request, response) => {
    response.setHeader('content-length', 3)
    response.end('abc')
  })
  const world = await startGateway(t, allowing(media.port))
  assert.equal((await send(world, `${media.url}/a`)).code, '2514', 'it has no Content-Type')
  const small = await openMedia(t, bell)
  const limited = await startGateway(t, {
    ...allowing(small.port),
    account: { limits: { callsPerSecond: 100, callsBurst: 100, contentBytesMax: 10 } },
  })
  assert.equal((await send(limited, `${small.url}/bell.png`)).code, '2560')
})

test('SMSGlobal calls media that cannot be had 2004, and needs no Content-Length', async (t) => {
  const chunked = await openMedia(t, (_request, response) => {
    response.setHeader('content-type', 'image/png')
    response.write(PICTURE, () => response.end())
  })
  const world = await startGateway(t, {
    ...allowing(chunked.port),
    account: { dialect: 'smsglobal' },
  })
  const path = '/mm7/smsglobal'
  assert.equal((await send(world, `${chunked.url}/bell.png`, { path })).code, '1000')
  assert.equal((await send(world, 'http://127.0.0.1:9/bell.png', { path })).code, '2004')
})

test('the sandbox fetches from this machine, and a port nobody listens on is 3003', async (t) => {
  const media = await openMedia(t, bell)
  const world = await startGateway(t, {
    flags: { 'sandbox.enabled': true, 'sandbox.smtpPort': 0 },
    directory: () => ({ accounts: [], numbers: [], carriers: [], routes: [], blocks: [] }),
  })
  assert.equal((await send(world, `${media.url}/bell.png`)).code, '1000')
  assert.equal((await send(world, 'http://127.0.0.1:1/bell.png')).code, '3003')
})
