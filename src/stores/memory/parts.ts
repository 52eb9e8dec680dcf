/** Parts of messages that come in several. */
import type { MessageId } from '../../core/message.ts'
import type { Op, OpResults, PartSet } from '../../engine/ports/store.ts'
import { isMessageId } from '../message-id.ts'
import type { Journal } from './journal.ts'
import type { StoredPart, Tables } from './tables.ts'

type HoldPart = Extract<Op, { readonly op: 'hold-part' }>

export function holdPart(t: Tables, journal: Journal, op: HoldPart): OpResults['hold-part'] {
  const { part, setsMax } = op
  if (!isMessageId(part.id)) throw new TypeError(`not a message id: ${part.id}`)
  const rows = [...t.parts.values()].filter(
    (other) => other.part.key === part.key && other.expiresAt > part.at,
  )
  const same = rows.find(
    ({ part: { sequence, total, fingerprint } }) =>
      sequence === part.sequence && total === part.total && fingerprint === part.fingerprint,
  )
  if (same !== undefined) return { kind: 'duplicate', id: same.part.id }
  const others = rows.filter(({ messageId }) => messageId === undefined)
  const [other] = others
  const contradicts =
    other !== undefined &&
    (other.part.total !== part.total || others.some((row) => row.part.sequence === part.sequence))
  if (contradicts) return { kind: 'conflict' }
  if (t.parts.has(part.id) || t.messages.has(part.id)) return { kind: 'id-taken' }
  if (other === undefined && setsOf(t, part.submission.accountId) >= setsMax) {
    return { kind: 'full' }
  }
  const first = other?.first ?? part.id
  const expiresAt = other?.expiresAt ?? part.expiresAt
  journal.put(t.parts, part.id, { part, first, expiresAt })
  if (others.length + 1 < part.total) return { kind: 'held' }
  return { kind: 'complete', set: setOf(t, first) }
}

/** Sets of an account that wait. */
function setsOf(t: Tables, accountId: string): number {
  return [...t.parts.values()].filter(
    ({ part, first, messageId }) =>
      messageId === undefined && part.id === first && part.submission.accountId === accountId,
  ).length
}

/** The parts of a set while they wait, in order. */
export function waitingParts(t: Tables, first: MessageId): StoredPart[] {
  return [...t.parts.values()]
    .filter((stored) => stored.first === first && stored.messageId === undefined)
    .sort((left, right) => left.part.sequence - right.part.sequence)
}

/** The set is this message from now on. */
export function becomeMessage(
  t: Tables,
  journal: Journal,
  first: MessageId,
  messageId: MessageId,
): void {
  for (const stored of waitingParts(t, first)) {
    journal.put(t.parts, stored.part.id, { ...stored, messageId })
  }
}

/** Sets whose time is up, the longest first. */
export function lateParts(t: Tables, now: number, limit: number): readonly PartSet[] {
  const late = [...t.parts.values()]
    .filter(({ messageId, expiresAt }) => messageId === undefined && expiresAt <= now)
    .sort((left, right) => left.expiresAt - right.expiresAt || order(left.first, right.first))
    .slice(0, limit)
  return [...new Set(late.map(({ first }) => first))].map((first) => setOf(t, first))
}

function setOf(t: Tables, first: MessageId): PartSet {
  return { first, parts: waitingParts(t, first).map(({ part }) => part) }
}

function order(left: string, right: string): number {
  return left < right ? -1 : 1
}
