/**
 * Every envelope a running gateway sends, on all four of its MM7 lines, is in order for a validator
 * that is not ours: to its clients and from them, to an upstream and from it.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { namespaceFor } from '../../src/codecs/mm7/versions.ts'
import { ORDINARY_RELAY, type RelayBehaviour } from '../../src/connectors/mm7/behaviour.ts'
import { openMm7Emulator } from '../../src/connectors/mm7/emulator.ts'
import { SPOKEN } from '../../src/dialects/spoken.ts'
import { isMm7Dialect, type Mm7Dialect } from '../../src/listeners/mm7/door.ts'
import { callbackKey, mm7Carrier } from '../../src/simulator/carriers.ts'
import { exchange, writeRequest } from '../support/mm7-client.ts'
import { schemaComplaints, statusesBeyond } from '../support/mm7-schema.ts'
import { PICTURE, SENDER, startGateway } from '../support/start-gateway.ts'
import { openWireTap, type WireTap } from '../support/wire-tap.ts'

const UPSTREAM_PREFIX = '1555020'
const TAKEN = `${UPSTREAM_PREFIX}0001`
const REFUSED = `${UPSTREAM_PREFIX}0002`
const UNREACHABLE = `${UPSTREAM_PREFIX}0003`
const STORIES: Readonly<Record<string, RelayBehaviour>> = {
  [REFUSED]: { answer: { kind: 'code', code: 2004 }, reports: [] },
  [UNREACHABLE]: { ...ORDINARY_RELAY, reports: [{ status: 'Unreachable', afterMs: 1 }] },
}

/** Envelopes in what went over a line, heads and media between them. */
function envelopesIn(connections: readonly Buffer[]): Buffer[] {
  return connections.flatMap((bytes) =>
    [...bytes.toString('latin1').matchAll(/<\?xml .*?<\/soap-env:Envelope>/gs)].map(([xml]) =>
      Buffer.from(xml, 'latin1'),
    ),
  )
}

function nameIn(envelope: Buffer): string {
  const [, name = ''] = /(?:Body|detail)><(\w+) xmlns/.exec(envelope.toString('latin1')) ?? []
  return name
}

async function tapped(t: TestContext): Promise<WireTap> {
  const tap = await openWireTap()
  t.after(() => tap.close())
  return tap
}

function post(path: string, body: Buffer): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'Host: relay.example',
    'Content-Type: text/xml',
    `Content-Length: ${body.length}`,
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body])
}

/** What a gateway says, all of which is heard in the conversation. */
const SAID = [
  'DeliverReq',
  'DeliverRsp',
  'DeliveryReportReq',
  'DeliveryReportRsp',
  'RSErrorRsp',
  'ReadReplyRsp',
  'SubmitReq',
  'SubmitRsp',
  'VASPErrorRsp',
]

/** A gateway between clients of a dialect and an upstream, every line of it tapped. */
async function openTapped(t: TestContext, dialect: Mm7Dialect, version: string) {
  const [clients, callbacks, upstream, back] = [
    await tapped(t),
    await tapped(t),
    await tapped(t),
    await tapped(t),
  ]
  const relay = await openMm7Emulator({
    host: '127.0.0.1',
    port: 0,
    behaviourOf: (number) => STORIES[number] ?? ORDINARY_RELAY,
    keepBodies: true,
    after: (_ms, callback) => setImmediate(callback),
    now: () => Date.UTC(2026, 2, 1),
  })
  t.after(() => relay.close())
  const carrier = mm7Carrier(`http://127.0.0.1:${upstream.port}/mm7`)
  const own = { ...carrier, mm7: { ...carrier.mm7, version } }
  const route = { name: 'upstream', prefix: UPSTREAM_PREFIX, carrier: own.name, enabled: true }
  const world = await startGateway(t, {
    account: { dialect: dialect.name },
    access: { callbackUrl: `http://127.0.0.1:${callbacks.port}/` },
    directory: (data) => ({
      ...data,
      carriers: [...data.carriers, own],
      routes: [route, ...data.routes],
    }),
  })
  upstream.leadTo(Number(new URL(relay.url).port))
  callbacks.leadTo(Number(new URL(world.vasp.url).port))
  clients.leadTo(world.ports.http)
  back.leadTo(world.ports.http)
  const backPath = `/mm7-upstream/${callbackKey(own.name)}`
  relay.connect({ url: `http://127.0.0.1:${back.port}${backPath}` })
  return {
    world,
    relay,
    send(to: string) {
      const draft = {
        path: `/mm7/${dialect.mm7.path}`,
        namespace: namespaceFor(version),
        operation: { mm7Version: version, deliveryReport: true, readReply: true },
      }
      return exchange(clients.port, writeRequest(draft, to))
    },
    callBackWith: (bytes: Buffer) => exchange(back.port, post(backPath, bytes)),
    /** All that the gateway said, on whichever line. */
    sent: () =>
      [clients.answered(), callbacks.said(), upstream.said(), back.answered()].flatMap(envelopesIn),
  }
}

for (const dialect of SPOKEN.filter(isMm7Dialect)) {
  for (const version of ['5.3.0', '6.8.0']) {
    test(`every envelope to clients of ${dialect.name} and an upstream in ${version}`, async (t) => {
      const { world, relay, send, callBackWith, sent } = await openTapped(t, dialect, version)
      const states = { [TAKEN]: 'delivered', [REFUSED]: 'failed', [UNREACHABLE]: 'failed' } as const
      for (const [to, state] of Object.entries(states)) {
        const { code, messageId = '', body } = await send(to)
        assert.equal(code, '1000', body)
        await world.settled(messageId, state)
      }
      assert.notEqual((await send('12')).code, '1000')
      await relay.sendReadReply('relay-1', 'Read')
      const asksReading = dialect.mm7.elements.readReply === 'kept'
      if (asksReading) await world.vasp.posts.next('Read', ({ name }) => name === 'ReadReplyReq')
      const media = [{ contentType: 'image/png', contentId: 'bell.png', bytes: PICTURE }]
      const ours = { kind: 'ShortCode', value: SENDER } as const
      assert.equal((await relay.sendFromHandset(TAKEN, ours, media)).code, 1000)
      await world.vasp.posts.next('the reply', ({ deliver }) => deliver !== undefined)
      await relay.sendFromHandset(TAKEN, { ...ours, value: '99999' }, media)
      await callBackWith(Buffer.from('<s:Envelope xmlns:s="urn:nobody"/>'))

      const envelopes = sent()
      assert.deepEqual(
        [...new Set(envelopes.map(nameIn))].sort(),
        [...SAID, ...(asksReading ? ['ReadReplyReq'] : [])].sort(),
      )
      const statuses = statusesBeyond(dialect.mm7, namespaceFor(version).replace(/.*\//, ''))
      for (const envelope of envelopes) {
        assert.deepEqual(schemaComplaints(envelope, statuses), [], envelope.toString('utf8'))
      }
      assert.deepEqual(world.fatal, [])
    })
  }
}
