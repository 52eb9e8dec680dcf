import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import { namespaceFor } from '../codecs/mm7/versions.ts'
import { SUBMIT_CONTENT_TYPE } from './demo.ts'
import { ownRoot } from './own-version.ts'
import { type Got, openLoopback } from './testing/loopback-server.ts'
import { makeFolder, runCli } from './testing/run-cli.ts'
import { createVaspReader, type Received } from './vasp-reader.ts'

const EXAMPLES = join(ownRoot(), 'examples', 'first-mms')
const PHOTO = join(EXAMPLES, 'photo.jpg')

/** The gateway's side of a submission, as its own reader sees it. */
function readRequest(got: Got): Received {
  const reader = createVaspReader(String(got.headers['content-type']))
  reader.push(got.body)
  return reader.end()
}

function submitRsp(statusCode: number, statusText: string, messageId?: string) {
  const body = encodeMm7({
    transactionId: 't',
    namespace: namespaceFor('6.8.0'),
    operation: {
      name: 'SubmitRsp',
      mm7Version: '6.8.0',
      status: { statusCode, statusText },
      ...(messageId !== undefined && { messageId }),
    },
  })
  return { contentType: 'text/xml; charset=utf-8', body }
}

function operationOf(received: Received) {
  assert.equal(received.decoded.kind, 'ok')
  if (received.decoded.kind !== 'ok') throw new Error('unreachable')
  const { operation } = received.decoded
  if (operation.name !== 'SubmitReq') throw new Error(operation.name)
  return operation
}

test('a picture and a text travel as MM7 with a SMIL that shows them', async (t) => {
  const server = await openLoopback(t, () => submitRsp(1000, 'Success', '177236640000000001'))
  const url = `http://127.0.0.1:${server.port}/mm7/sinch`
  const words = ['send', 'mms', '--image', PHOTO, '--text', 'Grüße', '--to', '+15550100123']
  const { code, stdout } = await runCli([...words, '--subject', 'A & B', '--url', url], {
    cwd: makeFolder(t),
  })
  assert.equal(code, 0)
  assert.match(stdout, /✔ 1000 Success\n/)
  assert.match(stdout, /Message +177236640000000001\n/)
  assert.match(stdout, /Next +npx carillon trace 177236640000000001\n/)

  const [got] = server.got
  assert.ok(got !== undefined)
  assert.equal(got.method, 'POST')
  assert.equal(got.headers['content-length'], String(got.body.length))
  assert.equal(got.headers.soapaction, '""')
  const received = readRequest(got)
  const operation = operationOf(received)
  assert.deepEqual(operation.senderIdentification, {
    vaspId: 'demo-sinch-key',
    vasId: 'demo',
    senderAddress: { kind: 'ShortCode', value: '12345' },
  })
  assert.deepEqual(operation.recipients, [
    { list: 'To', address: { kind: 'Number', value: '+15550100123' } },
  ])
  assert.equal(operation.subject, 'A & B')
  assert.equal(operation.deliveryReport, true)
  const [smil, photo, text] = received.parts
  assert.deepEqual(
    received.parts.map(({ mediaType }) => mediaType),
    ['application/smil', 'image/jpeg', 'text/plain'],
  )
  assert.match(Buffer.from(smil?.bytes ?? []).toString(), /<img src="cid:picture-1".*cid:text/)
  assert.deepEqual(Buffer.from(photo?.bytes ?? []), readFileSync(PHOTO))
  assert.equal(Buffer.from(text?.bytes ?? []).toString(), 'Grüße')
})

test('the key follows the door’s dialect, and every part of it can be said', async (t) => {
  const server = await openLoopback(t, () => submitRsp(1000, 'Success', '1'))
  const door = `http://127.0.0.1:${server.port}/mm7`
  const cwd = makeFolder(t)
  await runCli(['send', 'mms', '--to', '1', '--text', 'x', '--url', `${door}/skycore`], { cwd })
  const own = ['--vaspid', 'k', '--vasid', 's', '--from', '15550100199', '--mm7-version', '5.3.0']
  const more = [
    '--transaction-id',
    'tx-7',
    '--no-report',
    '--user',
    'u',
    '--password',
    'env:SECRET',
  ]
  const words = ['send', 'mms', '--to', '1', '--to', '2', '--text', 'x', ...own, ...more]
  await runCli([...words, '--url', `${door}/sinch`], { cwd, env: { SECRET: 'pä:ss' } })
  const [first, second] = server.got.map(readRequest)
  assert.ok(first !== undefined && second !== undefined)
  assert.equal(operationOf(first).senderIdentification?.vaspId, 'demo-skycore-key')
  const { senderIdentification, recipients, mm7Version, deliveryReport } = operationOf(second)
  assert.deepEqual(senderIdentification, {
    vaspId: 'k',
    vasId: 's',
    senderAddress: { kind: 'Number', value: '15550100199' },
  })
  assert.equal(recipients?.length, 2)
  assert.equal(mm7Version, '5.3.0')
  assert.equal(deliveryReport, false)
  assert.equal(second.decoded.transactionId, 'tx-7')
  const basic = Buffer.from('u:pä:ss', 'utf8').toString('base64')
  assert.equal(server.got[1]?.headers.authorization, `Basic ${basic}`)
})

// biome-ignore format: a table
const ANSWERS: readonly (readonly [string, number, string, number, RegExp])[] = [
  ['a permanent refusal',           3001, 'Number blacklisted',  1,  /✖ 3001 Number blacklisted\n[\s\S]*Means[\s\S]*Do[\s\S]*codes explain sinch 3001/],
  ['a refusal that time may mend',  3510, 'Throughput exceeded', 75, /✖ 3510 Throughput exceeded/],
  ['a code nobody knows',           7777, 'Odd',                 1,  /✖ 7777 Odd/],
]

for (const [name, statusCode, statusText, exitCode, said] of ANSWERS) {
  test(`${name} ends with ${exitCode} and says what it means`, async (t) => {
    const server = await openLoopback(t, () => submitRsp(statusCode, statusText))
    const words = ['send', 'mms', '--to', '1', '--text', 'x']
    const url = ['--url', `http://127.0.0.1:${server.port}/mm7/sinch`]
    const cwd = makeFolder(t)
    const { code, stdout } = await runCli([...words, ...url], { cwd })
    assert.equal(code, exitCode)
    assert.match(stdout, said)
    const json = await runCli([...words, ...url, '--json'], { cwd })
    assert.equal(json.code, exitCode)
    const value = JSON.parse(json.stdout) as Record<string, unknown>
    assert.equal(value.code, String(statusCode))
    assert.equal(value.text, statusText)
    assert.equal(value.dialect, 'sinch')
  })
}

test('where nobody listens it ends with 69 and nothing was sent', async (t) => {
  const server = await openLoopback(t, () => ({ body: '' }))
  const gone = `http://127.0.0.1:${server.port === 1 ? 2 : 1}/mm7/sinch`
  const words = ['send', 'mms', '--to', '1', '--text', 'x', '--url', gone]
  const { code, stderr } = await runCli(words, { cwd: makeFolder(t) })
  assert.equal(code, 69)
  assert.match(stderr, /nobody listens on http:\/\/127\.0\.0\.1:1/)
  assert.match(stderr, /npm start/)
})

test('an answer that is no MM7 ends with 65 and names the doors', async (t) => {
  const server = await openLoopback(t, () => ({
    status: 404,
    contentType: 'text/html',
    body: '<p>',
  }))
  const url = `http://127.0.0.1:${server.port}/wrong`
  const words = ['send', 'mms', '--to', '1', '--text', 'x', '--url', url]
  const { code, stderr } = await runCli(words, { cwd: makeFolder(t) })
  assert.equal(code, 65)
  assert.match(stderr, /answered HTTP 404, and that is no MM7/)
  assert.match(stderr, /\/mm7\/sinch/)
})

test('a picture of an unknown kind is sent as octets, for the gateway to judge', async (t) => {
  const server = await openLoopback(t, () => submitRsp(1000, 'Success', '1'))
  const cwd = makeFolder(t)
  writeFileSync(join(cwd, 'what.xyz'), 'bytes')
  const words = ['send', 'mms', '--to', '1', '--image', 'what.xyz']
  await runCli([...words, '--url', `http://127.0.0.1:${server.port}/mm7/sinch`], { cwd })
  const [got] = server.got
  assert.ok(got !== undefined)
  const { parts } = readRequest(got)
  assert.equal(parts.at(-1)?.mediaType, 'application/octet-stream')
})

test('the example request is whole: an envelope for the demonstration account, slides, photo, words', () => {
  const reader = createVaspReader(SUBMIT_CONTENT_TYPE)
  reader.push(readFileSync(join(EXAMPLES, 'submit.mime')))
  const received = reader.end()
  const operation = operationOf(received)
  assert.equal(operation.senderIdentification?.vaspId, 'demo-sinch-key')
  assert.equal(received.decoded.kind === 'ok' && received.decoded.issues.length, 0)
  const [, photo, words] = received.parts
  assert.deepEqual(
    received.parts.map(({ mediaType }) => mediaType),
    ['application/smil', 'image/jpeg', 'text/plain'],
  )
  assert.deepEqual(Buffer.from(photo?.bytes ?? []), readFileSync(PHOTO))
  assert.equal(Buffer.from(words?.bytes ?? []).toString(), 'Can you hear it ring?')
})

test('the curl line of the example’s README is the one the ready box prints', () => {
  const readme = readFileSync(join(EXAMPLES, 'README.md'), 'utf8')
  assert.ok(readme.includes(`-H 'Content-Type: ${SUBMIT_CONTENT_TYPE}'`))
})
