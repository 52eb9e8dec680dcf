/**
 * Holds what the gateway kept against what everybody around it saw. Every line it gives is a broken
 * promise and begins with the seed of its run. Where a line garbled the very words that name a
 * message, only what holds of every message is asked of that one.
 */
import { isFinal } from '../../src/core/delivery-state.ts'
import { resultOf } from '../../src/engine/notices.ts'
import type { Delivery, MessageStory } from '../../src/engine/ports/store.ts'
import {
  auditHistory,
  eventsOf,
  groupBy,
  INTERIM,
  isRefused,
  isRepeatedAfterYes,
  NOTICE_ID,
} from '../support/crash-audit.ts'
import type { Arrival, Evidence, Heard, Sent } from './evidence.ts'

/** What was looked at, so that a run that looked at nothing is seen. */
export interface Judged {
  readonly broken: readonly string[]
  readonly messages: number
  /** Judged by the weaker rules. */
  readonly garbled: number
  readonly unknown: number
  readonly sentAgain: number
}

/** Runs number their messages: `seed * RUN_MESSAGES_MAX + n`. */
export const RUN_MESSAGES_MAX = 100

/** The seed of the run that a mark or number belongs to. */
export function seedOf(name: string): number {
  const [serial = '0'] = /[0-9]{1,6}(?=@|$)/.exec(name) ?? []
  return Math.floor(Number(serial) / RUN_MESSAGES_MAX)
}

export function judge(stories: readonly MessageStory[], evidence: Evidence): Judged {
  const broken: string[] = []
  const outbound = stories.filter(({ message }) => message.direction === 'mt')
  const byMark = groupBy(outbound, markOf)
  const arrivals = groupBy(evidence.arrivals, ({ number }) => number)
  const heard = groupBy(evidence.heard, ({ number }) => number)
  const figures = { garbled: 0, unknown: 0, sentAgain: 0 }
  const accuse = (name: string, lines: readonly string[]) =>
    broken.push(...lines.map((line) => `seed ${seedOf(name)}: ${name}: ${line}`))

  for (const one of evidence.sent.values()) {
    accuse(one.mark, judgeAcceptance(one, byMark.get(one.mark) ?? [], stories, evidence))
  }
  for (const story of stories) accuse(markOf(story), auditHistory(story))
  for (const story of outbound) {
    const mark = markOf(story)
    const one = evidence.sent.get(mark)
    if (one === undefined) {
      // Whose name was garbled is nobody's; without garbage there are no such messages.
      if (!story.deliveries.some(({ recipient }) => evidence.garbled(recipient.text) > 0)) {
        accuse(mark, [`${story.message.id} is kept and nobody sent it`])
      }
      continue
    }
    if (isGarbled(one, evidence)) {
      figures.garbled += 1
      continue
    }
    for (const delivery of story.deliveries) {
      const { number } = one
      accuse(mark, [
        ...judgeEnd(story, delivery, one, evidence),
        ...judgeCarrier(story, delivery, one, arrivals.get(number) ?? [], evidence),
        ...judgeReports(delivery, one, heard.get(number) ?? [], evidence),
      ])
      if (delivery.state === 'unknown') figures.unknown += 1
      figures.sentAgain += Math.max(0, (arrivals.get(number) ?? []).length - 1)
    }
  }
  return { broken, messages: evidence.sent.size, ...figures }
}

/** What it was sent with; a short message has no room but for its number. */
function markOf({ message, deliveries }: MessageStory): string {
  if (message.channel === 'sms') return deliveries[0]?.recipient.text ?? message.id
  return message.envelope.subject ?? message.id
}

function isGarbled({ mark, number }: Sent, { garbled }: Evidence): boolean {
  return garbled(mark) + garbled(number) > 0
}

/** I1, I4: what was answered yes is there, under the id that was answered, and no more than once. */
function judgeAcceptance(
  one: Sent,
  kept: readonly MessageStory[],
  all: readonly MessageStory[],
  evidence: Evidence,
): string[] {
  const broken: string[] = []
  for (const id of one.ids) {
    if (!all.some(({ message }) => message.id === id)) broken.push(`promised as ${id} and lost`)
  }
  if (isGarbled(one, evidence)) return broken
  if (!one.answered) broken.push('never answered')
  if (one.answered && kept.length === 0) broken.push('promised and lost')
  const timesMax = one.named
    ? 1
    : one.tries + Math.max(evidence.replayed(one.mark), evidence.replayed(one.number))
  if (kept.length > timesMax) broken.push(`accepted ${kept.length} times, said ${timesMax} times`)
  if (one.ids.size > timesMax) broken.push(`answered with ${[...one.ids].join(', ')}`)
  return broken
}

/**
 * I3: the one end is the one that the carrier's own word says. Where nothing is sent again that may
 * have arrived it may be unknown, but never for a report that its carrier did send.
 */
function judgeEnd(
  { message }: MessageStory,
  { state, index, reason }: Delivery,
  { number }: Sent,
  evidence: Evidence,
): string[] {
  const end = evidence.endOf(number)
  if (!isFinal(state) || state === end) return []
  if (state === 'unknown' && evidence.holds(number) && reason !== 'report-missing') return []
  return [`${message.id}-${index} is ${state} (${reason}) and must be ${end}`]
}

/** I5: one key, the bytes that were sent, and no more often than was ambiguous. */
function judgeCarrier(
  story: MessageStory,
  delivery: Delivery,
  one: Sent,
  seen: readonly Arrival[],
  evidence: Evidence,
): string[] {
  const broken: string[] = []
  const name = `${delivery.messageId}-${delivery.index}`
  const events = eventsOf(story, delivery)
  const replays = evidence.replayed(one.number)
  if (seen.length === 0 && delivery.state !== 'unknown') broken.push(`${name} never went out`)
  const bears = evidence.bears ?? ((key: string) => key.includes(name))
  const own = seen.filter(({ key }) => bears(key, name))
  if (own.length !== seen.length && one.named) {
    broken.push(`${name} went out as ${[...new Set(seen.map(({ key }) => key))].join(', ')}`)
  }
  if (seen.some(({ digest }) => digest !== one.digest)) broken.push(`${name} has other bytes`)
  // A lease is one attempt, whether or not a kill took the word of its end with it.
  if (own.length > delivery.token + replays) {
    broken.push(`${name} went out ${own.length} times in ${delivery.token}`)
  }
  if (isRepeatedAfterYes(events)) broken.push(`${name} was sent again after the carrier had it`)
  const refused = events.filter(isRefused).length
  if (evidence.holds(one.number) && own.length > refused + replays + 1) {
    broken.push(`${name} was sent ${own.length} times and may have been there after the first`)
  }
  return broken
}

/** I6, I7: the client heard the end, one end, under one id, and nothing provisional after it. */
function judgeReports(
  delivery: Delivery,
  { named }: Sent,
  heard: readonly Heard[],
  { wordOf }: Evidence,
): string[] {
  const broken: string[] = []
  const name = `${delivery.messageId}-${delivery.index}`
  const mine = heard.filter(({ id }) => id.startsWith(`${name}-`))
  const ends = new Set<string>()
  const provisional = new Set<string>()
  for (const { id } of mine) {
    const result = NOTICE_ID.exec(id)?.[1]
    if (result === undefined) broken.push(`reported as ${id}`)
    else if (!INTERIM.has(result)) ends.add(id)
    // One that was told before may come once more: the line is slow, or says it again.
    else if (ends.size > 0 && !provisional.has(id)) broken.push(`${id} was told after the end`)
    provisional.add(id)
  }
  if (named && mine.length !== heard.length) {
    broken.push(`${name} was reported as ${heard.map(({ id }) => id).join(', ')}`)
  }
  if (ends.size !== 1) broken.push(`${name}: ${ends.size} ends were told: ${[...ends].join(', ')}`)
  const told = NOTICE_ID.exec([...ends][0] ?? '')?.[1]
  const expected = wordOf?.(delivery) ?? resultOf(delivery.state, delivery.reason)
  if (told !== expected) broken.push(`${name} is ${expected}, told ${told}`)
  return broken
}
