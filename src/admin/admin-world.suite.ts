/** What the tests of the admin API work on: two tenants, a message each, some of it undeliverable. */
import type { Message } from '../core/message.ts'
import type { NewDelivery, Store } from '../engine/ports/store.ts'
import type { GatewayStatus } from './route.ts'

export const TOKEN = 'a-token-that-only-this-test-knows'
export const NOW = Date.UTC(2026, 10, 21, 12)
export const FLORIST = '126112112000000001'
export const BAKER = '126112112000000002'

export const status: GatewayStatus = {
  version: '0.0.0',
  startedAt: NOW,
  ready: true,
  checks: [{ name: 'disk', ok: true }],
  facts: { held: 3 },
}

export const DIRECTORY = `
[[accounts]]
id = "florist"
dialect = "plain"
[accounts.mm7]
vaspId = "canary-key"
basic = { user = "f", password = "canary-password" }
callbackBasic = { user = "c", password = "canary-callback" }
[[accounts]]
id = "baker"
dialect = "plain"
`

function message(id: string, accountId: string): Message {
  return {
    id,
    accountId,
    direction: 'mt',
    channel: 'mms',
    dialect: 'plain',
    acceptedAt: NOW,
    expiresAt: NOW + 3_600_000,
    envelope: {
      sender: { kind: 'short-code', text: '24680' },
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: true,
      readReports: false,
    },
    content: { parts: [], length: 5, inline: new TextEncoder().encode('hello'), extents: [] },
  }
}

export async function accept(store: Store, id: string, accountId: string): Promise<void> {
  const recipients = ['15005550100', '15005550101']
  const deliveries = recipients.map((text, index): NewDelivery => {
    const recipient = { kind: 'number', text } as const
    return index === 0
      ? { index, recipient, lane: 'harbour/east', state: 'queued', nextAt: NOW + 60_000 }
      : { index, recipient, lane: 'harbour/east', state: 'failed', reason: 'no-route' }
  })
  const notice = {
    id: `${id}-1`,
    messageId: id,
    index: 1,
    accountId,
    dialect: 'plain',
    route: 'harbour/east',
    recipient: { kind: 'number', text: '15005550101' },
    envelope: message(id, accountId).envelope,
    result: 'rejected',
    happenedAt: NOW,
  } as const
  await store.commit([
    {
      op: 'accept',
      message: message(id, accountId),
      deliveries,
      events: [{ type: 'accepted', at: NOW, routes: [] }],
      notices: [{ lane: `client:${accountId}`, notice, nextAt: NOW }],
      mediaSynced: { segment: 0, offset: 0 },
    },
  ])
}

/** Uses up the attempts of every notice of a lane. */
export async function park(store: Store, lane: string): Promise<void> {
  const claim = { op: 'claim-notices', lane, now: NOW, leaseUntil: NOW + 1, limit: 10 } as const
  const [{ claimed }] = await store.commit([claim])
  for (const { id, token, notice } of claimed) {
    const { messageId } = notice
    const result = { kind: 'parked' } as const
    await store.commit([{ op: 'settle-notice', id, token, result, messageId, events: [] }])
  }
}
