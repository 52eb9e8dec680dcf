/** Makes one message of its parts: what their octets mean is for the door they came by. */
import type { Submission } from '../../core/message.ts'
import type { Reason } from '../../core/reason.ts'
import type { HeldPart } from './store.ts'

/** A message made of parts. */
export interface JoinedParts {
  readonly submission: Submission
  /** Together they are no message; the submission holds what can be made of them. */
  readonly broken?: Reason
}

export interface PartJoiner {
  /**
   * Joins parts of one set, in order of sequence; some may be missing, then what is there is joined.
   * Pure: the same parts make the same message.
   */
  join(parts: readonly HeldPart[]): JoinedParts | Promise<JoinedParts>
}
