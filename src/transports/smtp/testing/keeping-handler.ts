/** A handler for tests: keeps what it is given and lets everybody in. */

import { createReply } from '../../../codecs/smtp/reply.ts'
import type { SmtpAbort, SmtpEnvelope, SmtpHandler } from '../handler.ts'
import { RECIPIENT_OK } from '../replies.ts'

/** A message as it came. */
export interface KeptMail {
  readonly envelope: SmtpEnvelope
  readonly body: string
}

/** The handler and what it saw. */
export interface KeepingHandler extends SmtpHandler {
  readonly kept: readonly KeptMail[]
  readonly aborts: readonly SmtpAbort[]
}

/** Makes one; `overrides` replace single members. */
export function createKeepingHandler(overrides: Partial<SmtpHandler> = {}): KeepingHandler {
  const kept: KeptMail[] = []
  const aborts: SmtpAbort[] = []
  return {
    kept,
    aborts,
    mail: () => undefined,
    rcpt: () => RECIPIENT_OK,
    data(_session, envelope) {
      const chunks: Uint8Array[] = []
      return {
        push: (chunk) => void chunks.push(chunk),
        async end() {
          kept.push({ envelope, body: Buffer.concat(chunks).toString('latin1') })
          return createReply(250, '2.0.0', `Kept ${kept.length}`)
        },
        abort: (because) => void aborts.push(because),
      }
    },
    ...overrides,
  }
}
