/** The applications a message is between, as its elements. */
import type { Envelope } from '../../core/message.ts'

/** ApplicID, ReplyApplicID and AuxApplicInfo of a message itself; reports turn them round. */
export function applicationElements({ application = {} }: Envelope): {
  readonly applicId?: string
  readonly replyApplicId?: string
  readonly auxApplicInfo?: string
} {
  const { id, replyId, info } = application
  return {
    ...(id === undefined ? {} : { applicId: id }),
    ...(replyId === undefined ? {} : { replyApplicId: replyId }),
    ...(info === undefined ? {} : { auxApplicInfo: info }),
  }
}
