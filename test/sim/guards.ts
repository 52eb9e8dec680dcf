/**
 * The guards that can be taken away, one at a time, to prove that the auditor would notice. Each is
 * removed outside the product: between the engine and its store, at a carrier's door, in a
 * connector's settings.
 */
import { isFinal } from '../../src/core/delivery-state.ts'
import type { Op, OpResults, ResultsOf, Store } from '../../src/engine/ports/store.ts'

export const GUARDS = {
  'sync-before-yes': 'a commit is answered before it is on the disk',
  'version-check': 'the last writer wins, whatever he has seen',
  'fencing-token': 'a holder whose lease was taken over may still write',
  'final-is-final': 'whoever was slower is not told that the delivery has ended',
  'parking-early-reports': 'a report whose id is not known yet is dropped',
  'unused-reports-at-start': 'a parked report that a dead process had found is forgotten',
  'kept-before-yes': 'a carrier is told yes before its report is kept',
  'idempotency-key': 'a repeated request is a new message',
  'stable-key': 'every attempt goes out under a key of its own',
  'hold-when-ambiguous': 'silence is answered by sending again although the peer keeps doubles',
  'notice-in-same-commit': 'what a client is to be told is stored after the change itself',
  'lease-end': 'an attempt that was lost with its process is never looked at again',
  'bytes-before-yes': 'a message is accepted without waiting for its bytes',
  'timer-of-submitted': 'nobody looks when the wait for an answer or report is over',
} as const

export type Guard = keyof typeof GUARDS

type AnyOp = Op
type AnyResult = OpResults[Op['op']]
type Commit = (ops: readonly AnyOp[]) => Promise<readonly AnyResult[]>

/** The store as an engine without this guard would use it. */
export function weaken(store: Store, without: Guard | undefined): Store {
  const plain: Commit = (ops) => store.commit(ops) as Promise<readonly AnyResult[]>
  const commit = weakCommit(plain, without)
  if (commit === undefined && without !== 'unused-reports-at-start') return store
  return {
    ...store,
    start:
      without === 'unused-reports-at-start' ? { ...store.start, unusedReports: [] } : store.start,
    async commit<const Ops extends readonly Op[]>(ops: Ops): Promise<ResultsOf<Ops>> {
      return (await (commit ?? plain)(ops)) as ResultsOf<Ops>
    },
  }
}

function weakCommit(commit: Commit, without: Guard | undefined): Commit | undefined {
  switch (without) {
    case 'version-check':
      return onStale(commit, (op, current) => ({ ...op, version: current.version }))
    case 'idempotency-key':
      return async (ops) => commit(ops.map(withoutKey))
    case 'parking-early-reports':
      return async (ops) => {
        const results = await commit(ops.map((op) => (isReceive(op) ? { ...op, park: false } : op)))
        return results.map((result, place) =>
          isReceive(ops[place]) && 'kind' in result && result.kind === 'unknown'
            ? { kind: 'parked' }
            : result,
        )
      }
    case 'fencing-token':
      return changingResults(commit, (op, result) => {
        const attempted = op.op === 'settle' ? op.events.find(isAttempted) : undefined
        if (attempted === undefined || !isStale(result)) return result
        return { ...result, current: { ...result.current, token: attempted.token } }
      })
    case 'final-is-final':
      return changingResults(
        async (ops) => commit(ops.map(leftOpen)),
        (_op, result) => reopened(result),
      )
    case 'notice-in-same-commit':
      return noticesApart(commit)
    case 'lease-end':
      return withoutClaims(commit, 'attempting')
    case 'timer-of-submitted':
      return withoutClaims(commit, 'submitted')
    default:
      return undefined
  }
}

type Settle = Extract<Op, { op: 'settle' }>
type Stale = Extract<OpResults['settle'], { kind: 'stale' }>
type Current = NonNullable<Stale['current']>

const isReceive = (op: Op | undefined): op is Extract<Op, { op: 'receive' }> => op?.op === 'receive'

function isAttempted<Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, { readonly type: 'attempted' }> {
  return event.type === 'attempted'
}

function isStale(result: AnyResult): result is Stale & { readonly current: Current } {
  return 'kind' in result && result.kind === 'stale' && 'current' in result
    ? result.current !== undefined
    : false
}

/** Far beyond any story; epoch milliseconds. */
const NEVER = 9_000_000_000_000

/** A final state is stored as one that still has a next moment, so that the store lets it change. */
function leftOpen(op: Op): Op {
  if (op.op !== 'settle' || !isFinal(op.change.state)) return op
  return { ...op, change: { ...op.change, nextAt: NEVER } }
}

/** Whoever looks finds the delivery waiting for a report. */
function reopened(result: AnyResult): AnyResult {
  if (isStale(result) && isFinal(result.current.state)) {
    return { ...result, current: { ...result.current, state: 'submitted' } }
  }
  if ('delivery' in result && isFinal(result.delivery.state)) {
    return { ...result, delivery: { ...result.delivery, state: 'submitted' } }
  }
  return result
}

function withoutKey(op: Op): Op {
  if (op.op !== 'accept') return op
  const { idempotency: _key, ...rest } = op
  return rest
}

function changingResults(commit: Commit, change: (op: Op, result: AnyResult) => AnyResult): Commit {
  return async (ops) => {
    const results = await commit(ops)
    return results.map((result, place) => {
      const op = ops[place]
      return op === undefined ? result : change(op, result)
    })
  }
}

function onStale(commit: Commit, again: (op: Settle, current: Current) => Settle): Commit {
  return async (ops) => {
    let results = await commit(ops)
    const [op] = ops
    for (let result = results[0]; op?.op === 'settle' && result !== undefined; ) {
      if (!isStale(result) || isFinal(result.current.state)) break
      results = await commit([again(op, result.current)])
      result = results[0]
    }
    return results
  }
}

function noticesApart(commit: Commit): Commit {
  return async (ops) => {
    const [op] = ops
    if (op?.op !== 'settle' || op.notices.length === 0) return commit(ops)
    const first = await commit([leftOpen({ ...op, notices: [] })])
    const [done] = first
    if (done === undefined || !('version' in done)) return first
    const { deliveryId, change, notices } = op
    const [told] = await commit([
      { op: 'settle', deliveryId, version: done.version, change, events: [], notices },
    ])
    return [told !== undefined && 'version' in told ? { ...done, version: told.version } : done]
  }
}

function withoutClaims(commit: Commit, state: 'attempting' | 'submitted'): Commit {
  return changingResults(commit, (op, result) =>
    op.op === 'claim' && 'claimed' in result
      ? ({
          ...result,
          claimed: (result as OpResults['claim']).claimed.filter(
            ({ previous }) => previous !== state,
          ),
        } as AnyResult)
      : result,
  )
}
