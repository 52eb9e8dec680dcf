/**
 * Compares what the gateway kept and said with what happened (invariants I1 to I7 and I9, and
 * conservation). It knows nothing of how the gateway works.
 */
import { isFinal } from '../../src/core/delivery-state.ts'
import type { ReportedStatus } from '../../src/core/outcome.ts'
import type { MessageStory, Store } from '../../src/engine/ports/store.ts'
import { nameOf, type Reported, remoteNameOf } from './ledger.ts'
import type { World } from './world.ts'

/** What each final report means for the state. */
const MEANS: Readonly<Partial<Record<ReportedStatus, string>>> = {
  retrieved: 'delivered',
  forwarded: 'forwarded',
  expired: 'expired',
  rejected: 'failed',
  unreachable: 'failed',
}
const INTERIM = new Set(['handed-to-network', 'deferred'])
/** Reasons by which the gateway says that the message never arrived, on nobody else's word. */
const OWN_WORD = new Set(['expired', 'retries-exhausted', 'link-down', 'no-route', 'cancelled'])
/** A report in hand is used within this, whatever else goes on; milliseconds. */
const USE_MS = 60_000

export async function audit(world: World, disk: Store): Promise<void> {
  const stories = await storiesOf(disk)
  lookForLosses(world, stories)
  lookForDoubles(world, stories)
  for (const story of stories.values()) {
    for (const delivery of story.deliveries) {
      const name = nameOf(delivery.messageId, delivery.index)
      if (!isFinal(delivery.state)) world.object('no final state', `${name}: ${delivery.state}`)
      lookAtTruth(world, name)
    }
    lookAtTellings(world, story)
    lookAtWithdrawals(world, story)
  }
}

async function storiesOf(disk: Store): Promise<ReadonlyMap<string, MessageStory>> {
  const messages = await disk.read({ query: 'messages', limit: Number.MAX_SAFE_INTEGER })
  const stories = new Map<string, MessageStory>()
  for (const { message } of messages) {
    const story = await disk.read({ query: 'message', messageId: message.id })
    if (story !== undefined) stories.set(message.id, story)
  }
  return stories
}

/** I1: what a client was told yes for is there, whole. */
function lookForLosses({ ledger, object }: World, stories: ReadonlyMap<string, MessageStory>) {
  for (const [key, messageId] of ledger.acknowledged) {
    const story = stories.get(messageId)
    const sent = ledger.sent.get(key)
    if (story === undefined) object('acknowledged message lost', `${key} as ${messageId}`)
    else if (story.deliveries.length !== sent?.recipients) {
      object('recipients lost', `${messageId}: ${story.deliveries.length} of ${sent?.recipients}`)
    }
  }
}

/** I4 and I5: one message per key, one outward key per delivery, one copy at a handset. */
function lookForDoubles({ ledger, object }: World, stories: ReadonlyMap<string, MessageStory>) {
  const ids = new Map<string, string>()
  for (const { message } of stories.values()) {
    const key = message.envelope.clientReference ?? ''
    const other = ids.get(key)
    if (other !== undefined) object('duplicate acceptance', `${key}: ${other} and ${message.id}`)
    ids.set(key, message.id)
  }
  const owners = new Map<string, string>()
  for (const [name, keys] of ledger.keys) {
    if (keys.size > 1) object('unstable key', `${name}: ${[...keys].join(', ')}`)
    for (const key of keys) {
      if (owners.has(key)) object('unstable key', `${key} of ${name} and ${owners.get(key)}`)
      owners.set(key, name)
    }
  }
  for (const [name, times] of ledger.taken) {
    if (times > 1) object('duplicate at the handset', `${name} was taken ${times} times`)
  }
}

/** The end agrees with the first word of the carrier, and nobody is said to have failed who got it. */
function lookAtTruth({ ledger, object }: World, name: string): void {
  const end = ledger.ends.get(name)
  if (end === undefined) return
  const first = firstWord(ledger.reported, (remote) => ledger.linked.get(remote)?.delivery === name)
  if (first !== undefined) {
    const learntAt = ledger.linked.get(remoteNameOf(first.lane, first.remoteId))?.at ?? 0
    const heardAt = Math.max(first.at, learntAt)
    if (heardAt + USE_MS < end.at && MEANS[first.status] !== end.state) {
      object('wrong final', `${name} is ${end.state} (${end.reason}), reported ${first.status}`)
    }
  }
  // An attempt that slept past its lease can still wake and send after the carrier had refused the
  // one after it and the plan was used up: what comes later than the end was nobody's to know.
  const heldSince = ledger.heldSince.get(name) ?? Number.POSITIVE_INFINITY
  if (heldSince <= end.at && end.reason !== undefined && OWN_WORD.has(end.reason)) {
    object('false final', `${name} is ${end.state} (${end.reason}), and was taken`)
  }
}

function firstWord(
  reported: readonly Reported[],
  isOurs: (remote: string) => boolean,
): Reported | undefined {
  return reported.find(
    ({ lane, remoteId, status }) =>
      MEANS[status] !== undefined && isOurs(remoteNameOf(lane, remoteId)),
  )
}

/** A yes to a withdrawal holds for every recipient it does not name. */
function lookAtWithdrawals({ ledger, object }: World, { message, deliveries }: MessageStory): void {
  const left = ledger.withdrawn.get(message.id)
  if (left === undefined) return
  for (const { index, state, recipient } of deliveries) {
    if (state === 'cancelled' || left.includes(recipient.text)) continue
    object('withdrawn in word only', `${nameOf(message.id, index)} is ${state}`)
  }
}

/** I6 and I7: in order, one end, never dropped, and true. */
function lookAtTellings({ ledger, object }: World, { message, deliveries }: MessageStory): void {
  for (const { index, state } of deliveries) {
    const name = nameOf(message.id, index)
    const told = ledger.told
      .map(({ notice }) => notice)
      .filter((notice) => notice.messageId === message.id && notice.index === index)
    const finals = told.filter(({ result }) => !INTERIM.has(result))
    const ends = new Set(finals.map(({ id }) => id))
    if (ends.size > 1) object('client told two ends', `${name}: ${[...ends].join(', ')}`)
    // What a client withdrew it has been told by the answer.
    if (message.envelope.deliveryReports && ends.size === 0 && state !== 'cancelled') {
      object('client never told the end', `${name}: ${state}`)
    }
    const firstEnd = told.findIndex(({ result }) => !INTERIM.has(result))
    const after = told.slice(firstEnd).filter(({ result }) => INTERIM.has(result))
    if (firstEnd >= 0 && after.length > 0) {
      object('interim after final', `${name}: ${after.map(({ result }) => result).join(', ')}`)
    }
    const good = finals.some(({ result }) => result === 'delivered')
    if (good && !ledger.fetched.has(name)) object('client told an untruth', name)
  }
}
