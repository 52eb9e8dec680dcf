/** The words of MM4 header values (TS 23.140 §8.4), read in any case and in the misspellings seen. */

import type { ForwardReq, MmStatus, ReadReplyReportReq, RequestStatus } from './types.ts'

const REQUEST_STATUSES: readonly RequestStatus[] = [
  'Ok',
  'Error-unspecified',
  'Error-service-denied',
  'Error-message-format-corrupt',
  'Error-sending-address-unresolved',
  'Error-message-not-found',
  'Error-network-problem',
  'Error-content-not-accepted',
  'Error-unsupported-message',
]

const MM_STATUSES: readonly MmStatus[] = [
  'Retrieved',
  'Rejected',
  'Expired',
  'Deferred',
  'Indeterminate',
  'Forwarded',
  'Unrecognised',
  'Unreachable',
]

/** Spellings of the same thing; the last one is a store of the network's own that took the message. */
const MM_STATUS_VARIANTS: ReadonlyMap<string, MmStatus> = new Map([
  ['unrecognized', 'Unrecognised'],
  ['forwardedtommbox', 'Retrieved'],
])

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['rejection-by-mms-recipient', 'Rejection-by-MMS-Recipient'],
  ['rejected-by-recipient', 'Rejection-by-MMS-Recipient'],
  ['rejection-by-other-rs', 'Rejection-by-other-RS'],
  ['rejected-by-other-mmsc', 'Rejection-by-other-RS'],
])

/** A value, and how it was written if it is none of the known words. */
export interface Word<T extends string> {
  readonly value: T
  readonly raw: string | undefined
}

/** X-Mms-Request-Status-Code. `0` is some tools' Ok; an unknown word is an error without a name. */
export function parseRequestStatus(text: string): Word<RequestStatus> {
  const known = text.trim() === '0' ? 'Ok' : oneOf(REQUEST_STATUSES, text)
  return known === undefined
    ? { value: 'Error-unspecified', raw: text }
    : { value: known, raw: undefined }
}

/** X-Mms-MM-Status-Code. An unknown word tells nothing about the message: Indeterminate. */
export function parseMmStatus(text: string): Word<MmStatus> {
  const known = oneOf(MM_STATUSES, text)
  if (known !== undefined) return { value: known, raw: undefined }
  const word = text.trim().toLowerCase()
  const variant = MM_STATUS_VARIANTS.get(word)
  const raw = variant === 'Unrecognised' ? undefined : text
  return { value: variant ?? 'Indeterminate', raw }
}

/** X-Mms-MM-Status-Extension in the standard's spelling, or as it came. */
export function parseMmStatusExtension(text: string): string {
  return EXTENSIONS.get(text.trim().toLowerCase()) ?? text
}

/** X-Mms-Read-Status; peers leave out the blanks. */
export function parseReadStatus(text: string): ReadReplyReportReq['readStatus'] | undefined {
  const letters = text.toLowerCase().replace(/[^a-z]/g, '')
  if (letters === 'read') return 'Read'
  return letters.startsWith('deleted') ? 'Deleted without being read' : undefined
}

/** X-Mms-Message-Class. */
export function parseMessageClass(text: string): ForwardReq['messageClass'] {
  return oneOf(['Personal', 'Advertisement', 'Informational', 'Auto'] as const, text)
}

/** X-Mms-Priority. */
export function parsePriority(text: string): ForwardReq['priority'] {
  return oneOf(['Low', 'Normal', 'High'] as const, text)
}

/** Yes or No, and what programmers write instead. */
export function parseYesNo(text: string): boolean | undefined {
  const word = text.trim().toLowerCase()
  if (word === 'yes' || word === 'true' || word === '1') return true
  return word === 'no' || word === 'false' || word === '0' ? false : undefined
}

function oneOf<T extends string>(words: readonly T[], text: string): T | undefined {
  const wanted = text.trim().toLowerCase()
  return words.find((word) => word.length === wanted.length && word.toLowerCase() === wanted)
}
