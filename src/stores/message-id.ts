/** The form of a message id: every store takes the same ones and no others. */
import type { MessageId } from '../core/message.ts'

const FORM = /^\d{18}$/

/** Whether a text can name a message. */
export function isMessageId(text: string): text is MessageId {
  return FORM.test(text)
}
