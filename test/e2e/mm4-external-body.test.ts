/** Content that a client of MM4 says lies elsewhere: fetched before its message is taken, or refused. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import {
  type AccountOptions,
  CLIENT,
  startAccount,
  submissionFields,
} from '../support/mm4-account.ts'
import { HANDSET, PICTURE } from '../support/start-gateway.ts'

/** A client's own media server. */
async function openMedia(t: TestContext) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const there = request.url?.startsWith('/bell') === true
    const type = request.url === '/bell' ? {} : { 'content-type': 'image/png' }
    response.writeHead(there ? 200 : 404, type)
    response.end(there ? PICTURE : '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, asked }
}

const allowing = (port: number, bytesMax = 10_000): AccountOptions => ({
  config: (config) => ({
    ...config,
    fetch: { ...config.fetch, ports: [port], allowedRanges: ['127.0.0.1'], bytesMax },
  }),
})

const FIELDS = { 'Content-Type': 'multipart/mixed; boundary=b' }
const TEXT = '--b\r\nContent-Type: text/plain\r\n\r\nA bell\r\n'

function external(type: string, head = 'Content-Type: image/png\r\nContent-ID: <far>\r\n\r\n') {
  return `--b\r\nContent-Type: message/external-body; ${type}\r\n\r\n${head}\r\n`
}

test('a part that lies elsewhere is fetched, keeps its names, and travels with the others', async (t) => {
  const media = await openMedia(t)
  const world = await startAccount(t, allowing(media.port))
  const far = external(`access-type=URL; URL="${media.url}/\r\n bell.png"`)
  await world.submit4(submissionFields(FIELDS), undefined, `${far}${TEXT}--b--\r\n`)
  assert.equal((await world.response()).status, 'Ok')
  const { parts } = await world.carrier.next('MM4_forward.REQ')
  assert.deepEqual(
    parts.map(({ contentType }) => contentType),
    ['text/plain', 'image/png'],
  )
  assert.equal(parts[1]?.contentId, 'far')
  assert.deepEqual(Buffer.from(parts[1]?.bytes ?? []), PICTURE)
})

// biome-ignore format: a table
const lost: readonly (readonly [string, (url: string) => string])[] = [
  ['a server that has not got it',   (url) => external(`access-type=URL; URL="${url}/gone.png"`)],
  ['an address nobody listens at',   () => external('access-type=URL; URL="http://127.0.0.1:1/x.png"')],
  ['a way nobody here knows',        () => external('access-type=anon-ftp; site="ftp.example"; name=x')],
  ['no address',                     () => external('access-type=URL')],
  ['a header that cannot be read',   (url) => external(`access-type=URL; URL="${url}/bell.png"`, 'no header\r\n')],
]

for (const [name, part] of lost) {
  test(`${name} is 410, and the message is not taken`, async (t) => {
    const media = await openMedia(t)
    const world = await startAccount(t, allowing(media.port))
    const body = `${TEXT}${part(media.url)}--b--\r\n`
    assert.match(await world.submit4(submissionFields(FIELDS), undefined, body), /^250/)
    const { status, code, text } = await world.response()
    assert.deepEqual(
      [status, code, text],
      ['Error-content-not-accepted', '410', 'media-unavailable'],
    )
  })
}

test('what a policy refuses is refused for that, wherever its content lies', async (t) => {
  const media = await openMedia(t)
  const world = await startAccount(t, allowing(media.port))
  const body = `${external('access-type=URL; URL="http://127.0.0.1:1/x.png"')}--b--\r\n`
  await world.submit4(submissionFields(FIELDS), ['11111111111'], body)
  assert.equal((await world.response()).code, '404')
})

test('it is what its own header says where the server does not say', async (t) => {
  const media = await openMedia(t)
  const world = await startAccount(t, allowing(media.port))
  const body = `${external(`access-type=URL; URL="${media.url}/bell"`)}--b--\r\n`
  await world.submit4(submissionFields(FIELDS), undefined, body)
  const { parts } = await world.carrier.next('MM4_forward.REQ')
  assert.equal(parts[0]?.contentType, 'image/png')
})

test('nobody is called for a message that is refused whatever it holds', async (t) => {
  const media = await openMedia(t)
  const world = await startAccount(t, {
    ...allowing(media.port),
    account: { limits: { callsPerSecond: 0.001, callsBurst: 2, contentBytesMax: 1_000_000 } },
  })
  const body = `${external(`access-type=URL; URL="${media.url}/bell.png"`)}--b--\r\n`
  const codes: (string | undefined)[] = []
  for (const [change, to] of [
    [{ 'X-Mms-Delivery-Report': 'Maybe' }, HANDSET],
    [{}, '11111111111'],
    [{}, HANDSET],
  ] as const) {
    await world.submit4(submissionFields({ ...FIELDS, ...change }), [to], body)
    codes.push((await world.response()).code)
  }
  assert.deepEqual(codes, ['306', '404', '211'])
  assert.deepEqual(media.asked, [])
})

test('media that cannot be had are in the history of the message', async (t) => {
  const world = await startAccount(t, allowing(1))
  const body = `${external('access-type=URL; URL="http://127.0.0.1:1/x.png"')}--b--\r\n`
  await world.submit4(submissionFields(FIELDS), undefined, body)
  assert.equal((await world.response()).code, '410')
  const listed = await world.get(`/admin/messages?account=${CLIENT}`)
  const [kept] = (JSON.parse(listed.body) as { messages: { message: { id: string } }[] }).messages
  const { events } = await world.trace(kept?.message.id ?? '')
  assert.equal(events.find((event) => event.type === 'failed')?.policy, 'media-by-address')
})
