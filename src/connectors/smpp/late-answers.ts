/**
 * Answers that come when nobody waits for them any more: which delivery they are about. An answer is known
 * by its session and its sequence number alone, so what is remembered ends with the session.
 */
import type { SubmitSm } from '../../codecs/smpp/pdu.ts'
import type { SmppHandler, SmppReply, SmppSession } from '../../transports/smpp/handler.ts'

export type LateAnswer = Parameters<NonNullable<SmppHandler['late']>>[0]

export interface LateAnswers {
  /** This request of this delivery was given up without an answer. */
  missed(session: SmppSession, sequenceNumber: number, key: string): void
  /** The delivery an answer is about, told once. */
  take(session: SmppSession, answer: LateAnswer): string | undefined
}

/** Requests remembered of one session; the oldest goes first. */
const MISSED_MAX = 10_000

export function createLateAnswers(): LateAnswers {
  const missing = new WeakMap<SmppSession, Map<number, string>>()
  return {
    missed(session, sequenceNumber, key) {
      const own = missing.get(session) ?? new Map<number, string>()
      missing.set(session, own.set(sequenceNumber, key))
      for (const oldest of own.keys()) {
        if (own.size <= MISSED_MAX) return
        own.delete(oldest)
      }
    },
    take(session, { sequenceNumber, response }) {
      const own = missing.get(session)
      const key = own?.get(sequenceNumber)
      if (response.command !== 'submit_sm_resp' && response.command !== 'generic_nack') {
        return undefined
      }
      own?.delete(sequenceNumber)
      return key
    },
  }
}

/** A late answer as the reply it would have been. */
export function replyOf({ commandStatus, sequenceNumber, response }: LateAnswer) {
  return { kind: 'answered', commandStatus, sequenceNumber, response } as SmppReply<SubmitSm>
}
