/**
 * A story as rows between four lanes: you, gateway, carrier, handset. Pure: how a row looks is
 * `trace-view.ts`'s business. Every event gives at least one row, so nothing is left out.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Outcome, ReportedStatus } from '../core/outcome.ts'
import { REASONS, type Reason } from '../core/reason.ts'
import { findSpoken } from '../dialects/spoken.ts'
import type { Story } from './story.ts'
import { printSpan } from './time-words.ts'

export const LANES = ['you', 'gateway', 'carrier', 'handset'] as const
export type Lane = (typeof LANES)[number]

export type Tone = 'good' | 'bad' | 'wait' | 'plain'

export interface Row {
  /** Epoch milliseconds. */
  readonly at: number
  readonly from: Lane
  /** The same as `from` where it happens in one place. */
  readonly to: Lane
  readonly tone: Tone
  /** It did not get there. */
  readonly broken?: true
  readonly text: string
  /** Raw words and explanations, one a line. */
  readonly notes: readonly string[]
  /** What is waited for after it, for the label of a long gap. */
  readonly awaits?: string
  /** Which recipient, counted from 1, where there are several. */
  readonly recipient?: number
  /** Rows with the same word here say the same; a long run of them can be shortened. */
  readonly alike?: string
}

/** Every row, in the order in which it happened. */
export function timelineOf(story: Story): readonly Row[] {
  return [...recordedRows(story)].sort((a, b) => a.at - b.at)
}

/**
 * Every row, in the order in which it was recorded: rows are only ever added at the end, but an
 * attempt, recorded when it is over, may have begun before the row above it.
 */
export function recordedRows(story: Story): readonly Row[] {
  return story.events.flatMap((event) => rowsOf(event, story))
}

/**
 * True when nothing more will happen to any recipient and telling the client has been tried once: a
 * client that is away would keep its own follower waiting for days.
 */
export function isOver({ notices, deliveries }: Story): boolean {
  const tried = notices.some(({ attempts, parked }) => parked || attempts > 0)
  return (notices.length === 0 || tried) && deliveries.every(({ state }) => isFinal(state))
}

type EventOf<T extends MessageEvent['type']> = Extract<MessageEvent, { readonly type: T }>

/** A rule that fired says more than the reason it stands for. */
function failureWords({ policy, raw, reason }: EventOf<'failed'>): Pick<Row, 'text' | 'notes'> {
  return policy === undefined
    ? { text: `failed: ${REASONS[reason].text}`, notes: rawWords(raw) }
    : { text: `refused by policy ${policy}: ${raw ?? ''}`, notes: [REASONS[reason].text] }
}

function rowsOf(event: MessageEvent, story: Story): readonly Row[] {
  const several = story.deliveries.length > 1 && event.delivery !== undefined
  const place = several ? { recipient: event.delivery + 1 } : {}
  switch (event.type) {
    case 'accepted':
      return [acceptedRow(event, story)]
    case 'adapted':
      return [{ ...place, ...adaptedRow(event, story) }]
    case 'attempted':
      return [{ ...place, ...attemptedRow(event, story) }]
    case 'attempt-lost':
      return [
        {
          ...place,
          ...inside(event.at, 'bad'),
          text: `the gateway stopped in the middle of attempt ${event.attempt}`,
          notes: later(event.nextAttemptAt, event.at),
          awaits: 'the next attempt',
        },
      ]
    case 'reported':
      return [{ ...place, ...reportedRow(event) }]
    case 'timed-out':
      return [
        {
          ...place,
          ...inside(event.at, isFinal(event.state) ? 'bad' : 'wait'),
          text: REASONS[event.reason].text,
          notes: later(event.nextAttemptAt, event.at),
          awaits: 'the next attempt',
        },
      ]
    case 'failed':
      return [
        {
          ...place,
          ...inside(event.at, 'bad'),
          ...failureWords(event),
        },
      ]
    case 'cancelled':
      return [
        {
          ...place,
          at: event.at,
          from: 'you',
          to: 'gateway',
          tone: 'plain',
          text:
            event.route === undefined
              ? 'withdrawn before it left'
              : `withdrawn; ${event.route} gave it back`,
          notes: event.raw === undefined ? [] : [event.raw],
        },
      ]
    case 'replaced':
      return [
        {
          ...place,
          at: event.at,
          from: 'you',
          to: 'gateway',
          tone: 'plain',
          text: `replaced before it left: ${event.elements.join(', ')}`,
          notes: [],
        },
      ]
    case 'client-told':
      return [{ ...place, ...clientToldRow(event, story) }]
  }
}

function inside(at: number, tone: Tone) {
  return { at, from: 'gateway', to: 'gateway', tone } as const
}

function acceptedRow(event: EventOf<'accepted'>, { message }: Story): Row {
  const from = message.direction === 'mo' ? 'handset' : 'you'
  const several = event.routes.length > 1
  const success = findSpoken(message.dialect)?.mm7?.successText
  const answered = from === 'you' && success !== undefined ? `, answered 1000 “${success}”` : ''
  return {
    at: event.at,
    from,
    to: 'gateway',
    tone: 'good',
    text: `accepted and stored as ${message.id}${answered}`,
    notes: event.routes.map(({ index, because }) =>
      several ? `recipient ${index + 1}: ${because}` : because,
    ),
    awaits: 'its turn',
  }
}

/** Above its attempt, which begins with it. */
function adaptedRow(event: EventOf<'adapted'>, { events }: Story): Row {
  const { attempt, delivery, route, notes } = event
  const begun = events.find(
    (other): other is EventOf<'attempted'> =>
      other.type === 'attempted' && other.attempt === attempt && other.delivery === delivery,
  )
  const at = Math.min(event.at, begun?.startedAt ?? event.at)
  return { ...inside(at, 'plain'), text: `made to fit ${route} for attempt ${attempt}`, notes }
}

function attemptedRow(event: EventOf<'attempted'>, { message }: Story): Row {
  const { outcome } = event
  const took = printSpan(event.at - event.startedAt)
  const title = `attempt ${event.attempt} by ${event.route}`
  return {
    at: event.startedAt,
    from: 'gateway',
    to: message.direction === 'mo' ? 'you' : 'carrier',
    tone: toneOf(outcome),
    ...(outcome.kind === 'deferred' || outcome.kind === 'unknown' ? { broken: true } : {}),
    text: `${title}: ${outcomeWords(outcome)} (${took})`,
    notes: [
      ...rawWords(outcome.raw),
      ...later(event.nextAttemptAt, event.at, outcome.kind === 'submitted'),
    ],
    alike: alike(event.type, event.route, outcome, event.delivery),
    ...thenAfter(outcome),
  }
}

function thenAfter(outcome: Outcome): { readonly awaits?: string } {
  if (outcome.kind === 'deferred') return { awaits: 'the next attempt' }
  if (outcome.kind !== 'submitted') return {}
  if (outcome.expects === 'nothing') return {}
  return {
    awaits: outcome.expects === 'response' ? 'the carrier’s answer' : 'the carrier’s report',
  }
}

function toneOf(outcome: Outcome): Tone {
  switch (outcome.kind) {
    case 'submitted':
    case 'delivered':
      return 'good'
    case 'rejected':
      return 'bad'
    case 'deferred':
    case 'unknown':
      return 'wait'
  }
}

function outcomeWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'submitted':
      return `taken, known there as ${outcome.remoteId}`
    case 'delivered':
      return 'delivered'
    case 'rejected':
      return `refused: ${REASONS[outcome.reason].text}`
    case 'deferred':
      return `not now: ${REASONS[outcome.reason].text}`
    case 'unknown':
      return `nobody knows: ${REASONS[outcome.reason].text}`
  }
}

interface StatusWords {
  readonly from: Lane
  readonly tone: Tone
  readonly text: string
  readonly awaits?: string
}

const STATUS_WORDS: Readonly<Record<ReportedStatus, StatusWords>> = {
  acknowledged: {
    from: 'carrier',
    tone: 'good',
    text: 'the carrier confirms it has the message',
    awaits: 'the carrier’s report',
  },
  refused: { from: 'carrier', tone: 'bad', text: 'the carrier takes its yes back' },
  deferred: {
    from: 'carrier',
    tone: 'wait',
    text: 'the handset has not fetched it yet',
    awaits: 'the handset',
  },
  retrieved: { from: 'handset', tone: 'good', text: 'the handset fetched it' },
  forwarded: { from: 'carrier', tone: 'good', text: 'passed on to where no reports come from' },
  expired: { from: 'carrier', tone: 'bad', text: 'the carrier gave up: never fetched' },
  rejected: { from: 'handset', tone: 'bad', text: 'rejected by the handset or its network' },
  indeterminate: {
    from: 'carrier',
    tone: 'wait',
    text: 'the carrier does not know what became of it',
  },
  unrecognised: { from: 'handset', tone: 'bad', text: 'the handset did not understand it' },
  unreachable: { from: 'carrier', tone: 'bad', text: 'the handset could not be reached' },
  read: { from: 'handset', tone: 'good', text: 'the recipient opened it' },
  'deleted-unread': { from: 'handset', tone: 'plain', text: 'the recipient deleted it unread' },
}

const IGNORED = {
  repeat: 'said before; kept as evidence',
  'after-final': 'too late to change the result; kept as evidence',
  'out-of-order': 'out of order; kept as evidence',
} as const

function reportedRow(event: EventOf<'reported'>): Row {
  const { report, ignored } = event
  const words = STATUS_WORDS[report.status]
  const why = report.reason === undefined ? '' : `: ${REASONS[report.reason].text}`
  return {
    ...words,
    at: event.at,
    to: 'gateway',
    tone: ignored === undefined ? words.tone : 'plain',
    text: `${words.text}${why}`,
    notes: [
      ...rawWords(report.raw),
      ...(ignored === undefined ? [] : [IGNORED[ignored]]),
      ...later(event.nextAttemptAt, event.at, event.state === 'submitted'),
    ],
  }
}

function clientToldRow(event: EventOf<'client-told'>, { message }: Story): Row {
  const face = findSpoken(message.dialect)?.mm7?.reports
  const known = face !== undefined && Object.hasOwn(face, event.notice)
  const status = (known && face[event.notice as keyof typeof face]?.status) || event.notice
  const good = event.outcome.kind === 'delivered' || event.outcome.kind === 'submitted'
  const again = event.attempt > 1 ? `, time ${event.attempt}` : ''
  const parked =
    event.parked === true ? ['no attempt is left: parked until somebody replays it'] : []
  return {
    at: event.at,
    from: 'gateway',
    to: message.direction === 'mo' ? 'carrier' : 'you',
    tone: good ? 'good' : 'wait',
    ...(good ? {} : { broken: true }),
    text: good
      ? `you were told: ${status}${again}`
      : `telling you ${status}${again}: ${outcomeWords(event.outcome)}`,
    notes: [
      ...(good ? [] : rawWords(event.outcome.raw)),
      ...parked,
      ...later(event.nextAttemptAt, event.at),
    ],
    alike: alike(event.type, status, event.outcome, event.delivery),
    ...(good ? {} : { awaits: 'the next try to tell you' }),
  }
}

function alike(type: string, what: string, outcome: Outcome, delivery: number | undefined): string {
  const why = 'reason' in outcome ? outcome.reason : ''
  return [type, what, outcome.kind, why, delivery].join(' ')
}

function rawWords(raw: string | undefined): readonly string[] {
  return raw === undefined || raw.trim() === '' ? [] : [`“${raw.trim()}”`]
}

/** The next attempt, or the moment until which the far end is given time to speak. */
function later(nextAt: number | undefined, at: number, given = false): readonly string[] {
  if (nextAt === undefined) return []
  const span = printSpan(nextAt - at)
  return [given ? `it has ${span} for the next word` : `again in ${span}`]
}

/** The reason a delivery ended or waits with, if it has one. */
export function reasonText(reason: Reason | undefined): string {
  return reason === undefined ? '' : REASONS[reason].text
}
