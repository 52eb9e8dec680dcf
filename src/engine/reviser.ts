/**
 * Withdraws or changes a message that waits. Only what nobody has taken may change: a delivery in
 * `queued` or `deferred` whose earlier attempts surely did not arrive. The store compares versions,
 * so a delivery is either leased to the lane or changed here, never both. What a far end has taken
 * is withdrawn when the far end gives it back. Asked again, a withdrawal that was done is done.
 */
import type { Address } from '../core/address.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Content, Envelope, MessageId } from '../core/message.ts'
import type { Reason } from '../core/reason.ts'
import { type EngineParts, type Kick, subjectOf } from './parts.ts'
import type { Delivery, MessageStory, Op } from './ports/store.ts'
import { unanswered } from './settle.ts'
import { createTakingBack } from './take-back.ts'

/** The message that is meant, and by whom. */
export interface RevisionTarget {
  readonly accountId: string
  readonly messageId: string
  /** Only these recipients; absent: all. */
  readonly recipients?: readonly Address[]
}

/** What a message is to have instead; what is absent stays. */
export interface Replacement {
  readonly envelope: Partial<Envelope>
  readonly content?: Content
  /** Not before this moment; epoch milliseconds. */
  readonly notBefore?: number
  /** End of validity; the engine clamps it. Epoch milliseconds. */
  readonly expiresAt?: number
  /** Digest of the request: the same again is a repetition. */
  readonly request: string
}

/** `left`: recipients for whom it came too late. */
export type Revision =
  | { readonly kind: 'done'; readonly left: readonly Address[] }
  | { readonly kind: 'refused'; readonly reason: Reason }

export interface Reviser {
  /** Whether the account has had a message of this id, in either direction. */
  knows(accountId: string, messageId: string): Promise<boolean>
  /** What `cancel` would answer now, if every far end it has to ask says yes. */
  judgeCancel(target: RevisionTarget): Promise<Revision>
  /** When this answers `done`, nothing of what it names will ever be sent, power cut or not. */
  cancel(target: RevisionTarget): Promise<Revision>
  /** What `replace` would answer now; `request` as in `Replacement`. */
  judgeReplace(target: RevisionTarget, request: string): Promise<Revision>
  /** All recipients or none: they share the content. */
  replace(target: RevisionTarget, by: Replacement): Promise<Revision>
}

/** Lanes and reports may be faster this often before the fault is ours. */
const RACES_MAX = 8
const MESSAGE_ID = /^[0-9]{18}$/

type Revise = Extract<Op, { readonly op: 'revise' }>

/** Nothing waits any more, and these are with far ends that may give them back. */
interface Asking {
  readonly kind: 'ask'
  readonly story: MessageStory
  readonly taken: readonly Delivery[]
  readonly left: readonly Address[]
  /** Some of what is meant has been withdrawn already. */
  readonly othersDone: boolean
}

/** A decision on the message as it was read: an answer, or what to do before it. */
type Decision =
  | { readonly kind: 'answer'; readonly revision: Revision }
  | {
      readonly kind: 'change'
      readonly ops: readonly Revise[]
      readonly left: readonly Address[]
      /** Far ends are to be asked after it. */
      readonly asks?: boolean
    }
  | Asking

export function createReviser(parts: EngineParts, kick: Kick): Reviser {
  const { store, clock, limits } = parts
  const takingBack = createTakingBack(parts)

  async function find(accountId: string, messageId: MessageId): Promise<MessageStory | undefined> {
    if (!MESSAGE_ID.test(messageId)) return undefined
    const story = await store.read({ query: 'message', messageId })
    return story?.message.accountId === accountId ? story : undefined
  }

  async function judge(
    { accountId, messageId }: RevisionTarget,
    decide: (story: MessageStory) => Decision,
  ): Promise<Decision> {
    const story = await find(accountId, messageId)
    // A message from a handset is not the client's to change.
    return story?.message.direction === 'mt' ? decide(story) : refused('message-unknown')
  }

  async function revise(
    target: RevisionTarget,
    decide: (story: MessageStory) => Decision,
  ): Promise<Revision> {
    for (let race = 0; race < RACES_MAX; race += 1) {
      const decision = await judge(target, decide)
      if (decision.kind === 'answer') return decision.revision
      if (decision.kind === 'ask') return ask(decision)
      const { ops, left } = decision
      const results = await store.commit(ops)
      await settled(target, ops, results)
      if (!results.every(({ kind }) => kind === 'done')) continue
      // The rest of a withdrawal is with far ends: looked at again, now that nothing waits.
      if (decision.asks !== true) return { kind: 'done', left }
    }
    throw new Error(`message ${target.messageId} changed ${RACES_MAX} times under one request`)
  }

  async function ask({ story, taken, left, othersDone }: Asking): Promise<Revision> {
    const kept = await takingBack.askAll(story.message, taken)
    if (!othersDone && kept.length === taken.length) return TOO_LATE
    return { kind: 'done', left: [...left, ...kept.map(({ recipient }) => recipient)] }
  }

  async function settled(
    { accountId, messageId }: RevisionTarget,
    ops: readonly Revise[],
    results: readonly { readonly kind: 'done' | 'stale' }[],
  ): Promise<void> {
    const story = await find(accountId, messageId)
    if (story === undefined) return
    for (const [place, { events, deliveries }] of ops.entries()) {
      if (results[place]?.kind !== 'done') continue
      parts.observe(subjectOf(story.message), events)
      for (const { deliveryId, change } of deliveries) {
        const lane = story.deliveries.find(({ id }) => id === deliveryId)?.lane
        if ('nextAt' in change && lane !== undefined) kick.delivery(lane, change.nextAt)
      }
    }
  }

  const cancelling = (target: RevisionTarget) => (story: MessageStory) =>
    decideCancel(story, target, clock.now(), takingBack.askable)

  return {
    async knows(accountId, messageId) {
      return (await find(accountId, messageId)) !== undefined
    },
    judgeCancel: async (target) => answerOf(await judge(target, cancelling(target))),
    cancel: (target) => revise(target, cancelling(target)),
    judgeReplace: async (target, request) =>
      answerOf(await judge(target, (story) => decideReplace(story, request))),
    async replace(target, by) {
      // The message was promised long ago: a row may never point to bytes that can still be lost.
      if (by.content !== undefined) await parts.media.durable(by.content)
      return revise(target, (story) => {
        const decision = decideReplace(story, by.request)
        if (decision.kind === 'answer') return decision
        return { ...decision, ops: [replaceOp(story, by, clock.now(), limits.validityMsMax)] }
      })
    },
  }
}

function answerOf(decision: Decision): Revision {
  return decision.kind === 'answer' ? decision.revision : { kind: 'done', left: decision.left }
}

const TOO_LATE: Revision = { kind: 'refused', reason: 'no-longer-changeable' }

function refused(reason: Reason): Decision {
  return { kind: 'answer', revision: { kind: 'refused', reason } }
}

/** What waits is withdrawn at once, before anybody is asked: its lane does not wait for answers. */
function decideCancel(
  story: MessageStory,
  { recipients }: RevisionTarget,
  now: number,
  askable: (delivery: Delivery) => boolean,
): Decision {
  const meant = (recipients ?? []).map((address) =>
    story.deliveries.find(({ recipient }) => isSame(recipient, address)),
  )
  if (meant.includes(undefined)) return refused('recipient-not-of-message')
  const named = new Set(meant)
  const deliveries = story.deliveries.filter((each) => named.size === 0 || named.has(each))
  const taken = deliveries.filter(askable)
  const left = deliveries.filter(
    (each) => each.state !== 'cancelled' && !isChangeable(each) && !taken.includes(each),
  )
  if (left.length === deliveries.length) return refused('no-longer-changeable')
  const tooLate = left.map(({ recipient }) => recipient)
  const ops = deliveries.filter(isChangeable).map((delivery) => cancelOp(delivery, now))
  if (ops.length > 0) return { kind: 'change', ops, left: tooLate, asks: taken.length > 0 }
  if (taken.length > 0) {
    const othersDone = deliveries.length > left.length + taken.length
    return { kind: 'ask', story, taken, left: tooLate, othersDone }
  }
  // Withdrawn before: its client did not hear the answer.
  return { kind: 'answer', revision: { kind: 'done', left: tooLate } }
}

function cancelOp({ id, version, index, messageId }: Delivery, at: number): Revise {
  const change = { state: 'cancelled', reason: 'cancelled' } as const
  return {
    op: 'revise',
    messageId,
    deliveries: [{ deliveryId: id, version, change }],
    events: [{ type: 'cancelled', at, delivery: index, state: 'cancelled' }],
  }
}

/** A recipient the client withdrew got nothing, so it does not stand in the way. */
function decideReplace({ deliveries, events }: MessageStory, request: string): Decision {
  const latest = events.findLast(({ type }) => type === 'replaced')
  if (latest?.type === 'replaced' && latest.request === request) {
    return { kind: 'answer', revision: { kind: 'done', left: [] } }
  }
  const others = deliveries.filter(({ state }) => state !== 'cancelled')
  const waits = others.length > 0 && others.every(isChangeable)
  return waits ? { kind: 'change', ops: [], left: [] } : refused('no-longer-changeable')
}

function replaceOp(
  { message, deliveries }: MessageStory,
  by: Replacement,
  now: number,
  validityMsMax: number,
): Revise {
  const { envelope, content, notBefore, expiresAt, request } = by
  const event: MessageEvent = { type: 'replaced', at: now, elements: elementsOf(by), request }
  return {
    op: 'revise',
    messageId: message.id,
    deliveries: deliveries.filter(isChangeable).map(({ id, version, state, nextAt }) => ({
      deliveryId: id,
      version,
      change: {
        state: state === 'deferred' ? 'deferred' : 'queued',
        nextAt: notBefore === undefined ? (nextAt ?? now) : Math.max(now, notBefore),
      },
    })),
    events: [event],
    replace: {
      envelope: envelopeWith(message.envelope, envelope),
      ...(content === undefined ? {} : { content }),
      ...(expiresAt === undefined
        ? {}
        : { expiresAt: Math.min(expiresAt, message.acceptedAt + validityMsMax) }),
    },
  }
}

/** Elements are replaced one by one, those of the application too. */
function envelopeWith(before: Envelope, given: Partial<Envelope>): Envelope {
  const { application } = given
  const merged = { ...before.application, ...application }
  return { ...before, ...given, ...(application === undefined ? {} : { application: merged }) }
}

function elementsOf({ envelope, content, notBefore, expiresAt }: Replacement): readonly string[] {
  return [
    ...Object.keys(envelope),
    ...(content === undefined ? [] : ['content']),
    ...(notBefore === undefined ? [] : ['notBefore']),
    ...(expiresAt === undefined ? [] : ['expiresAt']),
  ]
}

function isChangeable(delivery: Delivery): boolean {
  const { state } = delivery
  return (state === 'queued' || state === 'deferred') && unanswered(delivery) === undefined
}

function isSame(one: Address, other: Address): boolean {
  return one.kind === other.kind && one.text === other.text
}
