/** A thousand clients that stay connected: all are held, and all are answered again. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { writeRequest } from '../support/mm7-client.ts'
import { startGateway } from '../support/start-gateway.ts'

const CONNECTIONS = 1000
/** Opened at a time, as no listen queue is without end. */
const AT_ONCE = 100

interface Line {
  readonly socket: Socket
  /** One request on this line; its whole answer. */
  ask(request: Uint8Array): Promise<string>
}

function openLine(port: number): Line {
  const socket = connect(port, '127.0.0.1')
  return {
    socket,
    ask: (request) =>
      new Promise((resolve, reject) => {
        let got = ''
        const hear = (chunk: Buffer) => {
          got += chunk.toString('latin1')
          if (!got.includes('Envelope>\n')) return
          socket.off('data', hear)
          resolve(got)
        }
        socket.on('data', hear)
        socket.once('error', reject)
        socket.once('close', () => reject(new Error('the line was closed')))
        socket.write(request)
      }),
  }
}

test('a thousand connections are kept open and answered, again and again', async (t) => {
  // Twice a thousand calls and a few: on a fast machine they come within a second or two.
  const limits = { callsPerSecond: 10_000, callsBurst: 10_000, contentBytesMax: 1_000_000 }
  const world = await startGateway(t, { account: { limits } })
  const lines: Line[] = []
  t.after(() => {
    for (const { socket } of lines) socket.destroy()
  })
  // Bare, and refused: what is tried is the line.
  const request = writeRequest({ without: ['content'], parts: [] })
  const codes = async (asked: readonly Line[]) => {
    const answers = await Promise.all(asked.map((line) => line.ask(request)))
    return new Set(answers.map((answer) => /<StatusCode>(\d+)/.exec(answer)?.[1]))
  }
  while (lines.length < CONNECTIONS) {
    const more = Array.from({ length: AT_ONCE }, () => openLine(world.ports.http))
    lines.push(...more)
    assert.deepEqual([...(await codes(more))], ['2506'])
  }
  assert.ok(lines.every(({ socket }) => !socket.destroyed))
  assert.deepEqual([...(await codes(lines))], ['2506'])
  assert.equal((await world.send()).code, '1000', 'and a client who comes new')
  assert.deepEqual(world.fatal, [])
})
