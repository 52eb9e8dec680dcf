import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { test } from 'node:test'
import { type LateServer, openLateServer, type Serving } from './late-server.ts'

const LOOPBACK = '127.0.0.1'

/** Greets whoever comes. */
async function greet(listening: Server): Promise<Serving> {
  const open = new Set<Socket>()
  listening.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket)).on('error', () => undefined)
    socket.end('hello')
  })
  return {
    async close() {
      const closed = once(listening, 'close')
      listening.close()
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}

async function openWith(
  prepare: () => Promise<typeof greet>,
  failed: (error: unknown) => void = assert.ifError,
): Promise<LateServer> {
  return openLateServer({ host: LOOPBACK, port: 0, failed }, prepare)
}

/** What is said to somebody who comes; `end`: and has nothing to say. */
async function heard({ address }: LateServer, end = false): Promise<string> {
  const socket = connect(address.port, address.host)
  if (end) socket.end()
  let text = ''
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return text
}

test('what serves is loaded once, and everybody who came meanwhile is served', async () => {
  let loads = 0
  const server = await openWith(async () => {
    loads += 1
    return greet
  })
  assert.equal(loads, 0)
  assert.deepEqual(await Promise.all([heard(server), heard(server)]), ['hello', 'hello'])
  assert.equal(await heard(server), 'hello')
  assert.equal(loads, 1)
  await server.close(0)
})

test('a port that nobody calls is closed without being served', async () => {
  const server = await openWith(() => assert.fail('loaded'))
  await server.close(0)
  const again = createServer().listen(server.address.port, LOOPBACK)
  await once(again, 'listening')
  again.close()
})

test('a port that is closed loads nothing any more', async () => {
  const server = await openWith(() => assert.fail('loaded'))
  await server.close(0)
  await server.load()
})

test('when loading fails those who wait are cut, it is told, and the next one tries again', async () => {
  const told: unknown[] = []
  let broken = true
  const server = await openWith(
    async () => {
      if (broken) throw new Error('not to be had')
      return greet
    },
    (error) => told.push(error),
  )
  assert.equal(await heard(server), '')
  assert.equal(told.length, 1)
  await assert.rejects(server.load(), /not to be had/)
  broken = false
  assert.equal(await heard(server), 'hello')
  await server.close(0)
})

test('whoever hangs up while waiting breaks nothing', async () => {
  let go = (_: typeof greet) => {}
  const code = new Promise<typeof greet>((resolve) => {
    go = resolve
  })
  const server = await openWith(() => code)
  const gone = connect(server.address.port, LOOPBACK)
  await once(gone, 'connect')
  gone.resetAndDestroy()
  await once(gone, 'close')
  const staying = heard(server)
  go(greet)
  assert.equal(await staying, 'hello')
  await server.close(0)
})

test('whoever ends while waiting and said nothing is let go, for nobody would hear of it again', async (t) => {
  let go = (_: typeof greet) => {}
  const code = new Promise<typeof greet>((resolve) => {
    go = resolve
  })
  const server = await openLateServer(
    { host: LOOPBACK, port: 0, allowHalfOpen: true, failed: assert.ifError },
    () => code,
  )
  const accepted = new Promise<Socket>((resolve) => {
    const take = (message: unknown) => {
      unsubscribe('net.server.socket', take)
      resolve((message as { socket: Socket }).socket)
    }
    subscribe('net.server.socket', take)
  })
  const silent = heard(server, true)
  await once(await accepted, 'end')
  t.after(() => server.close(0))
  go(greet)
  assert.equal(await silent, '')
})

test('the close of a server that is just being loaded waits for it', async () => {
  const server = await openWith(async () => greet)
  const loading = server.load()
  await server.close(0)
  await loading
})
