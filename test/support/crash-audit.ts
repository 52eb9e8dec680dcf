/**
 * What the kill loop asks at the end, of the store as it lies on disk and of what the world outside
 * saw. Every answer is a list of broken promises; an honest gateway gives none.
 */
import { isFinal } from '../../src/core/delivery-state.ts'
import type { MessageEvent } from '../../src/core/event.ts'
import { resultOf } from '../../src/engine/notices.ts'
import type { Delivery, MessageStory } from '../../src/engine/ports/store.ts'
import { endOf, type HandsetMessage, type PeerReport, type SeenForward } from './crash-carrier.ts'
import type { LedgerEntry } from './crash-client.ts'
import type { HeardMessage, HeardReport } from './crash-vasp.ts'

/** What the world outside the gateway knows. */
export interface Truth {
  readonly ledger: ReadonlyMap<string, LedgerEntry>
  readonly forwards: readonly SeenForward[]
  readonly heard: readonly HeardReport[]
  readonly fromHandsets: readonly HandsetMessage[]
  readonly delivered: readonly HeardMessage[]
  readonly peerReports: readonly PeerReport[]
}

export interface Figures {
  messages: number
  deliveries: number
  inbound: number
  /** Kept although the client had no answer yet: its repetition found the first message. */
  storedBeforeAnswer: number
  /** Requests the carrier may have had before: sent again after an attempt nobody knew the end of. */
  doublesAtCarrier: number
  lostAttempts: number
  reportsRepeated: number
  /** Requests that got no answer and were repeated. */
  unanswered: number
}

export interface Audit {
  readonly broken: readonly string[]
  readonly figures: Figures
}

/** Everything but what only the disk can say. */
export function auditStories(stories: readonly MessageStory[], truth: Truth): Audit {
  const broken: string[] = []
  const figures: Figures = {
    messages: 0,
    deliveries: 0,
    inbound: 0,
    storedBeforeAnswer: 0,
    doublesAtCarrier: 0,
    lostAttempts: 0,
    reportsRepeated: 0,
    unanswered: 0,
  }
  const world = indexOf(truth)
  const outbound = stories.filter(({ message }) => message.direction === 'mt')
  const inbound = stories.filter(({ message }) => message.direction === 'mo')
  broken.push(...auditAcceptance(outbound, truth.ledger, figures))
  for (const story of stories) {
    broken.push(...auditHistory(story))
    for (const delivery of story.deliveries) {
      figures.lostAttempts += eventsOf(story, delivery).filter(isLost).length
    }
  }
  for (const story of outbound) {
    const entry = truth.ledger.get(story.message.envelope.clientReference ?? '')
    if (entry === undefined) continue
    for (const delivery of story.deliveries) {
      figures.deliveries += 1
      broken.push(...auditCarrier(story, delivery, entry, world, figures))
      broken.push(...auditReports(delivery, world, figures))
    }
  }
  broken.push(...auditInbound(inbound, truth, figures))
  return { broken, figures }
}

interface World {
  readonly forwards: ReadonlyMap<string, readonly SeenForward[]>
  readonly heard: ReadonlyMap<string, readonly HeardReport[]>
}

function indexOf(truth: Truth): World {
  return {
    forwards: groupBy(truth.forwards, ({ number }) => number),
    heard: groupBy(truth.heard, ({ messageId, recipient }) => `${messageId} ${recipient}`),
  }
}

/** Values by a key of theirs, in their order. */
export function groupBy<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [value])
    else group.push(value)
  }
  return groups
}

/** I1, I4: whatever was answered 1000 is there, once, under the id that was answered. */
function auditAcceptance(
  stories: readonly MessageStory[],
  ledger: ReadonlyMap<string, LedgerEntry>,
  figures: Figures,
): string[] {
  const broken: string[] = []
  const byReference = groupBy(stories, ({ message }) => message.envelope.clientReference ?? '')
  for (const [reference, entry] of ledger) {
    const kept = byReference.get(reference) ?? []
    const answers = [...entry.messageIds]
    figures.messages += 1
    if (answers.length !== 1) broken.push(`${reference} was answered with ${answers.join(', ')}`)
    if (kept.length > 1) broken.push(`${reference} was accepted ${kept.length} times`)
    for (const id of answers) {
      const story = kept.find(({ message }) => message.id === id)
      if (story === undefined) broken.push(`${reference} was promised as ${id} and is lost`)
      else if (story.message.acceptedAt < entry.lastTryAt) figures.storedBeforeAnswer += 1
    }
  }
  for (const reference of byReference.keys()) {
    if (!ledger.has(reference)) broken.push(`${reference} is kept and nobody was promised it`)
  }
  return broken
}

/** What happened to one delivery of a message. */
export function eventsOf({ events }: MessageStory, { index }: Delivery): readonly MessageEvent[] {
  return events.filter(({ delivery }) => delivery === index)
}

function isLost({ type }: MessageEvent): boolean {
  return type === 'attempt-lost'
}

/** I2, I3: every delivery came to an end, to one end, and nothing is still owed to anybody. */
export function auditHistory(story: MessageStory): string[] {
  const broken: string[] = []
  for (const delivery of story.deliveries) {
    const name = `${story.message.id}-${delivery.index}`
    if (!isFinal(delivery.state)) broken.push(`${name} is still ${delivery.state}`)
    const ends = endsIn(eventsOf(story, delivery))
    if (ends.length !== 1) broken.push(`${name} ended ${ends.length} times: ${ends.join(', ')}`)
    if (ends[0] !== delivery.state) broken.push(`${name} is ${delivery.state}, ended ${ends[0]}`)
  }
  for (const { notice, parked } of story.notices) {
    broken.push(`${notice.id} is ${parked ? 'parked' : 'not told'}`)
  }
  return broken
}

/** The final states a history moves into; evidence that came later moves nothing. */
function endsIn(events: readonly MessageEvent[]): string[] {
  const ends: string[] = []
  for (const event of events) {
    if (event.type === 'failed') ends.push('failed')
    if (!('state' in event) || !isFinal(event.state)) continue
    if (event.type === 'reported' && event.ignored !== undefined) continue
    // The late end of an attempt that a report overtook repeats the state it found.
    if (event.type === 'attempted' && ends.includes(event.state)) continue
    ends.push(event.state)
  }
  return ends
}

/** I1, I5: the carrier has the bytes, under one key, and no more often than it was ambiguous. */
function auditCarrier(
  story: MessageStory,
  delivery: Delivery,
  entry: LedgerEntry,
  world: World,
  figures: Figures,
): string[] {
  const broken: string[] = []
  const name = `${delivery.messageId}-${delivery.index}`
  const number = delivery.recipient.text
  const seen = world.forwards.get(number) ?? []
  const expected = endOf(number)
  if (delivery.state !== expected) {
    broken.push(`${name} to ${number} is ${delivery.state} and must be ${expected}`)
  }
  if (seen.length === 0) broken.push(`${name} never reached the carrier`)
  for (const { key, transactionId, digest } of seen) {
    const own = key.startsWith(`${name}@`) && transactionId.startsWith(`t.${name}@`)
    if (!own) broken.push(`${name} went out as ${key} ${transactionId}`)
    if (digest !== entry.digest) broken.push(`${name} arrived with other bytes`)
  }
  const events = eventsOf(story, delivery)
  // A report may be faster than the end of its attempt, which a kill then takes with it.
  const attempts = events.filter(isAttempt).length + (events.some(isReported) ? 1 : 0)
  if (seen.length > attempts) broken.push(`${name} went out ${seen.length} times in ${attempts}`)
  if (isRepeatedAfterYes(events)) broken.push(`${name} was repeated after the carrier had it`)
  const refused = events.filter(isRefused).length
  figures.doublesAtCarrier += Math.max(0, seen.length - refused - 1)
  return broken
}

function isAttempt({ type }: MessageEvent): boolean {
  return type === 'attempted' || type === 'attempt-lost'
}

function isReported({ type }: MessageEvent): boolean {
  return type === 'reported'
}

/** The carrier said no to the request, so that it surely does not have it. */
export function isRefused(event: MessageEvent): boolean {
  return event.type === 'attempted' && event.outcome.kind === 'deferred'
}

/** What was claimed before the carrier's word came still goes out, in milliseconds. */
const CLAIM_WAIT_MS = 3000

/** Only what was refused, broke off, or was never answered may be sent again. */
export function isRepeatedAfterYes(events: readonly MessageEvent[]): boolean {
  let takenAt = Number.POSITIVE_INFINITY
  for (const event of events) {
    if (event.type === 'attempted') {
      if (event.startedAt > takenAt + CLAIM_WAIT_MS) return true
      takenAt = event.outcome.kind === 'submitted' ? event.at : Number.POSITIVE_INFINITY
    }
    if (event.type === 'timed-out') takenAt = Number.POSITIVE_INFINITY
    if (event.type === 'reported' && event.report.status !== 'refused') takenAt = event.at
  }
  return false
}

/** The result a notice's id names. */
export const NOTICE_ID = /^[0-9]{18}-[0-9]+-([a-z-]+)-[0-9]+$/
/** Results that end nothing. */
export const INTERIM: ReadonlySet<string> = new Set(['handed-to-network', 'deferred', 'retrying'])

/** I6, I7: the client heard the end, under one id, and nothing provisional after it. */
function auditReports(delivery: Delivery, world: World, figures: Figures): string[] {
  const broken: string[] = []
  const name = `${delivery.messageId}-${delivery.index}`
  const heard = world.heard.get(`${delivery.messageId} ${delivery.recipient.text}`) ?? []
  const finals = new Set<string>()
  for (const { id } of heard) {
    const result = NOTICE_ID.exec(id)?.[1]
    if (result === undefined) broken.push(`${name} was reported as ${id}`)
    else if (!INTERIM.has(result)) finals.add(id)
    else if (finals.size > 0) broken.push(`${name}: ${id} was told after the end`)
  }
  figures.reportsRepeated += heard.length - new Set(heard.map(({ id }) => id)).size
  const ends = [...finals]
  if (ends.length !== 1) broken.push(`${name}: ${ends.length} ends were told: ${ends.join(', ')}`)
  const expected = resultOf(delivery.state, delivery.reason)
  const told = NOTICE_ID.exec(ends[0] ?? '')?.[1]
  if (told !== expected) broken.push(`${name} is ${expected}, told ${told}`)
  return broken
}

/** What handsets sent: each at the application under one id, and its carrier told one end. */
export function auditInbound(
  stories: readonly MessageStory[],
  truth: Pick<Truth, 'fromHandsets' | 'delivered' | 'peerReports'>,
  figures: Pick<Figures, 'inbound'>,
): string[] {
  const broken: string[] = []
  const kept = groupBy(stories, ({ message, deliveries }) =>
    nameOf(message.envelope.subject, deliveries[0]?.recipient.text),
  )
  const delivered = groupBy(truth.delivered, ({ subject, recipient }) => nameOf(subject, recipient))
  const reports = groupBy(truth.peerReports, (one) => nameOf(one.messageId, one.recipient))
  for (const { id, to, digest } of truth.fromHandsets) {
    for (const recipient of to) {
      const name = nameOf(id, recipient)
      figures.inbound += 1
      const here = kept.get(name) ?? []
      const there = delivered.get(name) ?? []
      if (here.length !== 1) broken.push(`${name} is kept ${here.length} times`)
      if (there.length === 0) broken.push(`${name} never reached the application`)
      const own = here[0]?.message.id
      const ids = new Set(there.map((one) => `${one.linkedId} ${one.transactionId}`))
      if (ids.size > 1 || !ids.has(`${own} ${own}-0`)) {
        broken.push(`${name} reached the application as ${[...ids].join(', ')}, not as ${own}`)
      }
      if (there.some((one) => one.digest !== digest)) broken.push(`${name} has other bytes`)
      const told = new Set((reports.get(name) ?? []).map(({ status }) => status))
      if (told.size !== 1) broken.push(`the sender of ${name} was told ${[...told].join(', ')}`)
    }
  }
  if (stories.length !== figures.inbound) {
    broken.push(`${stories.length} inbound messages, ${figures.inbound} were sent`)
  }
  return broken
}

function nameOf(id: string | undefined, recipient: string | undefined): string {
  return `${id} for ${recipient}`
}
