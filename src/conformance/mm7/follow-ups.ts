/** Requests about a message that was sent before. */
import type { Mm7Operation, Received, SubmitReq } from '../../codecs/mm7/types.ts'
import type { Mm7Change } from './draft.ts'

/** A CancelReq for this message; with a recipient, for that one alone. */
export function cancel(messageId: string, recipient?: string): Mm7Change {
  return (draft) => {
    const { mm7Version, senderIdentification } = draft.operation as Received<SubmitReq>
    const operation = {
      name: 'CancelReq',
      mm7Version,
      senderIdentification,
      messageId,
      ...(recipient !== undefined && {
        recipients: [{ list: 'To', address: { kind: 'Number', value: recipient } }],
      }),
    }
    // Without content there is no multipart: the envelope travels alone.
    return { ...draft, operation: operation as Received<Mm7Operation>, parts: [] }
  }
}
