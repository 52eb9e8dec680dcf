/** Which X-Mms headers of a request travel with its message, and which name us and end a loop. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type AccountWorld,
  CLIENT,
  OWN_NUMBER,
  startAccount,
  submissionFields,
} from '../support/mm4-account.ts'
import {
  type Fields,
  forwardFields,
  handOver,
  nextResponse,
  writeMail,
} from '../support/mm4-client.ts'
import { GATEWAY_DOMAIN } from '../support/start-gateway.ts'

const CARRIED = {
  'X-Mms-Message-Class': 'Informational',
  'X-Mms-Priority': 'High',
  'X-Mms-Sender-Visibility': 'Hide',
  'X-Mms-Read-Reply': 'Yes',
  'X-Mms-Forward-Counter': '2',
  'X-Mms-Previously-sent-by': ['1, +15550100701/TYPE=PLMN', '2, +15550100702/TYPE=PLMN'],
  'X-Mms-Previously-sent-date-and-time': [
    '1, Fri, 20 Nov 2026 08:00:00 +0000',
    '2, Fri, 20 Nov 2026 09:00:00 +0000',
  ],
  'X-Mms-MMSIP-Address': 'mms.origin.example',
  'X-Mms-Forward-Route': ['hub.mesh.example', 'hub.south.example'],
  'X-Mms-Return-Route': 'hub.origin.example',
  'X-Mms-Content-Class': 'text',
  'X-Mms-Drm-Content': 'No',
  'X-Mms-Adaptation-Allowed': 'No',
  'X-Mms-Reply-Applic-ID': 'org.example.board',
  'X-Mms-Aux-Applic-Info': 'e2-e4',
} as const satisfies Fields

/** An operator's own: what it charges by is nobody else's business. */
const KEPT = { 'X-Mms-VASP-ID': 'chimes', 'X-Mms-Charged-Party-ID': '+15550100703' } as const

async function keptWith({ get, trace }: AccountWorld) {
  const { messages } = JSON.parse((await get(`/admin/messages?account=${CLIENT}`)).body) as {
    readonly messages: readonly { readonly message: { readonly id: string } }[]
  }
  const { message } = await trace(messages[0]?.message.id ?? '')
  return message.envelope.extensions
}

const EXTENSIONS = Object.entries(KEPT).map(([name, value]) => ({ name, value }))

test('every header of the standard that a client sends is on the request to the carrier', async (t) => {
  const world = await startAccount(t)
  assert.match(await world.submit4(submissionFields({ ...CARRIED, ...KEPT })), /^250/)
  const { headers } = await world.carrier.next('MM4_forward.REQ')
  for (const [name, value] of Object.entries(CARRIED)) {
    assert.deepEqual(headers.getAll(name), [value].flat(), name)
  }
  for (const name of Object.keys(KEPT)) assert.deepEqual(headers.getAll(name), [], name)
  assert.deepEqual(await keptWith(world), EXTENSIONS)
})

test('they travel from a handset to the MMSC of a client, too', async (t) => {
  const world = await startAccount(t)
  const to = `+${OWN_NUMBER}/TYPE=PLMN@${GATEWAY_DOMAIN}`
  const mail = writeMail(forwardFields({ To: to, ...CARRIED, ...KEPT }))
  assert.match(await handOver(world.ports.smtp, mail, [to]), /^250/)
  const { headers } = await world.mmsc.next('MM4_forward.REQ')
  for (const [name, value] of Object.entries(CARRIED)) {
    assert.deepEqual(headers.getAll(name), [value].flat(), name)
  }
  for (const name of Object.keys(KEPT)) assert.deepEqual(headers.getAll(name), [], name)
  assert.deepEqual(await keptWith(world), EXTENSIONS)
})

// biome-ignore format: a table
const ROUTES: readonly (readonly [string, Fields, boolean])[] = [
  ['our host as a hub',               { 'X-Mms-Forward-Route': 'hub.mesh.example, relay.gateway.example' },       true],
  ['our domain as a hub',             { 'X-Mms-Forward-Route': ['hub.mesh.example', GATEWAY_DOMAIN.toUpperCase()] }, true],
  ['our system as a sender before',   { 'X-Mms-Previously-sent-by': `1, system@${GATEWAY_DOMAIN}` },              true],
  ['a subscriber of ours before',     { 'X-Mms-Previously-sent-by': `1, +15550100701/TYPE=PLMN@${GATEWAY_DOMAIN}` }, false],
  ['handed on by ten users',          { 'X-Mms-Forward-Counter': '10' },                                          false],
  ['a host that ends like ours',      { 'X-Mms-Forward-Route': `x.${GATEWAY_DOMAIN}` },                           false],
  ['our host on the way back',        { 'X-Mms-Return-Route': GATEWAY_DOMAIN },                                   false],
]

test('a request that names us among those it went through is a loop, a client’s and a carrier’s', async (t) => {
  const world = await startAccount(t)
  for (const [name, change, loops] of ROUTES) {
    assert.match(await world.submit4(submissionFields(change)), /^250/, name)
    assert.equal((await world.response()).code, loops ? '401' : undefined, name)
    await handOver(world.ports.smtp, writeMail(forwardFields(change)))
    assert.equal((await nextResponse(world)).status, loops ? 'Error-unspecified' : 'Ok', name)
  }
})

test('a message that was handed on far too often is a loop, a carrier’s too', async (t) => {
  const world = await startAccount(t)
  const often = { 'X-Mms-Forward-Counter': '11' }
  await world.submit4(submissionFields(often))
  assert.equal((await world.response()).code, '141')
  await handOver(world.ports.smtp, writeMail(forwardFields(often)))
  assert.equal((await nextResponse(world)).status, 'Error-unspecified')
})
