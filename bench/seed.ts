/** Fills a store with queued messages, through its port and in a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Content } from '../src/core/message.ts'
import { createMessageIds } from '../src/engine/message-id.ts'
import type { Op } from '../src/engine/ports/store.ts'
import { openSqliteStore } from '../src/stores/sqlite/store.ts'
import { RELAYED } from './directory.ts'

/** Ops of one commit. */
const BATCH = 256
/** Commits under way. */
const COMMITS = 4
const DAY_MS = 86_400_000

/** Milliseconds it took. */
export async function seedBacklog(data: string, messages: number): Promise<number> {
  const startedAt = performance.now()
  const child = fork(fileURLToPath(import.meta.url), ['seed', data, String(messages)])
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the seeding process ended with ${code}`)
  return performance.now() - startedAt
}

async function seed(data: string, messages: number): Promise<void> {
  const store = await openSqliteStore({
    path: join(data, 'carillon.db'),
    onFatal(error) {
      throw error
    },
  })
  const now = Date.now()
  const nextId = createMessageIds(Math.random)
  let left = messages
  async function write(): Promise<void> {
    while (left > 0) {
      const count = Math.min(BATCH, left)
      left -= count
      await store.commit(Array.from({ length: count }, () => queuedMessage(nextId(now), now)))
    }
  }
  await Promise.all(Array.from({ length: COMMITS }, write))
  await store.close()
}

const TEXT = Buffer.from('Ding dong, and a few words more, as short messages have them. '.repeat(4))

const SHORT_TEXT: Content = {
  parts: [
    {
      mediaType: 'text/plain',
      contentType: 'text/plain; charset=utf-8',
      contentId: 'text',
      encoding: 'binary',
      offset: 0,
      length: TEXT.length,
      decodedLength: TEXT.length,
    },
  ],
  length: TEXT.length,
  inline: TEXT,
  extents: [],
}

/** A message due now, as `accept` would have it stored; a short text unless told otherwise. */
export function queuedMessage(
  id: string,
  now: number,
  content = SHORT_TEXT,
): Extract<Op, { op: 'accept' }> {
  return {
    op: 'accept',
    message: {
      id,
      accountId: RELAYED.id,
      direction: 'mt',
      channel: 'mms',
      dialect: 'sinch',
      acceptedAt: now,
      expiresAt: now + DAY_MS,
      envelope: {
        sender: { kind: 'short-code', text: RELAYED.sender },
        subject: 'A bell',
        messageClass: 'informational',
        priority: 'normal',
        senderVisible: true,
        adaptationAllowed: true,
        deliveryReports: true,
        readReports: false,
        serviceId: RELAYED.vasId,
        clientReference: id,
        clientVersion: '6.8.0',
      },
      content,
    },
    deliveries: [
      {
        index: 0,
        recipient: { kind: 'number', text: RELAYED.recipient },
        lane: 'emulated',
        state: 'queued',
        nextAt: now,
      },
    ],
    events: [
      {
        type: 'accepted',
        at: now,
        routes: [{ index: 0, route: 'emulated', because: 'Rule relayed: the default rule.' }],
      },
    ],
    notices: [],
    idempotency: {
      scope: RELAYED.id,
      key: `mm7 bench ${id}`,
      fingerprint: id,
      since: now - DAY_MS,
    },
    mediaSynced: { segment: 0, offset: 0 },
  }
}

if (process.argv[2] === 'seed' && process.argv[1] === fileURLToPath(import.meta.url)) {
  await seed(process.argv[3] ?? '', Number(process.argv[4]))
}
