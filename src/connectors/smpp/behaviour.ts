/** What a simulated message centre does with one message: data for the emulator, nothing of the product. */

/** How a request is answered. */
export type SmscAnswer =
  /** A command_status; 0 takes the message. */
  | { readonly kind: 'status'; readonly status: number }
  /** No answer at all. */
  | { readonly kind: 'silence' }
  /** The line breaks with the request in hand. */
  | { readonly kind: 'drop' }
  /** Bytes that are no SMPP, and then the line breaks. */
  | { readonly kind: 'garbage' }

/** One receipt. */
export interface SmscReceipt {
  /** The word of `stat`, as it is printed. */
  readonly stat: string
  readonly err?: string
  /** After the answer, in milliseconds. */
  readonly afterMs: number
  /** Only for this part, from 1; absent: for each. */
  readonly part?: number
}

/** How a receipt spells the id of the answer, which is eight hexadecimal digits in capitals. */
export type SmscIdForm = 'same' | 'lower' | 'trimmed' | 'decimal' | 'decimal-padded'

/** The whole story of one message at the simulated message centre. */
export interface SmscBehaviour {
  readonly answer: SmscAnswer
  /** In milliseconds. */
  readonly answerAfterMs: number
  /** It misbehaves for so many requests to a number, then takes; absent: always. */
  readonly answerTries?: number
  /** Only for this part of a message in parts, from 1: the others are taken. */
  readonly answerPart?: number
  /** `congestion_state` of its answers (SMPP 5.0). */
  readonly congestion?: number
  /** Its answer waits until a later request is answered. */
  readonly reorders?: boolean
  readonly receipts: readonly SmscReceipt[]
  /** Receipts go before the answer. */
  readonly receiptFirst?: boolean
  /** Each receipt comes twice. */
  readonly repeats?: boolean
  readonly idForm?: SmscIdForm
  /** Where a receipt says what it says: in its text, in parameters, or in both. */
  readonly receiptStyle?: 'text' | 'parameters' | 'both'
  /** Receipts come as data_sm. */
  readonly receiptByData?: boolean
  /** How a cancel_sm is answered; absent: given back, unless its last receipt was sent. */
  readonly cancelAnswer?: SmscAnswer
  /** The handset writes back this text, this long after it got the message. */
  readonly reply?: { readonly text: string; readonly afterMs: number }
}

/** Takes everything, delivers at once. */
export const ORDINARY_SMSC: SmscBehaviour = {
  answer: { kind: 'status', status: 0 },
  answerAfterMs: 0,
  receipts: [{ stat: 'DELIVRD', afterMs: 50 }],
}
