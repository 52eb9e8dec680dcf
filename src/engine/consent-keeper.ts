/**
 * Keeps a message that is a subscriber's keyword together with what it changes, and has it answered
 * once it is kept.
 */
import type { MessageId, Submission } from '../core/message.ts'
import type { Acceptance } from './accept.ts'
import { consentChanges, consentReply, consentReplyText } from './consent.ts'
import type { OptOutLedger, PutDirectory } from './directory-holder.ts'
import type { EngineParts } from './parts.ts'
import { createReplyGate } from './reply-gate.ts'

/** Keeps a message; `beside` is written in the same commit. */
export type Keep = (submission: Submission, beside?: PutDirectory) => Promise<Acceptance>

/** Keeps messages with a `consent`, by way of the ledger. */
export function createConsentKeeper(
  { directory, clock, media, alarm }: EngineParts,
  ledger: OptOutLedger,
  keep: Keep,
): (submission: Submission) => Promise<Acceptance> {
  const gate = createReplyGate()

  /** The message is kept: an answer that cannot be is an alarm, and no reason to refuse it. */
  async function answer(
    submission: Submission,
    messageId: MessageId,
    changed: boolean,
  ): Promise<void> {
    const { accountId, envelope, recipients, consent } = submission
    const texts = directory().accountById.get(accountId)?.consentReplies
    const text = consentReplyText(submission, texts, changed)
    if (text === undefined) return
    const name = [envelope.sender.text, recipients[0]?.text, consent?.consent].join(' ')
    if (!gate.pass(name, clock.now())) return
    try {
      await keep(consentReply(submission, messageId, text, media))
    } catch (error) {
      alarm(`answer to the keyword in ${messageId}`, error)
    }
  }

  return async (submission) => {
    const { acceptance, changed } = await ledger.amend(
      () => consentChanges(submission, directory(), clock.now()),
      async (beside) => {
        const kept = await keep(submission, beside)
        return {
          kept: kept.kind === 'accepted',
          acceptance: kept,
          changed: beside !== undefined,
        }
      },
    )
    if (acceptance.kind === 'accepted') await answer(submission, acceptance.messageId, changed)
    return acceptance
  }
}
