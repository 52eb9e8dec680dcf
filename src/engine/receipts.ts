/**
 * Answers and reports from far ends, matched by remote id. Early ones wait until the id is known,
 * late and contradicting ones are kept as evidence, repeated ones change nothing.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Report, ReportedStatus } from '../core/outcome.ts'
import { changed } from './changed.ts'
import { CLOSED_LANE } from './closed-lane.ts'
import { insist } from './insist.ts'
import type { Described, Known, KnownNames } from './known-names.ts'
import { type EngineParts, type Kick, type Outbox, subjectOf } from './parts.ts'
import type { StartFacts } from './ports/start-facts.ts'
import type { Delivery, OpResults, ParkedReport } from './ports/store.ts'
import { ARRIVED, type PartOf, readNotices, type Settlement, settleReport } from './settle.ts'
import type { Watches } from './watches.ts'

/** What became of a report. `unknown`: it names nothing of ours; the peer may be told so. */
export type Receipt = 'applied' | 'evidence' | 'repeat' | 'parked' | 'unknown'

export interface Receipts {
  /**
   * Takes a report in. When this resolves the report survives a power cut, and only then may its
   * sender be told yes. `park` false means the id cannot be one that is still to be learnt.
   */
  receive(route: string, remoteId: string, report: Report, park: boolean): Promise<Receipt>
  /**
   * Applies a report that was parked until its delivery became known. A refusal that came in before
   * `since` (epoch milliseconds), when the present attempt began, answers an earlier one: evidence.
   */
  apply(delivery: Delivery, message: Described, parked: ParkedReport, since: number): Promise<void>
  /** Applies a parked report whose delivery has become known by this id. */
  resume(unused: Unused): Promise<void>
}

type Unused = StartFacts['unusedReports'][number]

/** Two reports of one delivery may race this often before the fault is ours. */
const RACES_MAX = 8

/** Who hears of what comes in, and who knows more about it. */
export interface ReceiptsHearers {
  readonly outbox: Outbox
  /** What the dispatcher learnt lately. */
  readonly names: KnownNames
  /** Clients that wait for the first answer. */
  readonly watches: Watches
  /** A report was parked that may yet be found by another spelling. */
  readonly onSpelt: () => void
}

export function createReceipts(
  parts: EngineParts,
  kick: Kick,
  { outbox, names, watches, onSpelt }: ReceiptsHearers,
): Receipts {
  const { store, clock, crashPoint } = parts

  async function receive(
    route: string,
    remoteId: string,
    report: Report,
    park: boolean,
  ): Promise<Receipt> {
    crashPoint('C12-report-in')
    // The answer that names it is being kept: faster to wait than to ask the store.
    const expected = names.expected(route, remoteId)
    if (expected !== undefined) await expected
    // A new name may find parked reports: the store has to say.
    const known = report.remoteId === undefined ? names.find(route, remoteId) : undefined
    if (known !== undefined && (await settleKnown(known, report))) {
      crashPoint('C13-report-kept')
      return 'applied'
    }
    names.forget(route, remoteId)
    const aliases = aliasesOf(route, remoteId, report)
    const op = { op: 'receive', route, remoteId, report, at: clock.now(), park } as const
    const [found] = await store.commit([aliases === undefined ? op : { ...op, aliases }])
    if (found.kind === 'parked' && aliases !== undefined) onSpelt()
    if (found.kind !== 'found') return found.kind
    const said = { report, remoteId, unpark: [] }
    const receipt = await settle(found.delivery, found.message, said)
    crashPoint('C13-report-kept')
    return receipt
  }

  /** Without a recipient nothing holds another spelling to the truth. */
  function aliasesOf(route: string, remoteId: string, { recipient }: Report) {
    if (recipient === undefined) return undefined
    const spellings = parts.connectorFor(route)?.spellingsOf?.(remoteId) ?? []
    const aliases = spellings.filter((spelling) => spelling !== remoteId)
    return aliases.length === 0 ? undefined : aliases
  }

  async function apply(
    delivery: Delivery,
    message: Described,
    { id, at, report, remoteId }: ParkedReport,
    since: number,
  ): Promise<void> {
    const earlier = report.status === 'refused' && at < since
    const said = { report, remoteId, unpark: [id] }
    // Nobody brings it again: its sender was told yes.
    await insist(clock, Number.POSITIVE_INFINITY, () =>
      earlier ? keep(delivery, message, said, false) : settle(delivery, message, said),
    )
  }

  /**
   * Applies a report to what is remembered of its delivery, in the one commit. False when nothing
   * came of it: the delivery has changed since, or the report moves nothing, and the store must say.
   */
  async function settleKnown(known: Known, report: Report): Promise<boolean> {
    if (REPEATABLE.has(report.status) || known.delivery.expects === 'reports') return false
    return watches.during(known.message.id, (clientWaits) =>
      settleAsKnown(known, report, clientWaits),
    )
  }

  async function settleAsKnown(
    { delivery, message }: Known,
    report: Report,
    clientWaits: boolean,
  ): Promise<boolean> {
    const settlement = decide({ delivery, message }, report, clientWaits)
    if (settlement === undefined) return false
    const result = await commit(delivery, message, settlement)
    return result.kind === 'done'
  }

  async function commit(
    delivery: Delivery,
    message: Described,
    settlement: Settlement,
    unpark?: readonly number[],
  ): Promise<OpResults['settle']> {
    const notices = outbox.lease(settlement.notices)
    const { id: deliveryId, version } = delivery
    const op = { op: 'settle', deliveryId, version, ...settlement, notices } as const
    let kept: OpResults['settle'] | undefined
    try {
      const [result] = await store.commit([unpark === undefined ? op : { ...op, unpark }])
      kept = result
    } finally {
      if (kept?.kind !== 'done') outbox.dropped(notices)
    }
    if (kept.kind === 'done') {
      after({ delivery: { ...delivery, version: kept.version }, message }, settlement)
      outbox.stored(notices, kept.leased)
    }
    return kept
  }

  function decide(
    { delivery, message }: Known,
    report: Report,
    clientWaits: boolean,
    part?: PartOf,
  ): Settlement | undefined {
    return settleReport(
      {
        message,
        delivery,
        lane: parts.connectorFor(delivery.lane)?.lane ?? CLOSED_LANE,
        now: clock.now(),
        random: parts.random,
        reports: parts.reports,
        clientWaits,
      },
      report,
      part,
    )
  }

  function after({ delivery, message }: Known, { change, events }: Settlement): void {
    const { lane, remoteId } = delivery
    const now = changed(delivery, change)
    if (remoteId !== undefined && change.nextAt === undefined) names.forget(lane, remoteId)
    else if (remoteId !== undefined) names.keep(lane, remoteId, { delivery: now, message })
    watches.moved(message.id, now)
    parts.observe(subjectOf(message), events)
    if (change.nextAt !== undefined) kick.delivery(lane, change.nextAt)
  }

  function settle(delivery: Delivery, message: Described, said: Said): Promise<Receipt> {
    return watches.during(message.id, (clientWaits) =>
      settleInStore({ delivery, message }, said, clientWaits),
    )
  }

  async function settleInStore(
    { delivery: first, message }: Known,
    said: Said,
    clientWaits: boolean,
  ): Promise<Receipt> {
    const { report, unpark } = said
    let delivery = first
    for (let race = 0; race < RACES_MAX; race += 1) {
      const part = await placeOf(delivery, said)
      const settlement = decide({ delivery, message }, report, clientWaits, part)
      const repeat =
        settlement === undefined
          ? part === undefined && confirms(delivery, report)
          : part?.told === true || (REPEATABLE.has(report.status) && (await heard(delivery, said)))
      if (settlement === undefined || repeat) return keep(delivery, message, said, repeat)
      const result = await commit(delivery, message, settlement, unpark)
      if (result.kind === 'done') {
        const settled = changed({ ...delivery, version: result.version }, settlement.change)
        for (const parked of result.parked) await apply(settled, message, parked, 0)
        return 'applied'
      }
      if (result.current === undefined) return 'unknown'
      delivery = result.current
    }
    throw new Error(`delivery ${delivery.id} changed ${RACES_MAX} times under one report`)
  }

  /** A report that moves nothing is still evidence, unless it only says again what is known. */
  async function keep(
    delivery: Delivery,
    message: Described,
    said: Said,
    known: boolean,
  ): Promise<Receipt> {
    const { report, remoteId, unpark } = said
    const repeat = known || (await heard(delivery, said))
    if (repeat && unpark.length === 0) return 'repeat'
    const event: MessageEvent = {
      type: 'reported',
      at: clock.now(),
      delivery: delivery.index,
      route: delivery.lane,
      report,
      ...(delivery.expects === 'reports' ? { remoteId } : {}),
      state: delivery.state,
      ignored: isFinal(delivery.state) ? 'after-final' : 'out-of-order',
    }
    const events = repeat ? [] : [event]
    const at = { delivery, message, now: clock.now(), reports: parts.reports }
    const notices = repeat ? [] : readNotices(at, report)
    const tell = notices.length === 0 ? {} : { tell: { deliveryId: delivery.id, notices } }
    await store.commit([{ op: 'append', messageId: message.id, events, unpark, ...tell }])
    parts.observe(subjectOf(message), events)
    for (const notice of notices) kick.notice(notice.lane, notice.nextAt)
    return repeat ? 'repeat' : 'evidence'
  }

  /** Whether this very report is in the history: a far end that lost our answer sends it again. */
  async function heard(delivery: Delivery, { report, remoteId }: Said): Promise<boolean> {
    const events = await eventsOf(delivery)
    const attempted = events.findLastIndex(({ type }) => type === 'attempted')
    return events.some(
      (event, place) =>
        event.type === 'reported' &&
        (event.remoteId === undefined || event.remoteId === remoteId) &&
        isSame(event.report, report, place > attempted),
    )
  }

  async function eventsOf({ messageId, index }: Delivery): Promise<MessageEvent[]> {
    const story = await store.read({ query: 'message', messageId })
    return (story?.events ?? []).filter(({ delivery }) => delivery === index)
  }

  /** Where a delivery left in several parts: what its history says of them. */
  async function placeOf(
    delivery: Delivery,
    { report, remoteId }: Said,
  ): Promise<(PartOf & { readonly told: boolean }) | undefined> {
    if (delivery.expects !== 'reports') return undefined
    const events = await eventsOf(delivery)
    const told = arrivedParts(events)
    const open = partsOf(events).filter((id) => id !== remoteId && !told.has(id))
    const again = ARRIVED.has(report.status) && told.has(remoteId)
    return { remoteId, othersOpen: open.length > 0, told: again }
  }

  async function resume({ route, remoteId, parked }: Unused): Promise<void> {
    const { report } = parked
    const at = clock.now()
    const op = { op: 'receive', route, remoteId, report, at, park: false } as const
    const [found] = await insist(clock, Number.POSITIVE_INFINITY, () => store.commit([op]))
    if (found.kind === 'found') await apply(found.delivery, found.message, parked, 0)
  }

  return { receive, apply, resume }
}

/** A report and what it names. */
interface Said {
  readonly report: Report
  /** The id as the far end first gave it. */
  readonly remoteId: string
  /** Parked reports used up by it. */
  readonly unpark: readonly number[]
}

/** The ids of the parts of the latest attempt that was taken. */
function partsOf(events: readonly MessageEvent[]): readonly string[] {
  for (const event of [...events].reverse()) {
    if (event.type !== 'attempted' || event.outcome.kind !== 'submitted') continue
    return [event.outcome.remoteId, ...(event.outcome.otherIds ?? [])]
  }
  return []
}

/** The ids of the parts that were reported where they should be. */
function arrivedParts(events: readonly MessageEvent[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) =>
      event.type === 'reported' && ARRIVED.has(event.report.status) ? (event.remoteId ?? []) : [],
    ),
  )
}

/** Reports that leave a delivery open, so that only its history can tell a repeat from news. */
const REPEATABLE: ReadonlySet<ReportedStatus> = new Set(['deferred', 'refused'])

/** Without a time of its own, a report can only repeat one that came since the last attempt. */
function isSame(earlier: Report, later: Report, sinceAttempt: boolean): boolean {
  if (earlier.status !== later.status || earlier.reason !== later.reason) return false
  if (later.happenedAt !== undefined) return earlier.happenedAt === later.happenedAt
  return sinceAttempt && earlier.raw === later.raw
}

/** Whether a status says what the delivery already shows. */
function confirms(delivery: Delivery, { status, remoteId }: Report): boolean {
  // A name nobody knew is news, whatever is said with it.
  if (remoteId !== undefined && remoteId !== delivery.remoteId) return false
  switch (status) {
    case 'acknowledged':
      return delivery.state !== 'failed'
    case 'retrieved':
      return delivery.state === 'delivered'
    case 'forwarded':
      return delivery.state === 'forwarded' || delivery.state === 'delivered'
    case 'expired':
      return delivery.state === 'expired'
    case 'refused':
    case 'rejected':
    case 'unrecognised':
    case 'unreachable':
      return delivery.state === 'failed'
    case 'indeterminate':
      return delivery.state === 'unknown'
    case 'deferred':
    case 'read':
    case 'deleted-unread':
      return false
  }
}
