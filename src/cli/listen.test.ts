import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentType } from '../codecs/mime/content-type.ts'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import { writeMm7Body } from '../codecs/mm7/multipart-writer.ts'
import { readMm7Reply } from '../codecs/mm7/request-reader.ts'
import type { Mm7Operation } from '../codecs/mm7/types.ts'
import { namespaceFor } from '../codecs/mm7/versions.ts'
import { post } from './post.ts'
import { makeFolder, type Running, startCli } from './testing/run-cli.ts'

const VERSION = '6.8.0'
const namespace = namespaceFor(VERSION)

const REPORT: Mm7Operation = {
  name: 'DeliveryReportReq',
  mm7Version: VERSION,
  messageId: '177236640000000001',
  recipient: { kind: 'Number', value: '15550100123' },
  sender: { kind: 'ShortCode', value: '12345' },
  dateMs: Date.UTC(2026, 2, 1),
  mmStatus: 'Retrieved',
  statusText: 'Message retrieved',
}

const DELIVER: Mm7Operation = {
  name: 'DeliverReq',
  mm7Version: VERSION,
  linkedId: '177236640000000001',
  sender: { kind: 'Number', value: '15550100123' },
  recipients: [{ list: 'To', address: { kind: 'ShortCode', value: '12345' } }],
  content: { href: 'cid:mo' },
}

const PARTS = [
  { contentType: 'image/png', body: [Buffer.from('png bytes')], contentLocation: '../bell.png' },
  { contentType: 'text/plain; charset=utf-8', body: [Buffer.from('Hello back')], contentId: 't' },
]

async function portOf(running: Running): Promise<number> {
  return (JSON.parse(await running.firstLine()) as { port: number }).port
}

async function tell(port: number, operation: Mm7Operation, parts: typeof PARTS = []) {
  const envelope = encodeMm7({ transactionId: 'tx-1', namespace, operation })
  const body = writeMm7Body({ envelope, parts, contentId: 'mo', token: 'x' })
  const answer = await post({
    url: new URL(`http://localhost:${port}/`),
    headers: { 'content-type': body.contentType, 'content-length': body.contentLength },
    pieces: body.pieces,
    timeoutMs: 10_000,
  })
  if (answer.kind !== 'answered') throw new Error(answer.because)
  assert.equal(answer.status, 200)
  const reply = readMm7Reply(contentType('text/xml'), answer.body)
  if (reply.kind !== 'ok') throw new Error(reply.kind)
  return reply
}

test('a report and a message are answered in kind, shown, and end the count', async (t) => {
  const save = join(makeFolder(t), 'inbox')
  const words = ['listen', '--port', '0', '--json', '--count', '2', '--save', save]
  const running = startCli(words)
  const port = await portOf(running)
  const report = await tell(port, REPORT)
  const deliver = await tell(port, DELIVER, PARTS)
  for (const [reply, name] of [
    [report, 'DeliveryReportRsp'],
    [deliver, 'DeliverRsp'],
  ] as const) {
    assert.equal(reply.transactionId, 'tx-1')
    assert.equal(reply.namespace, namespace)
    assert.equal(reply.operation.name, name)
    assert.equal('status' in reply.operation && reply.operation.status?.statusCode, 1000)
  }
  const { code, stdout } = await running.ended
  assert.equal(code, 0)
  const [, first, second] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.equal(first?.kind, 'DeliveryReportReq')
  assert.equal(first?.mmStatus, 'Retrieved')
  assert.equal(first?.messageId, '177236640000000001')
  assert.equal(second?.kind, 'DeliverReq')
  assert.deepEqual(second?.parts, [
    { name: '../bell.png', mediaType: 'image/png', bytes: 9 },
    { name: 't', mediaType: 'text/plain', bytes: 10, text: 'Hello back' },
  ])
  const files = readdirSync(save).sort()
  assert.deepEqual(
    files.map((file) => file.replace(/^\d+-/, '')),
    ['1-bell.png', '2-t.bin'].map((name) => name.replace('t.bin', 't.txt')),
  )
  assert.equal(readFileSync(join(save, files[0] ?? ''), 'utf8'), 'png bytes')
})

test('it refuses with the code it was given, to see a gateway try again', async () => {
  const running = startCli(['listen', '--port', '0', '--json', '--count', '1', '--answer', '4003'])
  const { operation } = await tell(await portOf(running), REPORT)
  assert.equal('status' in operation && operation.status?.statusCode, 4003)
  assert.equal((await running.ended).code, 0)
})

test('what is no message for a client is answered with a fault, and shown', async () => {
  const running = startCli(['listen', '--port', '0', '--json', '--count', '1'])
  const reply = await tell(await portOf(running), {
    name: 'CancelReq',
    mm7Version: VERSION,
    senderIdentification: {},
    messageId: '1',
  })
  assert.equal(reply.operation.name, 'VASPErrorRsp')
  const { stdout } = await running.ended
  assert.match(stdout, /"kind":"CancelReq"/)
})

test('people see who, what and how large', async () => {
  const running = startCli(['listen', '--port', '0', '--count', '2'])
  const port = await new Promise<number>((resolve) => {
    running.child.stderr?.once('data', (text: string) => {
      resolve(Number(/localhost:(\d+)/.exec(text)?.[1]))
    })
  })
  await tell(port, REPORT)
  await tell(port, DELIVER, PARTS)
  const { stdout } = await running.ended
  assert.match(
    stdout,
    /◀ report Retrieved {2}by \+15550100123 {2}“Message retrieved”\n +message 1772/,
  )
  assert.match(stdout, /◀ message {2}\+15550100123 → 12345\n +linked to 1772/)
  assert.match(stdout, /image\/png +9 bytes +\.\.\/bell\.png\n/)
  assert.match(stdout, /text\/plain +10 bytes +t +“Hello back”\n/)
})

test('Ctrl-C ends it with 0', async () => {
  const running = startCli(['listen', '--port', '0', '--json'])
  await running.firstLine()
  running.child.kill('SIGINT')
  assert.equal((await running.ended).code, 0)
})

test('a port that is taken ends with 69 and says which', async () => {
  const first = startCli(['listen', '--port', '0', '--json', '--host', '127.0.0.1'])
  const port = await portOf(first)
  const second = await startCli(['listen', '--port', String(port), '--host', '127.0.0.1']).ended
  assert.equal(second.code, 69)
  assert.match(second.stderr, new RegExp(`port ${port} is taken`))
  assert.match(second.stderr, /--port/)
  first.child.kill('SIGTERM')
  assert.equal((await first.ended).code, 0)
})
