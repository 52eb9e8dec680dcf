/**
 * Follows every change as the disk sees it, whatever the code above believes: no delivery leaves a
 * final state, and nobody writes under a token that is not the youngest (I3, I9).
 */
import { isFinal } from '../../src/core/delivery-state.ts'
import type { Delivery, Op, OpResults } from '../../src/engine/ports/store.ts'
import { type Ledger, nameOf, remoteNameOf, type Violation } from './ledger.ts'

type Result = OpResults[Op['op']]
type Row = Pick<Delivery, 'state' | 'token'> & { readonly name: string }

export interface DiskWatch {
  saw(op: Op, result: Result, at: number): void
  /** Everything after the horizon is gone: what is on the disk is seen again from the start. */
  forget(): void
}

export function createDiskWatch(ledger: Ledger): DiskWatch {
  const rows = new Map<number, Row>()

  function object(kind: Violation, detail: string): void {
    ledger.violations.push({ kind, detail })
  }

  function accepted(op: Extract<Op, { op: 'accept' }>, result: OpResults['accept']): void {
    if (result.kind !== 'accepted') return
    for (const [place, { index, state, reason }] of op.deliveries.entries()) {
      const name = nameOf(op.message.id, index)
      rows.set(result.firstDeliveryId + place, { name, state, token: 0 })
      if (isFinal(state)) ledger.ends.set(name, { state, reason, at: op.message.acceptedAt })
    }
  }

  function settled(
    op: Extract<Op, { op: 'settle' }>,
    result: OpResults['settle'],
    at: number,
  ): void {
    const row = rows.get(op.deliveryId)
    if (result.kind !== 'done' || row === undefined) return
    const { state, reason } = op.change
    if (isFinal(row.state) && state !== row.state) {
      object('double final', `${row.name} went from ${row.state} to ${state}`)
    }
    const attempted = op.events.find((event) => event.type === 'attempted')
    if (attempted?.type === 'attempted' && attempted.token !== row.token) {
      object('zombie write', `${row.name} by token ${attempted.token}, youngest ${row.token}`)
    }
    rows.set(op.deliveryId, { ...row, state })
    if (isFinal(state) && !isFinal(row.state)) ledger.ends.set(row.name, { state, reason, at })
    if (op.link === undefined) return
    const remote = remoteNameOf(op.link.route, op.link.remoteId)
    if (!ledger.linked.has(remote)) ledger.linked.set(remote, { delivery: row.name, at })
  }

  function revised(
    op: Extract<Op, { op: 'revise' }>,
    result: OpResults['revise'],
    at: number,
  ): void {
    if (result.kind !== 'done') return
    for (const { deliveryId, change } of op.deliveries) {
      const row = rows.get(deliveryId)
      if (row === undefined) continue
      const { state } = change
      if (isFinal(row.state) || row.state === 'attempting') {
        object('double final', `${row.name} went from ${row.state} to ${state}`)
      }
      rows.set(deliveryId, { ...row, state })
      if (isFinal(state)) ledger.ends.set(row.name, { state, reason: 'cancelled', at })
    }
  }

  function claimed(result: OpResults['claim']): void {
    for (const { delivery } of result.claimed) {
      const row = rows.get(delivery.id)
      if (row === undefined) continue
      rows.set(delivery.id, { ...row, state: delivery.state, token: delivery.token })
    }
  }

  return {
    saw(op, result, at) {
      if (op.op === 'accept') accepted(op, result as OpResults['accept'])
      if (op.op === 'settle') settled(op, result as OpResults['settle'], at)
      if (op.op === 'revise') revised(op, result as OpResults['revise'], at)
      if (op.op === 'claim' || op.op === 'claim-expired') claimed(result as OpResults['claim'])
    },
    forget() {
      rows.clear()
      ledger.ends.clear()
      ledger.linked.clear()
    },
  }
}
