/** Makers of the less happy send results. */

import { createReply, printReply, type ReceivedReply } from '../../codecs/smtp/reply.ts'
import type { RecipientResult, SendNotSent, SendRefused, SmtpPhase } from './send-result.ts'
import type { Lost } from './wire.ts'

/** The connection was lost while the message was surely still ours. */
export function lostBefore(phase: SmtpPhase, { because, detail }: Lost): SendNotSent {
  return { kind: 'not-sent', phase, because, detail }
}

/** The peer said no. */
export function refusedByPeer(
  phase: SmtpPhase,
  reply: ReceivedReply,
  perRecipient: readonly RecipientResult[] = [],
): SendRefused {
  return { kind: 'refused', phase, reply, reportedBy: 'peer', perRecipient }
}

/** We know the peer could only say no, or cannot even ask: the reply it would give. */
export function refusedByClient(
  phase: SmtpPhase,
  code: number,
  enhanced: string,
  text: string,
): SendRefused {
  const reply = createReply(code, enhanced, text)
  const raw = printReply(reply).trimEnd()
  return {
    kind: 'refused',
    phase,
    reply: { ...reply, raw },
    reportedBy: 'client',
    perRecipient: [],
  }
}
