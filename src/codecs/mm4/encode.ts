/**
 * MM4 messages to header blocks, strictly as TS 23.140 §8.4 and RFC 5322 have them: all mail headers
 * present, folded, in US-ASCII. Every value passes one of two writers below, and neither lets a line
 * end through, so no value can begin a header of its own.
 */

import { encodeHeader, type HeaderField, isHeaderName } from '../mime/headers.ts'
import { printMm4Address } from './address.ts'
import { printExpiry, printMailDate } from './dates.ts'
import type { Mm4Address, Mm4Id, Mm4Message } from './types.ts'

/** What a mail has beside the message it carries. */
export interface Mm4Mail {
  /** Message-ID of RFC 5322, without brackets. */
  readonly mailId: string
  /** Used where the message has no date of its own; epoch milliseconds. */
  readonly dateMs: number
  /** From and To of responses, which name none: our system's address and the peer's. */
  readonly from?: Mm4Address
  readonly to?: Mm4Address
  /** Content headers of the body; absent: the body is empty. */
  readonly content?: readonly HeaderField[]
  /** Headers of a dialect of its own. */
  readonly extra?: readonly HeaderField[]
}

/** What an empty body is declared as. */
const EMPTY_CONTENT: readonly HeaderField[] = [
  { name: 'Content-Type', value: 'text/plain; charset=us-ascii' },
  { name: 'Content-Transfer-Encoding', value: '7bit' },
]
/** RFC 5322 §2.1.1: 998 octets a line; header names and what RFC 2047 leaves unfolded fit besides. */
const VERBATIM_BYTES_MAX = 900

/** The header block with the blank line that ends it: a whole mail where the body is empty. */
export function encodeMm4(message: Mm4Message, mail: Mm4Mail): Uint8Array {
  const block = new Block()
  mailHeaders(block, message, mail)
  block.word('X-Mms-3GPP-MMS-Version', message.version)
  block.word('X-Mms-Message-Type', message.type)
  block.id('X-Mms-Transaction-ID', message.transactionId)
  block.id('X-Mms-Message-ID', message.messageId)
  mmsHeaders(block, message)
  for (const { name, value } of mail.extra ?? []) block.free(name, value)
  return block.bytes()
}

function mailHeaders(block: Block, message: Mm4Message, mail: Mm4Mail): void {
  const own = 'from' in message ? message : undefined
  block.word('Date', printMailDate(message.date ?? mail.dateMs))
  const from = own === undefined ? one(mail.from ?? message.sender) : [own.from]
  block.list('From', printAll(from))
  block.list('Sender', printAll(one(message.sender)))
  block.list('To', printAll(own?.to ?? one(mail.to)))
  if (message.type === 'MM4_forward.REQ') {
    block.list('Cc', printAll(message.cc))
    block.free('Subject', message.subject)
  }
  block.word('Message-ID', `<${mail.mailId.replace(/[<>\s]/g, '')}>`)
  block.word('MIME-Version', '1.0')
  for (const { name, value } of mail.content ?? EMPTY_CONTENT) block.word(name, value)
}

function mmsHeaders(block: Block, message: Mm4Message): void {
  if ('ackRequest' in message) {
    block.yesNo('X-Mms-Ack-Request', message.ackRequest)
    block.list('X-Mms-Originator-System', printAll(one(message.originatorSystem)))
  } else {
    block.word('X-Mms-Request-Status-Code', message.requestStatus)
  }
  switch (message.type) {
    case 'MM4_forward.REQ':
      forwardHeaders(block, message)
      break
    case 'MM4_forward.RES':
      block.list('X-Mms-Request-Recipients', printAll(message.requestRecipients))
      break
    case 'MM4_delivery_report.REQ':
      block.word('X-Mms-MM-Status-Code', message.mmStatus)
      block.word('X-Mms-MM-Status-Extension', message.mmStatusExtension)
      block.yesNo('X-Mms-Forward-To-Originator-UA', message.forwardToOriginatorUa)
      break
    case 'MM4_read_reply_report.REQ':
      block.word('X-Mms-Read-Status', message.readStatus)
  }
  if ('statusText' in message) block.free('X-Mms-Status-Text', message.statusText)
  if ('internalStatusCode' in message) {
    block.word('X-Internal-Status-Code', message.internalStatusCode)
  }
}

function forwardHeaders(
  block: Block,
  message: Extract<Mm4Message, { type: 'MM4_forward.REQ' }>,
): void {
  block.word('X-Mms-Message-Class', message.messageClass)
  block.word('X-Mms-Expiry', message.expiry && printExpiry(message.expiry))
  block.yesNo('X-Mms-Delivery-Report', message.deliveryReport)
  block.yesNo('X-Mms-Originator-R/S-Delivery-Report', message.originatorDeliveryReport)
  block.word('X-Mms-Priority', message.priority)
  block.word('X-Mms-Sender-Visibility', message.senderVisibility)
  block.yesNo('X-Mms-Read-Reply', message.readReply)
  block.word('X-Mms-Forward-Counter', message.forwardCounter?.toString())
  for (const earlier of message.previouslySentBy) block.word('X-Mms-Previously-sent-by', earlier)
  for (const when of message.previouslySentAt ?? []) {
    block.word('X-Mms-Previously-sent-date-and-time', when)
  }
  for (const { name, value } of message.routing ?? []) block.word(name, value)
  block.word('X-Mms-Content-Class', message.contentClass)
  block.yesNo('X-Mms-Drm-Content', message.drmContent)
  block.yesNo('X-Mms-Adaptation-Allowed', message.adaptationAllowed)
  block.word('X-Mms-Applic-ID', message.applicId)
  block.word('X-Mms-Reply-Applic-ID', message.replyApplicId)
  block.word('X-Mms-Aux-Applic-Info', message.auxApplicInfo)
}

/** Collects header lines. What is `undefined`, or has a name that is none, is left out. */
class Block {
  private text = ''

  /** Text for people: encoded words where it is not ASCII. */
  free(name: string, value: string | undefined): void {
    if (value !== undefined && isHeaderName(name)) this.text += encodeHeader(name, value)
  }

  /** Words for programs: what is not printable ASCII has no business there and becomes `?`. */
  word(name: string, value: string | undefined): void {
    if (value === undefined || !isHeaderName(name)) return
    const clean = value.replace(/[^\x20-\x7e]/g, '?').slice(0, VERBATIM_BYTES_MAX)
    // Something that looks like an encoded word must not be encoded again: ids are echoed as they are.
    this.text += clean.includes('=?') ? `${name}: ${clean}\r\n` : encodeHeader(name, clean)
  }

  id(name: string, id: Mm4Id | undefined): void {
    this.word(name, id?.raw)
  }

  yesNo(name: string, value: boolean | undefined): void {
    if (value !== undefined) this.word(name, value ? 'Yes' : 'No')
  }

  /** Addresses: folds at the blanks between them, however many there are. */
  list(name: string, value: string): void {
    if (value === '') return
    // `=?` can stand in an address; made an encoded word of, it would be none.
    this.text += encodeHeader(name, value.replace(/[^\x20-\x7e]/g, '?').replaceAll('=?', '='))
  }

  bytes(): Uint8Array {
    return Buffer.from(`${this.text}\r\n`, 'latin1')
  }
}

function printAll(list: readonly Mm4Address[]): string {
  return list.map(printMm4Address).join(', ')
}

function one(address: Mm4Address | undefined): readonly Mm4Address[] {
  return address === undefined ? [] : [address]
}
