/**
 * What really happened, written down by those whom it happened to: clients, carriers, handsets, and
 * the disk. The auditor compares it with what the gateway says.
 */

import type { DeliveryState } from '../../src/core/delivery-state.ts'
import type { ReportedStatus } from '../../src/core/outcome.ts'
import type { Reason } from '../../src/core/reason.ts'
import type { Notice } from '../../src/engine/ports/report-sender.ts'

/** What the auditor objects to. */
export type Violation =
  | 'acknowledged message lost'
  | 'no final state'
  | 'double final'
  | 'wrong final'
  | 'false final'
  | 'withdrawn in word only'
  | 'duplicate acceptance'
  | 'duplicate at the handset'
  | 'unstable key'
  | 'zombie write'
  | 'interim after final'
  | 'client told two ends'
  | 'client never told the end'
  | 'client told an untruth'
  | 'body changed'
  | 'recipients lost'
  | 'alarm'

export interface Sent {
  readonly recipients: number
  readonly body: Uint8Array
  readonly wantsReports: boolean
}

/** A report the gateway said yes to. */
export interface Reported {
  readonly lane: string
  readonly remoteId: string
  readonly status: ReportedStatus
  /** When the yes was said; epoch milliseconds. */
  readonly at: number
}

/** How and when a delivery ended, as the disk saw it. */
export interface End {
  readonly state: DeliveryState
  readonly reason: Reason | undefined
  readonly at: number
}

export interface Ledger {
  readonly trace: string[]
  readonly violations: { readonly kind: Violation; readonly detail: string }[]
  /** Submissions by key, and the id a client was given for its key. */
  readonly sent: Map<string, Sent>
  readonly acknowledged: Map<string, string>
  /** By message: the recipients (as texts) for whom a withdrawal was said to come too late. */
  readonly withdrawn: Map<string, readonly string[]>
  /** The outward keys of a delivery, `message/index`. */
  readonly keys: Map<string, Set<string>>
  /** How often a carrier took responsibility for a delivery, and how often a handset got it. */
  readonly taken: Map<string, number>
  readonly fetched: Map<string, number>
  /** Since when a carrier has had a delivery without taking that back; epoch milliseconds. */
  readonly heldSince: Map<string, number>
  readonly reported: Reported[]
  readonly told: { readonly notice: Notice; readonly at: number }[]
  /** By remote name: the delivery and when the gateway learnt it. */
  readonly linked: Map<string, { readonly delivery: string; readonly at: number }>
  readonly ends: Map<string, End>
}

export function createLedger(): Ledger {
  return {
    trace: [],
    violations: [],
    sent: new Map(),
    acknowledged: new Map(),
    withdrawn: new Map(),
    keys: new Map(),
    taken: new Map(),
    fetched: new Map(),
    heldSince: new Map(),
    reported: [],
    told: [],
    linked: new Map(),
    ends: new Map(),
  }
}

/** A delivery's name in the ledger. */
export function nameOf(messageId: string, index: number): string {
  return `${messageId}/${index}`
}

/** A far end's name for a delivery. */
export function remoteNameOf(lane: string, remoteId: string): string {
  return `${lane} ${remoteId}`
}

export function count(counts: Map<string, number>, name: string, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by)
}
