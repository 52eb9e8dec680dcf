/** What an earlier process left, as a store finds it. */
import type { Extent, MessageId } from '../../core/message.ts'
import type { ParkedReport, PartSet } from './store.ts'

/** What a store found when it was opened; the gateway acts on it before it listens. */
export interface StartFacts {
  /** Deliveries left in `attempting` by a process that is gone; they are due at once. */
  readonly recoveredLeases: number
  /**
   * Messages committed after the media position that was known to be synced: their bytes may be
   * missing, and then nobody was ever told they were accepted.
   */
  readonly unverified: readonly {
    readonly messageId: MessageId
    readonly extents: readonly Extent[]
  }[]
  /**
   * Parked reports whose delivery is known by now: a process stopped after `settle` had returned
   * them and before they were used. Nobody else will look at them again.
   */
  readonly unusedReports: readonly {
    readonly route: string
    readonly remoteId: string
    readonly parked: ParkedReport
  }[]
  /** Sets of parts that are complete: a process stopped before it made a message of them. */
  readonly completeParts: readonly PartSet[]
}
