import assert from 'node:assert/strict'
import { type AddressInfo, createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Mm7Access } from '../../core/directory.ts'
import { type CallbackClient, openCallbackClient } from './callback.ts'

const ANSWER = `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Header><TransactionID>t-1</TransactionID></Header><Body><DeliveryReportRsp><MM7Version>6.8.0</MM7Version><Status><StatusCode>1000</StatusCode><StatusText>Success</StatusText></Status></DeliveryReportRsp></Body></Envelope>`
const TIMEOUT_MS = 5000
const CONNECTIONS = 2

interface Client {
  readonly url: string
  /** Requests heard. */
  readonly heard: () => number
}

/** A client that answers every request with these bytes. */
async function clientSaying(t: TestContext, answer: string): Promise<Client> {
  let heard = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      if (!bytes.toString().includes('ding')) return
      heard += 1
      socket.write(answer)
    })
    t.after(() => socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/mm7`, heard: () => heard }
}

function callbacks(t: TestContext): CallbackClient {
  const client = openCallbackClient(CONNECTIONS)
  t.after(() => client.close(0))
  return client
}

function ring(client: CallbackClient, url: string, signal = new AbortController().signal) {
  return client.call(
    {
      url,
      access: {} as Mm7Access,
      transactionId: 't-1',
      contentType: 'text/xml',
      headers: {},
      body: Buffer.from('ding'),
      connectTimeoutMs: TIMEOUT_MS,
      answerTimeoutMs: TIMEOUT_MS,
    },
    signal,
  )
}

function answered(contentType: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Type: ${contentType}\r\nContent-Length: ${ANSWER.length}\r\n\r\n${ANSWER}`
}

for (const [what, contentType] of [
  ['a blank', 'text/xml;\r\n charset=utf-8'],
  ['a tab', 'text/xml;\r\n\tcharset=utf-8'],
] as const) {
  test(`a client that folds its header with ${what} is heard, and asked once from then on`, async (t) => {
    const { url, heard } = await clientSaying(t, answered(contentType))
    const client = callbacks(t)
    assert.equal((await ring(client, url)).kind, 'delivered')
    const before = heard()
    assert.equal((await ring(client, url)).kind, 'delivered')
    assert.equal(heard(), before + 1)
  })
}

test('a client that writes plain headers is asked once', async (t) => {
  const { url, heard } = await clientSaying(t, answered('text/xml'))
  assert.equal((await ring(callbacks(t), url)).kind, 'delivered')
  assert.equal(heard(), 1)
})

test('what is no HTTP is an answer from nobody', async (t) => {
  const { url } = await clientSaying(t, 'dong\r\n\r\n')
  const outcome = await ring(callbacks(t), url)
  assert.deepEqual(
    [outcome.kind, 'reason' in outcome && outcome.reason],
    ['deferred', 'client-unreachable'],
  )
})

test('an address that is none is a client that cannot be reached', async (t) => {
  assert.equal((await ring(callbacks(t), 'nowhere')).kind, 'deferred')
})
