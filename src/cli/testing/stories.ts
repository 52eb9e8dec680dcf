/** Stories written by hand, at virtual times, that together hold every kind of event. */
import type { MessageEvent } from '../../core/event.ts'
import type { Story } from '../story.ts'

/** 2026-03-01 12:00:00 UTC. */
export const NOON = Date.UTC(2026, 2, 1, 12)
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const message: Story['message'] = {
  id: '177236640000000001',
  accountId: 'demo-sinch',
  direction: 'mt',
  channel: 'mms',
  dialect: 'sinch',
  acceptedAt: NOON,
  expiresAt: NOON + 72 * HOUR_MS,
  envelope: {
    sender: { kind: 'short-code', text: '12345' },
    subject: 'First MMS',
    messageClass: 'personal',
    priority: 'normal',
    senderVisible: true,
    adaptationAllowed: true,
    deliveryReports: true,
    readReports: false,
  },
  content: { parts: [], length: 27_806, extents: [] },
}

const accepted: MessageEvent = {
  type: 'accepted',
  at: NOON,
  routes: [{ index: 0, route: 'sandbox', because: 'Rule all: the default rule → sandbox.' }],
}

const delivery: Story['deliveries'][number] = {
  id: 1,
  messageId: message.id,
  index: 0,
  recipient: { kind: 'number', text: '15550100123' },
  lane: 'sandbox',
  state: 'delivered',
  expiresAt: message.expiresAt,
  attempts: 2,
  token: 2,
  version: 6,
}

/** Busy at first, lost once by a crash, then taken, confirmed, fetched, told. */
export const DELIVERED: Story = {
  message,
  deliveries: [delivery],
  waiting: [],
  notices: [],
  events: [
    accepted,
    {
      type: 'attempted',
      at: NOON + 31,
      startedAt: NOON + 12,
      delivery: 0,
      attempt: 1,
      token: 1,
      route: 'sandbox',
      outcome: { kind: 'deferred', reason: 'carrier-busy', raw: '452 4.3.1 Queue full' },
      state: 'deferred',
      nextAttemptAt: NOON + 30_031,
    },
    {
      type: 'attempt-lost',
      at: NOON + 30_100,
      delivery: 0,
      attempt: 2,
      state: 'deferred',
      nextAttemptAt: NOON + 35_100,
    },
    {
      type: 'attempted',
      at: NOON + 35_105,
      startedAt: NOON + 35_100,
      delivery: 0,
      attempt: 3,
      token: 3,
      route: 'sandbox',
      outcome: { kind: 'submitted', remoteId: 'c7', expects: 'response', raw: '250 2.0.0 Ok' },
      state: 'submitted',
    },
    {
      type: 'reported',
      at: NOON + 35_125,
      delivery: 0,
      route: 'sandbox',
      report: { status: 'acknowledged', raw: 'MM4_forward.RES Ok' },
      state: 'submitted',
    },
    {
      type: 'reported',
      at: NOON + 35_125 + 2 * HOUR_MS,
      delivery: 0,
      route: 'sandbox',
      report: { status: 'retrieved', raw: 'X-Mms-MM-Status-Code: Retrieved' },
      state: 'delivered',
    },
    {
      type: 'reported',
      at: NOON + 35_140 + 2 * HOUR_MS,
      delivery: 0,
      route: 'sandbox',
      report: { status: 'retrieved', raw: 'X-Mms-MM-Status-Code: Retrieved' },
      state: 'delivered',
      ignored: 'repeat',
    },
    {
      type: 'client-told',
      at: NOON + 35_150 + 2 * HOUR_MS,
      delivery: 0,
      notice: 'delivered',
      attempt: 1,
      outcome: { kind: 'deferred', reason: 'client-unreachable', raw: 'connect ECONNREFUSED' },
      nextAttemptAt: NOON + 335_150 + 2 * HOUR_MS,
    },
    {
      type: 'client-told',
      at: NOON + 335_170 + 2 * HOUR_MS,
      delivery: 0,
      notice: 'delivered',
      attempt: 2,
      outcome: { kind: 'delivered', raw: '1000 Success' },
    },
  ],
}

/** One recipient refused, one still waiting. */
export const MIXED: Story = {
  message,
  deliveries: [
    { ...delivery, state: 'failed', reason: 'recipient-opted-out' },
    {
      ...delivery,
      id: 2,
      index: 1,
      recipient: { kind: 'number', text: '15550100124' },
      state: 'deferred',
      nextAt: NOON + 60_000,
    },
  ],
  waiting: [{ index: 1, because: 'Attempt 2 of 8 is due at 12:01:00: the carrier is busy.' }],
  notices: [],
  events: [
    accepted,
    {
      type: 'attempted',
      at: NOON + 20,
      startedAt: NOON + 10,
      delivery: 0,
      attempt: 1,
      token: 1,
      route: 'sandbox',
      outcome: { kind: 'rejected', reason: 'recipient-opted-out', raw: '554 5.7.1 Opted out' },
      state: 'failed',
    },
    {
      type: 'attempted',
      at: NOON + 18,
      startedAt: NOON + 11,
      delivery: 1,
      attempt: 1,
      token: 1,
      route: 'sandbox',
      outcome: { kind: 'unknown', reason: 'carrier-timeout' },
      state: 'deferred',
      nextAttemptAt: NOON + 60_000,
    },
  ],
}
