import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { attemptOf, partOf } from '../../connectors/mm7/testing/attempt.ts'
import { type Account, EMPTY_DIRECTORY, indexDirectory } from '../../core/directory.ts'
import { SPOKEN } from '../../dialects/spoken.ts'
import type { Attempt } from '../../engine/ports/connector.ts'
import { openCallbackClient } from './callback.ts'
import { createClientConnector } from './deliver.ts'
import { isMm7Dialect } from './door.ts'

const PIECE_BYTES = 64 * 1024

/** A client with a callback, which takes a message as the test says. */
async function open(t: TestContext, take: (request: IncomingMessage) => Promise<void>) {
  const server = createServer((request, response) => {
    take(request).then(
      () => response.end(),
      () => response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const callbacks = openCallbackClient(1)
  t.after(async () => {
    await callbacks.close(0)
    server.closeAllConnections()
    server.close()
  })
  const dialect = SPOKEN.filter(isMm7Dialect).find(({ name }) => name === 'sinch')
  assert.ok(dialect !== undefined)
  const account: Account = {
    id: 'acme',
    name: 'Acme bells',
    dialect: 'sinch',
    enabled: true,
    services: [],
    limits: { callsPerSecond: 1, callsBurst: 1, contentBytesMax: 1 },
    carrierIdRequired: false,
    carrierLookup: false,
    presentationRequired: false,
    mm7: {
      enabled: true,
      vaspIdHash: '',
      allowAddresses: [],
      replyType: 'text/xml',
      callbackUrl: `http://127.0.0.1:${port}/`,
      reports: true,
      verboseReports: true,
      blankAnswerAccepted: true,
      passThrough: false,
      passThroughWaitMs: 1,
    },
  }
  const directory = indexDirectory(EMPTY_DIRECTORY)
  const connector = createClientConnector(account, dialect, () => directory, callbacks, Math.random)
  assert.ok(connector !== undefined)
  return (attempt: Attempt) => connector.deliver(attempt, AbortSignal.timeout(10_000))
}

async function drained(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

test('a message from a handset streams: its end is read when its beginning is with the client', async (t) => {
  let begun: () => void = () => undefined
  const beginning = new Promise<void>((resolve) => {
    begun = resolve
  })
  let body: Buffer = Buffer.alloc(0)
  let declared = 0
  const deliver = await open(t, async (request) => {
    declared = Number(request.headers['content-length'])
    await once(request, 'readable')
    begun()
    body = await drained(request)
  })
  const text = Buffer.from('ding '.repeat(2 * PIECE_BYTES)).toString('base64')
  const stored = Buffer.from(text)
  const bytes = Buffer.from(text, 'base64')
  const part = partOf('audio/amr', stored, { encoding: 'base64', decodedLength: bytes.length })
  const attempt = attemptOf([part], {
    async *open() {
      for (let at = 0; at < stored.length; at += PIECE_BYTES) {
        if (at + PIECE_BYTES >= stored.length) await beginning
        yield stored.subarray(at, at + PIECE_BYTES)
      }
    },
  })
  assert.equal((await deliver(attempt)).kind, 'delivered')
  assert.equal(body.length, declared)
  assert.ok(body.includes(bytes), 'as binary, whole')
})

const unsendable = {
  'is no base64': partOf('image/png', Buffer.from('AA\u0000*'), { encoding: 'base64' }),
  'is shorter than was counted': partOf('image/png', Buffer.from('abc'), { decodedLength: 4 }),
  'is longer than was counted': partOf('image/png', Buffer.from('abc'), { decodedLength: 2 }),
}
for (const [what, part] of Object.entries(unsendable)) {
  test(`a stored part that ${what} ends the delivery, and the client gets no half message`, async (t) => {
    let whole = 0
    const deliver = await open(t, async (request) => {
      await drained(request)
      whole += 1
    })
    const outcome = await deliver(attemptOf([part]))
    assert.deepEqual(outcome, { kind: 'rejected', reason: 'attachment-unreadable' })
    assert.equal(whole, 0)
  })
}

test('a part that our own disk does not give is our fault, not the client’s', async (t) => {
  const deliver = await open(t, async (request) => {
    await drained(request)
  })
  const attempt = attemptOf([partOf('image/png', Buffer.from('abc'))], {
    // biome-ignore lint/correctness/useYield: it fails before its first piece
    async *open() {
      throw new Error('EIO')
    },
  })
  await assert.rejects(deliver(attempt), /EIO/)
})
