/** Our messages travel through Postfix to the carrier, and all it says comes back through Postfix. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { CARRIER_DOMAIN, reporting } from '../support/carrier.ts'
import { ordinaryParts } from '../support/mm7-client.ts'
import { missingPostfix, openHub, routeThrough } from '../support/postfix.ts'
import { GATEWAY_DOMAIN, HANDSET, startGateway } from '../support/start-gateway.ts'
import { told } from '../support/vasp.ts'

/** Both directions through one hub. */
async function bothWays(t: TestContext, set: readonly string[] = []) {
  const world = await startGateway(t)
  const hub = await openHub(t, {
    routes: { [GATEWAY_DOMAIN]: world.ports.smtp, [CARRIER_DOMAIN]: world.carrier.port },
    // One mail at a time: of two at once the report may overtake the response, and no interim state
    // is told after a final one.
    set: ['default_destination_concurrency_limit = 1', ...set],
  })
  await routeThrough(world, hub.port)
  world.carrier.connect({ host: '127.0.0.1', port: hub.port, domain: GATEWAY_DOMAIN })
  return { world, hub }
}

/** Rows: what the hub does that a wire of ours never does. */
// biome-ignore format: a table
const hubs: readonly (readonly [string, readonly string[]])[] = [
  ['as Debian sets it up',                     []],
  ['that completes addresses without domain',  ['local_header_rewrite_clients = permit_mynetworks', 'remote_header_rewrite_domain = hub.exchange.example']],
  ['that folds lines',                         ['smtp_line_length_limit = 512', 'header_size_limit = 20000']],
  ['that knows no 8-bit content',              ['smtpd_discard_ehlo_keywords = 8bitmime, smtputf8, chunking']],
  ['that knows plain SMTP only',               ['smtpd_discard_ehlo_keywords = pipelining, size, 8bitmime, dsn, enhancedstatuscodes']],
]

for (const [name, set] of hubs) {
  test(`a hub ${name}: parts arrive byte for byte, response and report come back`, {
    skip: missingPostfix(),
  }, async (t) => {
    const { world, hub } = await bothWays(t, set)
    const picture = randomBytes(100_000)
    const text = `Grüße 🔔 ${'und noch mehr davon '.repeat(100)}\r\n.\r\n. \r\nFrom here`
    const parts = [
      ...ordinaryParts(picture),
      { contentType: 'text/plain; charset=utf-8', contentId: 'text', body: [Buffer.from(text)] },
    ]
    const subject = 'Eine Glocke läutet: 🔔'
    const id = await world.submit(HANDSET, { parts, operation: { subject } })
    await world.settled(id, 'delivered').catch((error: Error) => {
      throw new Error(`${error.message}\n${hub.said()}`)
    })
    const seen = await world.carrier.next('MM4_forward.REQ')
    assert.match(String(seen.headers.getAll('Received')), /hub\.exchange\.example/)
    assert.deepEqual(
      seen.parts.map(({ bytes }) => Buffer.from(bytes)),
      parts.map(({ body }) => Buffer.concat([...body])),
    )
    const { message } = seen
    assert.ok(message?.type === 'MM4_forward.REQ')
    assert.equal(message.subject, subject)
    assert.deepEqual(told(world.vasp, id), ['Forwarded', 'Retrieved'])
    assert.match(hub.queue(), /empty/, 'nothing is left in the hub')
  })
}

test('what a carrier refuses comes back through the hub as the refusal it is', {
  skip: missingPostfix(),
}, async (t) => {
  const { world } = await bothWays(t)
  world.carrier.script(HANDSET, reporting('Rejected'))
  await world.settled(await world.submit(), 'failed')
  world.carrier.script(HANDSET, {
    response: 'Error-service-denied',
    responseAfterMs: 0,
    reports: [],
  })
  await world.settled(await world.submit(), 'failed')
})
