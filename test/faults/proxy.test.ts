/** The line that does harm does the harm it says, and none when it is healed. */
import assert from 'node:assert/strict'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { commandId, RESPONSE_BIT } from '../../src/codecs/smpp/command.ts'
import { createRandom } from '../sim/random.ts'
import { createFrameFault } from '../support/fault-frames.ts'
import { drawFault, FAULT_KINDS, type FaultKind } from '../support/fault-plan.ts'
import { type FaultProxy, type LineProtocol, openFaultProxy } from '../support/fault-proxy.ts'
import { watchSmtp } from '../support/fault-units.ts'

/** Beyond the byte at which any fault strikes. */
const ENOUGH = 40_000
const SEED = 7

interface Line {
  readonly proxy: FaultProxy
  /** Everything the far end got, over all its connections. */
  readonly got: () => Buffer
}

/** A line to a server that says back what it hears. */
async function openLine(t: TestContext, protocol: LineProtocol = 'http'): Promise<Line> {
  const chunks: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      socket.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const proxy = await openFaultProxy({ protocol, target: () => port, marks: /mark-[0-9]+/g })
  t.after(async () => {
    await proxy.close()
    server.close()
  })
  return { proxy, got: () => Buffer.concat(chunks) }
}

interface Call {
  readonly socket: Socket
  readonly heard: () => Buffer
  readonly closed: Promise<void>
  /** Resolves when so many bytes came back. */
  heardAll(bytes: number): Promise<void>
}

function call(port: number): Call {
  const chunks: Buffer[] = []
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const heard = () => Buffer.concat(chunks)
  return {
    socket,
    heard,
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
    heardAll: (bytes) =>
      new Promise((resolve) => {
        const look = () => {
          if (heard().length >= bytes) resolve()
        }
        socket.on('data', look)
        look()
      }),
  }
}

function harm(proxy: FaultProxy, kind: FaultKind): void {
  proxy.harm(createRandom(SEED), { share: 1, kinds: [kind] })
}

const bytes = Buffer.alloc(ENOUGH, 'mark-1 some words that travel ')

test('a line that is not harmed passes every byte as it is', async (t) => {
  const { proxy, got } = await openLine(t)
  const line = call(proxy.port)
  line.socket.write(bytes)
  await line.heardAll(ENOUGH)
  assert.deepEqual([line.heard(), got()], [bytes, bytes])
  line.socket.end()
  await line.closed
  assert.equal(proxy.struck.size, 0)
})

for (const kind of ['reset', 'cut'] as const) {
  test(`a line breaks with ${kind}, and what passed before is the beginning`, async (t) => {
    const { proxy, got } = await openLine(t)
    harm(proxy, kind)
    const line = call(proxy.port)
    line.socket.write(bytes)
    await line.closed
    assert.ok(line.heard().length < ENOUGH)
    assert.ok(bytes.subarray(0, got().length).equals(got()))
    assert.equal(proxy.struck.get(kind), 1)
  })
}

test('after a cut new connections are refused until it is healed', async (t) => {
  const { proxy } = await openLine(t)
  harm(proxy, 'cut')
  const first = call(proxy.port)
  first.socket.write(bytes)
  await first.closed
  const second = call(proxy.port)
  await second.closed
  assert.equal(second.heard().length, 0)
  await proxy.heal()
  const third = call(proxy.port)
  third.socket.write(bytes)
  await third.heardAll(ENOUGH)
  third.socket.destroy()
})

test('a line that is half open says nothing more, and breaks when it is healed', async (t) => {
  const { proxy, got } = await openLine(t)
  harm(proxy, 'half-open')
  const line = call(proxy.port)
  line.socket.write(bytes)
  await until(() => proxy.struck.get('half-open') === 1)
  assert.equal(line.socket.destroyed, false)
  await proxy.heal()
  await line.closed
  assert.ok(Math.min(line.heard().length, got().length) < ENOUGH)
})

test('a slow line passes everything, late', async (t) => {
  const { proxy } = await openLine(t)
  harm(proxy, 'slow')
  const line = call(proxy.port)
  line.socket.write(bytes)
  await line.heardAll(ENOUGH)
  assert.deepEqual(line.heard(), bytes)
  assert.equal(proxy.struck.get('slow'), 1)
  line.socket.destroy()
})

test('a garbled line puts bytes in, and says whom it may have garbled', async (t) => {
  const { proxy } = await openLine(t)
  harm(proxy, 'garbage')
  const line = call(proxy.port)
  line.socket.write(bytes)
  await line.heardAll(ENOUGH + 1)
  assert.notDeepEqual(line.heard().subarray(0, ENOUGH), bytes)
  assert.deepEqual([...proxy.garbled.keys()], ['mark-1'])
  line.socket.destroy()
})

test('a request is said twice, and counted', async (t) => {
  const { proxy, got } = await openLine(t)
  harm(proxy, 'duplicate')
  const line = call(proxy.port)
  const request = 'POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\nmark-2'
  line.socket.write(request)
  await line.heardAll(request.length)
  await proxy.heal()
  assert.equal(got().toString(), `${request}${request}`)
  assert.deepEqual([...proxy.replayed], [['mark-2', 1]])
  line.socket.destroy()
})

test('a mail is one unit from MAIL FROM to its dot, however it is cut up', () => {
  const commands = 'EHLO a\r\nMAIL FROM:<x>\r\nRCPT TO:<y>\r\nDATA\r\n'
  const data = 'Subject: z\r\n\r\nwords\r\n.\r\n'
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), (size) => {
      const watch = watchSmtp()
      const say = (text: string) => {
        let found: ReturnType<typeof watch.up>
        for (let at = 0; at < text.length; at += size) {
          found = watch.up(Buffer.from(text.slice(at, at + size))) ?? found
        }
        return found
      }
      assert.equal(say(commands), undefined)
      watch.down(Buffer.from('250 ok\r\n354 go on\r\n'))
      const said = Buffer.concat(say(data)?.turns.slice(1).map(Buffer.from) ?? []).toString()
      assert.equal(said, `${commands.slice(commands.indexOf('MAIL'))}${data}`)
    }),
  )
})

function pdu(command: number, sequence: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32BE(bytes.length, 0)
  bytes.writeUInt32BE(command, 4)
  bytes.writeUInt32BE(sequence, 12)
  return bytes
}

test('of PDUs one comes twice, or behind the next, in any chunks; binds and enquiries never', () => {
  const submit = commandId('submit_sm')
  const frames = [
    pdu(commandId('bind_transceiver'), 1),
    pdu(submit, 2),
    pdu(commandId('enquire_link'), 3),
    pdu(submit + RESPONSE_BIT, 4),
  ]
  const orders = { duplicate: [1, 2, 2, 3, 4], reorder: [1, 3, 2, 4] } as const
  fc.assert(
    fc.property(
      fc.constantFrom('duplicate', 'reorder'),
      fc.integer({ min: 1, max: 70 }),
      (kind, size) => {
        const fault = createFrameFault(kind, 0)
        const all = Buffer.concat(frames)
        const out: Buffer[] = []
        for (let at = 0; at < all.length; at += size) {
          out.push(fault.pass(all.subarray(at, at + size)))
        }
        const passed = Buffer.concat([...out, fault.rest()])
        const sequences = Array.from({ length: passed.length / 16 }, (_, n) =>
          passed.readUInt32BE(n * 16 + 12),
        )
        assert.deepEqual(sequences, orders[kind])
      },
    ),
  )
})

test('the same seed draws the same faults', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const draw = () => {
        const random = createRandom(seed)
        return Array.from({ length: 5 }, () =>
          drawFault(random, { share: 0.7, kinds: FAULT_KINDS }),
        )
      }
      assert.deepEqual(draw(), draw())
    }),
  )
})

function until(happened: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (happened()) resolve()
      else setImmediate(look)
    }
    look()
  })
}
