/**
 * Takes responsibility for a message. When `accept` answers `accepted` or `duplicate`, the message
 * survives a power cut; only then may a caller say yes to its client. The body's sync and the row's
 * commit run beside each other and both are awaited.
 */
import type { MessageEvent } from '../core/event.ts'
import type { Idempotency, Message, MessageId, Submission } from '../core/message.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import type { RouteChoice } from '../core/route.ts'
import { createConsentKeeper } from './consent-keeper.ts'
import type { PutDirectory } from './directory-holder.ts'
import { noticesFor } from './notices.ts'
import { type EngineParts, type Kick, type Outbox, subjectOf } from './parts.ts'
import type { NewDelivery, NewNotice, Op, OpResults } from './ports/store.ts'
import { failedAtOnce, refusalOf, withoutLost, withoutRefused } from './refusals.ts'
import { routeSubmission } from './router.ts'
import { answered, firstAnswer, type Wait, type Watches } from './watches.ts'

export type Acceptance =
  | {
      readonly kind: 'accepted'
      readonly messageId: MessageId
      /** For a client that waits for what the next hop says first. */
      readonly wait?: Wait
    }
  /** The same request came before; this is what it was given then. */
  | {
      readonly kind: 'duplicate'
      readonly messageId: MessageId
      readonly wait?: Wait
      /** It was refused for now, and its client was told that it may send it again. */
      readonly passing?: true
    }
  | { readonly kind: 'refused'; readonly reason: Reason }

/** The parts a message is made of. */
export interface MadeOfParts {
  /** The part that came first, by id: the message's id, too. */
  readonly first: MessageId
  /** Why the message ends before it begins; its client is told by a report. */
  readonly failed?: { readonly reason: Reason; readonly raw: string }
}

type AcceptOp = Extract<Op, { readonly op: 'accept' }>

/** Two processes may draw one id in the same second; a third clash in a row is a fault of ours. */
const ID_DRAWS_MAX = 3
/** Messages one repeated request may become, each after the refusal of the one before. */
const REPEATS_MAX = 16

export interface Acceptor {
  /** `madeOf`: parts that wait, and wait no longer when this resolves. */
  accept(submission: Submission, madeOf?: MadeOfParts): Promise<Acceptance>
}

/** `nextId` gives ids of messages. */
export function createAcceptor(
  parts: EngineParts,
  kick: Kick,
  outbox: Outbox,
  watches: Watches,
  nextId: (now: number) => MessageId,
): Acceptor {
  const { store, media, clock, limits, crashPoint } = parts

  /** `beside`: what is written in the same commit. */
  async function keep(
    submission: Submission,
    beside?: PutDirectory,
    madeOf?: MadeOfParts,
  ): Promise<Acceptance> {
    const bytesSafe = media.durable(submission.content)
    // Handled where it is awaited; a commit that fails first must not leave it floating.
    bytesSafe.catch(() => undefined)
    for (let draw = 1; draw <= ID_DRAWS_MAX; draw += 1) {
      const now = clock.now()
      const id = madeOf === undefined || draw > 1 ? nextId(now) : madeOf.first
      const draft = draftMessage(parts, submission, id, now, madeOf?.failed)
      crashPoint('C3-before-commit')
      const op = {
        op: 'accept',
        message: draft.message,
        deliveries: draft.deliveries,
        events: draft.events,
        notices: draft.notices,
        mediaSynced: media.syncedPosition(),
        ...(submission.idempotency === undefined
          ? {}
          : {
              idempotency: { since: now - limits.idempotencyWindowMs, ...submission.idempotency },
            }),
        ...(madeOf === undefined ? {} : { parts: madeOf.first }),
      } as const
      const { result, notices } = await commit(op, beside, bytesSafe)
      if (result.kind === 'id-taken') continue
      // Somebody was faster, with the same parts and so with the same message.
      if (result.kind === 'parts-gone') return { kind: 'duplicate', messageId: id }
      if (result.kind === 'duplicate') {
        await media.durable(result)
        const { messageId } = result
        return { kind: 'duplicate', messageId, ...(await again(submission, messageId)) }
      }
      crashPoint('C4-committed')
      // Before anything is set going: the answer may be quick.
      const wait = waitFor(submission, draft)
      parts.observe(subjectOf(draft.message), draft.events)
      for (const delivery of draft.deliveries) {
        if (delivery.nextAt !== undefined) kick.delivery(delivery.lane, delivery.nextAt)
      }
      outbox.stored(notices, result.leased)
      return { kind: 'accepted', messageId: draft.message.id, ...wait }
    }
    throw new Error(`no free message id in ${ID_DRAWS_MAX} draws`)
  }

  /** Returns the notices as they were stored; of an accepted message the bytes are safe, too. */
  async function commit(
    op: AcceptOp,
    beside: PutDirectory | undefined,
    bytesSafe: Promise<void>,
  ): Promise<{
    readonly result: OpResults['accept']
    readonly notices: readonly NewNotice[]
  }> {
    const notices = outbox.lease(op.notices)
    const leasing = notices === op.notices ? op : { ...op, notices }
    let kept = false
    try {
      const [result] =
        beside === undefined ? await store.commit([leasing]) : await store.commit([leasing, beside])
      if (result.kind === 'accepted') {
        await bytesSafe
        kept = true
      }
      return { result, notices }
    } finally {
      if (!kept) outbox.dropped(notices)
    }
  }

  function waitFor(
    submission: Submission,
    { message, deliveries }: Draft,
  ): { readonly wait?: Wait } {
    const answerWaitMs = waitsForAnswer(submission)
    if (answerWaitMs === undefined) return {}
    const [delivery] = deliveries
    const told = delivery === undefined ? undefined : firstAnswer(delivery)
    return { wait: told === undefined ? watches.open(message.id, answerWaitMs) : answered(told) }
  }

  /** A client that asks again waits again, unless its message has come to rest. */
  async function again(
    submission: Submission,
    messageId: MessageId,
  ): Promise<{ readonly wait?: Wait; readonly passing?: true }> {
    const answerWaitMs = waitsForAnswer(submission)
    if (answerWaitMs === undefined) return {}
    // Before the store is asked: the answer may be quick.
    const wait = watches.open(messageId, answerWaitMs)
    const story = await store.read({ query: 'message', messageId })
    const [delivery] = story?.deliveries ?? []
    if (delivery === undefined) return { wait }
    watches.moved(messageId, delivery)
    const told = firstAnswer(delivery)
    const passing = told?.kind === 'refused' && REASONS[told.reason].handling === 'retry'
    return passing ? { wait, passing } : { wait }
  }

  /** Clients repeat a request by the same name, one that was refused for now as well. */
  function keepAnew(submission: Submission, madeOf?: MadeOfParts): Promise<Acceptance> {
    const { idempotency } = submission
    const kept = keep(submission, undefined, madeOf)
    return idempotency === undefined ? kept : untilTaken(submission, idempotency, kept)
  }

  async function untilTaken(
    submission: Submission,
    idempotency: Idempotency,
    first: Promise<Acceptance>,
  ): Promise<Acceptance> {
    let acceptance = await first
    for (let repeat = 0; repeat < REPEATS_MAX; repeat += 1) {
      if (acceptance.kind !== 'duplicate' || acceptance.passing !== true) break
      const key = `${idempotency.key} after ${acceptance.messageId}`
      acceptance = await keep({ ...submission, idempotency: { ...idempotency, key } })
    }
    return acceptance
  }

  const keepConsent =
    parts.optOuts === undefined ? keep : createConsentKeeper(parts, parts.optOuts, keep)
  return {
    accept: (submission, madeOf) =>
      submission.consent === undefined || madeOf !== undefined
        ? keepAnew(withoutLost(submission), madeOf)
        : keepConsent(submission),
  }
}

/** How long, if at all: only a message to one recipient has a first answer that is the answer. */
function waitsForAnswer({ answerWaitMs, recipients }: Submission): number | undefined {
  return recipients.length === 1 ? answerWaitMs : undefined
}

interface Draft {
  readonly message: Message
  readonly deliveries: readonly NewDelivery[]
  readonly events: readonly MessageEvent[]
  readonly notices: readonly NewNotice[]
}

function draftMessage(
  parts: EngineParts,
  submission: Submission,
  id: MessageId,
  now: number,
  failed?: MadeOfParts['failed'],
): Draft {
  const { recipients, refusals = [], refusalsReported, notBefore, expiresAt, peer } = submission
  const latest = now + parts.limits.validityMsMax
  // Member by member: to take the rest of an object is the slowest way to copy one.
  const message: Message = {
    accountId: submission.accountId,
    direction: submission.direction,
    channel: submission.channel,
    dialect: submission.dialect,
    envelope: submission.envelope,
    content: submission.content,
    id,
    acceptedAt: now,
    expiresAt: Math.min(expiresAt ?? latest, latest),
    ...(peer === undefined ? {} : { peer }),
  }
  const routes =
    failed === undefined
      ? withoutRefused(routeSubmission(parts.directory(), submission), refusals)
      : recipients.map((_, index): RouteChoice => ({ index, because: failed.raw }))
  const otherwise = failed?.reason ?? 'no-route'
  const deliveries = recipients.map((recipient, index) =>
    draftDelivery(recipient, routes[index] ?? unrouted(index), now, {
      notBefore: notBefore ?? now,
      refusals,
      otherwise,
    }),
  )
  const lost = deliveries.filter((delivery) => delivery.state === 'failed')
  return {
    message,
    deliveries,
    events: [
      { type: 'accepted', at: now, routes },
      ...lost.map(({ index }) =>
        failedAtOnce(now, routes[index] ?? unrouted(index), refusals, otherwise),
      ),
    ],
    // A client that waits is told on the spot, and of a refusal its door tells it, if it can.
    notices: (waitsForAnswer(submission) ? [] : lost)
      .filter(({ index }) => refusalsReported || refusalOf(index, refusals) === undefined)
      .flatMap(({ index, recipient, reason = otherwise }) =>
        noticesFor(
          parts.reports,
          message,
          {
            index,
            recipient,
            route: '',
            result: 'rejected',
            reason,
            happenedAt: now,
          },
          now,
        ),
      )
      .concat(waiting(parts, message, deliveries, now)),
  }
}

interface Circumstances extends Pick<Required<Submission>, 'notBefore' | 'refusals'> {
  /** Why a delivery has no way out that no policy refused. */
  readonly otherwise: Reason
}

function draftDelivery(
  recipient: Submission['recipients'][number],
  { index, route, waits }: RouteChoice,
  now: number,
  { notBefore, refusals, otherwise }: Circumstances,
): NewDelivery {
  if (route === undefined) {
    const reason = refusalOf(index, refusals)?.reason ?? otherwise
    return { index, recipient, lane: '', state: 'failed', reason }
  }
  const reason = waits ?? (notBefore > now ? 'held' : undefined)
  return {
    index,
    recipient,
    lane: route,
    state: 'queued',
    nextAt: Math.max(now, notBefore),
    ...(reason === undefined ? {} : { reason }),
  }
}

/** What is not attempted for now is told where its client wants to know. */
function waiting(
  parts: EngineParts,
  message: Message,
  deliveries: readonly NewDelivery[],
  now: number,
): NewNotice[] {
  return deliveries.flatMap(({ index, recipient, lane: route, state, reason }) =>
    state !== 'queued' || reason === undefined
      ? []
      : noticesFor(
          parts.reports,
          message,
          { index, recipient, route, result: 'retrying', reason, happenedAt: now },
          now,
        ),
  )
}

function unrouted(index: number): RouteChoice {
  return { index, because: 'No route was chosen.' }
}
