/** Turns ops into what the writer stores, on the thread of the caller. */
import { hash } from 'node:crypto'
import type { MessageEvent } from '../../core/event.ts'
import type { Content, Idempotency } from '../../core/message.ts'
import type { NewNotice, Op } from '../../engine/ports/store.ts'
import { isMessageId } from '../message-id.ts'
import type { WireAccept, WireEvents, WireNotice, WireOp, WireRevise } from './wire.ts'

/** An op and about how many bytes it writes. */
export interface Encoded {
  readonly wire: WireOp
  readonly bytes: number
}

/** Bytes an op costs beside its texts. */
const ROW_BYTES = 200
/** 96 bits of SHA-256: among a thousand million requests two clash once in 10^11 installations. */
const DIGEST_CHARS = 16

/** Inline contents are not copied here: a batch copies those of all its messages at once. */
export function encodeOp(op: Op): Encoded {
  switch (op.op) {
    case 'accept':
      return encodeAccept(op)
    case 'hold-part': {
      const { id, key, total, sequence, fingerprint, at, expiresAt } = op.part
      const body = JSON.stringify(op.part)
      const row = { id, key, total, sequence, fingerprint, at, expiresAt, body }
      if (!isMessageId(id)) throw new TypeError(`not a message id: ${id}`)
      const { accountId: account } = op.part.submission
      const wire = { op: 'hold-part', ...row, account, setsMax: op.setsMax } as const
      return { wire, bytes: ROW_BYTES + body.length }
    }
    case 'settle': {
      const events = encodeEvents(op.events)
      const notices = op.notices.map(encodeNotice)
      const { deliveryId, version, change, link, unpark = [] } = op
      return {
        wire: { op: 'settle', deliveryId, version, change, events, notices, link, unpark },
        bytes: ROW_BYTES + sizeOf(events) + sizeOfAll(notices),
      }
    }
    case 'append': {
      const events = encodeEvents(op.events)
      const { messageId, unpark = [], tell } = op
      const notices = tell?.notices.map(encodeNotice) ?? []
      const told = tell === undefined ? undefined : { deliveryId: tell.deliveryId, notices }
      return {
        wire: { op: 'append', messageId, events, unpark, tell: told },
        bytes: sizeOf(events) + sizeOfAll(notices),
      }
    }
    case 'revise':
      return encodeRevise(op)
    case 'settle-notice': {
      const events = encodeEvents(op.events)
      return { wire: { ...op, events }, bytes: ROW_BYTES + sizeOf(events) }
    }
    case 'receive': {
      const { report, ...rest } = op
      const body = JSON.stringify(report)
      return { wire: { ...rest, body }, bytes: ROW_BYTES + body.length }
    }
    case 'put-directory': {
      const entries = op.entries.map(
        ({ kind, name, value }) =>
          [kind, name, value === undefined ? undefined : JSON.stringify(value)] as const,
      )
      const bytes = entries.reduce((sum, [, , value]) => sum + (value?.length ?? 0), 0)
      return { wire: { op: 'put-directory', entries }, bytes }
    }
    default:
      return { wire: op, bytes: ROW_BYTES }
  }
}

function encodeAccept(op: Extract<Op, { op: 'accept' }>): Encoded {
  const { message, idempotency, mediaSynced } = op
  const { inline, parts, length, extents } = message.content
  if (!isMessageId(message.id)) throw new TypeError(`not a message id: ${message.id}`)
  const body = JSON.stringify({ ...message, content: { parts, length, extents } })
  const events = encodeEvents(op.events)
  const notices = op.notices.map(encodeNotice)
  const wire: WireAccept = {
    op: 'accept',
    id: message.id,
    accountId: message.accountId,
    acceptedAt: message.acceptedAt,
    expiresAt: message.expiresAt,
    body,
    inline,
    extents,
    deliveries: op.deliveries.map(({ index, recipient, lane, state, nextAt, reason }) => [
      index,
      recipient.kind,
      recipient.text,
      lane,
      state,
      nextAt ?? null,
      reason ?? null,
    ]),
    events,
    notices,
    request:
      idempotency === undefined
        ? undefined
        : { digest: digestOf(idempotency), since: idempotency.since },
    mediaSegment: mediaSynced.segment,
    mediaOffset: mediaSynced.offset,
    parts: op.parts,
  }
  const rows = ROW_BYTES * (1 + op.deliveries.length)
  const texts = body.length + sizeOf(events) + sizeOfAll(notices)
  return { wire, bytes: rows + texts + (inline?.length ?? 0) }
}

function encodeRevise(op: Extract<Op, { op: 'revise' }>): Encoded {
  const { messageId, replace = {} } = op
  const events = encodeEvents(op.events)
  const envelope = replace.envelope === undefined ? undefined : JSON.stringify(replace.envelope)
  const content = replace.content === undefined ? undefined : encodeContent(replace.content)
  const wire: WireRevise = {
    op: 'revise',
    messageId,
    deliveries: op.deliveries.map(({ deliveryId, version, change }) => [
      deliveryId,
      version,
      change.state,
      'nextAt' in change ? change.nextAt : null,
      'reason' in change ? change.reason : null,
    ]),
    events,
    envelope,
    expiresAt: replace.expiresAt,
    content,
  }
  const rows = ROW_BYTES * (1 + op.deliveries.length)
  const texts = sizeOf(events) + sizeOf(content) + (envelope?.length ?? 0)
  return { wire, bytes: rows + texts + (content?.inline?.length ?? 0) }
}

/** A view is copied, or posting it would copy the whole buffer it looks into. */
function encodeContent({ inline, ...content }: Content): NonNullable<WireRevise['content']> {
  const { extents } = content
  return { body: JSON.stringify(content), inline: inline && Uint8Array.from(inline), extents }
}

/** The whole key as one short text; JSON keeps its parts apart. */
function digestOf({ scope, key, fingerprint }: Idempotency): string {
  const text = JSON.stringify([scope, key, fingerprint])
  return hash('sha256', text, 'base64url' as 'base64').slice(0, DIGEST_CHARS)
}

function encodeEvents(events: readonly MessageEvent[]): WireEvents | undefined {
  if (events.length === 0) return undefined
  const at = events.reduce((latest, event) => Math.max(latest, event.at), 0)
  return { body: JSON.stringify(events), at }
}

function encodeNotice({ lane, notice, nextAt, leaseUntil }: NewNotice): WireNotice {
  return {
    index: notice.index,
    accountId: notice.accountId,
    lane,
    dueAt: nextAt,
    leaseUntil,
    body: JSON.stringify(notice),
  }
}

function sizeOf(text: { readonly body: string } | undefined): number {
  return text === undefined ? 0 : text.body.length
}

function sizeOfAll(notices: readonly WireNotice[]): number {
  return notices.reduce((sum, notice) => sum + ROW_BYTES + notice.body.length, 0)
}
