/** Random lives of a store as plain data, and what they mean as ops. */
import fc from 'fast-check'
import type {
  Delivery,
  LeasedNotice,
  NewNotice,
  Op,
  OpResults,
  ParkedReport,
} from '../../engine/ports/store.ts'
import {
  acceptOp,
  attempted,
  claimNoticesOp,
  claimOp,
  holdOp,
  idOf,
  LEASE_MS,
  noticeOf,
  receiveOp,
  settleNoticeOp,
  settleOp,
  T0,
} from './samples.suite.ts'

const LANES = ['carrier-a', 'carrier-b'] as const
const small = fc.nat({ max: 3 })
const lane = fc.constantFrom(...LANES)

/** One step of a script. Numbers that pick something are taken modulo what there is to pick. */
export type Step =
  | {
      readonly do: 'accept'
      readonly n: number
      readonly lane: (typeof LANES)[number]
      readonly recipients: number
      readonly failed: boolean
      readonly delayMs: number
      readonly validityMs: number
      readonly key: number
      readonly windowMs: number
      readonly notices: number
      readonly born: boolean
      readonly segment: number
    }
  | { readonly do: 'claim' | 'make-due'; readonly lane: (typeof LANES)[number] }
  | { readonly do: 'claim-expired' | 'claim-notices' | 'replay' }
  | {
      readonly do: 'settle'
      readonly pick: number
      readonly to: 'delivered' | 'deferred' | 'submitted' | 'attempting'
      readonly remote: number
      readonly notices: number
      readonly born: boolean
      readonly unpark: boolean
    }
  | { readonly do: 'receive'; readonly remote: number; readonly park: boolean }
  | {
      readonly do: 'revise'
      readonly pick: number
      readonly cancels: boolean
      readonly segment: number
    }
  | { readonly do: 'append' | 'discard' | 'relocate'; readonly n: number }
  | {
      readonly do: 'settle-notice'
      readonly pick: number
      readonly result: 'told' | 'retry' | 'parked'
    }
  | { readonly do: 'purge'; readonly ageMs: number; readonly limit: number }
  | { readonly do: 'put'; readonly name: number; readonly value: number }
  | {
      readonly do: 'hold'
      readonly n: number
      readonly key: number
      readonly sequence: number
      readonly total: number
    }
  | { readonly do: 'assemble'; readonly n: number; readonly first: number }
  | { readonly do: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      n: fc.integer({ min: 1, max: 12 }),
      lane,
      recipients: fc.integer({ min: 1, max: 3 }),
      failed: fc.boolean(),
      delayMs: fc.constantFrom(0, 0, 50_000),
      validityMs: fc.constantFrom(30_000, 9_000_000),
      key: small,
      windowMs: fc.constantFrom(10, 9_000_000),
      notices: fc.nat({ max: 2 }),
      born: fc.boolean(),
      segment: small,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('claim' as const, 'make-due' as const), lane }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('claim-expired' as const, 'claim-notices' as const, 'replay' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      pick: fc.nat({ max: 50 }),
      to: fc.constantFrom('delivered', 'deferred', 'submitted', 'attempting'),
      remote: small,
      notices: fc.nat({ max: 2 }),
      born: fc.boolean(),
      unpark: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('revise' as const),
      pick: fc.nat({ max: 50 }),
      cancels: fc.boolean(),
      segment: small,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      remote: small,
      park: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('append' as const, 'discard' as const, 'relocate' as const),
      n: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('settle-notice' as const),
      pick: fc.nat({ max: 50 }),
      result: fc.constantFrom('told', 'retry', 'parked'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('purge' as const),
      ageMs: fc.constantFrom(0, 100, 60_000),
      limit: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('put' as const), name: small, value: small }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      n: fc.integer({ min: 1, max: 12 }),
      key: fc.nat({ max: 1 }),
      sequence: fc.integer({ min: 1, max: 2 }),
      total: fc.integer({ min: 2, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('assemble' as const),
      n: fc.integer({ min: 1, max: 12 }),
      first: fc.integer({ min: 1, max: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 700, LEASE_MS, 100_000),
    }),
  },
)

/** A script: calls of one or more steps each. */
export const script = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), {
  minLength: 60,
  maxLength: 120,
})

/** What a script has learnt so far: later steps pick from it, stale or not. */
export interface Knowledge {
  now: number
  readonly deliveries: Delivery[]
  readonly notices: LeasedNotice[]
  readonly parked: ParkedReport[]
  /** Deliveries as they waited when they were last seen. */
  readonly waiting: Pick<Delivery, 'id' | 'version' | 'messageId'>[]
}

export function createKnowledge(): Knowledge {
  return { now: T0, deliveries: [], notices: [], parked: [], waiting: [] }
}

/** Remembers what a result taught. */
export function learn(known: Knowledge, op: Op, result: OpResults[Op['op']]): void {
  if (op.op === 'accept') {
    const answer = result as OpResults['accept']
    if (answer.kind !== 'accepted') return
    known.notices.push(...(answer.leased ?? []))
    const { id: messageId } = op.message
    for (const [place] of op.deliveries.entries()) {
      known.waiting.push({ id: answer.firstDeliveryId + place, version: 0, messageId })
    }
  } else if (op.op === 'claim' || op.op === 'claim-expired') {
    const { claimed } = result as OpResults['claim']
    known.deliveries.push(...claimed.map(({ delivery }) => delivery))
  } else if (op.op === 'claim-notices') {
    known.notices.push(...(result as OpResults['claim-notices']).claimed)
  } else if (op.op === 'settle') {
    const answer = result as OpResults['settle']
    if (answer.kind === 'done') {
      known.parked.push(...answer.parked)
      known.notices.push(...(answer.leased ?? []))
      const delivery = known.deliveries.find(({ id }) => id === op.deliveryId)
      if (delivery !== undefined) known.waiting.push({ ...delivery, version: answer.version })
    } else if (answer.current !== undefined) known.deliveries.push(answer.current)
  } else if (op.op === 'receive') {
    const answer = result as OpResults['receive']
    if (answer.kind === 'found') known.deliveries.push(answer.delivery)
  }
}

/** The ops of one step; none when there is nothing to pick. */
export function opsOf(step: Step, known: Knowledge): Op[] {
  const { now } = known
  switch (step.do) {
    case 'accept':
      return [acceptStep(step, now)]
    case 'claim':
      return [claimOp(step.lane, now, 2)]
    case 'make-due':
      return [{ op: 'make-due', lane: step.lane, now }]
    case 'claim-expired':
      return [{ op: 'claim-expired', now, leaseUntil: now + LEASE_MS, limit: 2 }]
    case 'claim-notices':
      return [claimNoticesOp('client:acme', now, 2)]
    case 'replay':
      return [{ op: 'replay-notices', accountId: 'acme', nextAt: now }]
    case 'settle':
      return settleStep(step, known)
    case 'revise':
      return reviseStep(step, known)
    case 'receive':
      return [receiveOp(`r-${step.remote}`, now, step.park)]
    case 'append':
      return [{ op: 'append', messageId: idOf(step.n), events: [attempted(0, now, 'queued')] }]
    case 'relocate': {
      const from = [extentOf(step.n, 1)]
      return [{ op: 'relocate', messageId: idOf(step.n), from, to: [extentOf(step.n, 7)] }]
    }
    case 'settle-notice': {
      const leased = known.notices[step.pick % Math.max(1, known.notices.length)]
      const { result: kind } = step
      const result = kind === 'retry' ? { kind, nextAt: now + 500 } : { kind }
      return leased === undefined ? [] : [settleNoticeOp(leased, result, now)]
    }
    case 'purge':
      return [{ op: 'purge', before: now - step.ageMs, limit: step.limit }]
    case 'put':
      return [putDirectory(step.name, step.value)]
    case 'hold': {
      const part = { key: `set-${step.key}`, at: now }
      return [holdOp(step.n, step.sequence, step.total, part)]
    }
    case 'assemble':
      return [acceptOp(step.n, { at: now, parts: idOf(step.first) })]
    case 'discard':
    case 'wait':
      return []
  }
}

function extentOf(n: number, segment: number) {
  return { segment, offset: n * 100, length: 100, crc32: n }
}

function acceptStep(step: Extract<Step, { do: 'accept' }>, now: number): Op {
  const told = (['handed-to-network', 'deferred'] as const).slice(0, step.notices)
  return acceptOp(step.n, {
    at: now,
    lane: step.lane,
    recipients: step.recipients,
    state: step.failed ? 'failed' : 'queued',
    dueAt: now + step.delayMs,
    expiresAt: now + step.validityMs,
    notices: told.map((result, index) =>
      bornLeased(step.born, noticeOf(step.n, result, now + index)),
    ),
    extents: step.segment === 0 ? [] : [extentOf(step.n, step.segment)],
    mediaSynced: { segment: 1, offset: now - T0 },
    ...(step.key === 0
      ? {}
      : {
          idempotency: {
            scope: 'acme',
            key: `tx-${step.key}`,
            fingerprint: 'f',
            since: now - step.windowMs,
          },
        }),
  })
}

function bornLeased(born: boolean, notice: NewNotice): NewNotice {
  return born ? { ...notice, leaseUntil: notice.nextAt + LEASE_MS } : notice
}

function settleStep(step: Extract<Step, { do: 'settle' }>, known: Knowledge): Op[] {
  const { now } = known
  const delivery = known.deliveries[step.pick % Math.max(1, known.deliveries.length)]
  if (delivery === undefined) return []
  const remoteId = `r-${step.remote}`
  const n = Number(delivery.messageId.slice(-8))
  const told = (['delivered', 'unknown'] as const).slice(0, step.notices)
  const notices: NewNotice[] = told.map((result) =>
    bornLeased(step.born, noticeOf(n, result, now, { index: delivery.index })),
  )
  const submitted = step.to === 'submitted'
  return [
    settleOp(delivery, now, {
      change: {
        state: step.to,
        nextAt: step.to === 'delivered' ? undefined : now + 400,
        attempts: delivery.attempts + 1,
        ...(submitted ? { remoteId, expects: 'report', submittedAt: now } : { reason: undefined }),
      },
      notices,
      ...(submitted ? { link: { route: 'carrier-a', remoteId } } : {}),
      ...(step.unpark ? { unpark: known.parked.map(({ id }) => id) } : {}),
    }),
  ]
}

function reviseStep(step: Extract<Step, { do: 'revise' }>, { now, waiting }: Knowledge): Op[] {
  const { segment } = step
  const picked = waiting[step.pick % Math.max(1, waiting.length)]
  if (picked === undefined) return []
  const { id: deliveryId, version, messageId } = picked
  const change = step.cancels
    ? ({ state: 'cancelled', reason: 'cancelled' } as const)
    : ({ state: 'queued', nextAt: now + 300 } as const)
  const extents = segment === 0 ? [] : [extentOf(Number(messageId.slice(-8)), segment)]
  const replace = {
    expiresAt: now + 60_000,
    ...(segment > 1 ? {} : { content: { parts: [], length: 0, extents } }),
  }
  return [
    {
      op: 'revise',
      messageId,
      deliveries: [{ deliveryId, version, change }],
      events: [{ type: 'cancelled', at: now, delivery: 0, state: 'cancelled' }],
      ...(step.cancels ? {} : { replace }),
    },
  ]
}

function putDirectory(name: number, value: number): Op {
  const entry = { kind: 'account', name: `a-${name}` }
  return { op: 'put-directory', entries: [value === 0 ? entry : { ...entry, value: { value } }] }
}
