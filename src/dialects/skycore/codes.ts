/**
 * Skycore runs the same MM7 service as Sinch: its table is that table with two texts spelt
 * otherwise, two codes of its own, and the statuses of delivery reports.
 */
import type { CodeRow } from '../../core/code-row.ts'
import { inheritCodes } from '../inherit.ts'
import { type SinchCode, sinchCodes } from '../sinch/codes.ts'

const addedCodes = [
  {
    code: '2569',
    text: 'Carrier Lookup Service is down. Please retry.',
    class: 'downstream-error',
    override: {
      stage: 'routing',
      party: 'third-party',
      billing: 'no',
      because: 'the look-up service failed before the message was taken',
    },
    meaning:
      'The service that tells which carrier owns the number gave no answer; nothing was taken.',
    action: 'Send again in a little while, or name the carrier in the X-Skycore-Carrier-Id header.',
    marks: ['inferred'],
    note: 'Printed without details. A 2xxx number, yet transient: the text itself says retry.',
  },
  {
    code: '2570',
    text: 'Carrier Not Provisioned',
    class: 'no-route',
    override: {
      party: 'account',
      retry: 'provision',
      because: 'the account has to be provisioned on that carrier first',
    },
    meaning:
      'The recipient’s carrier is known, but this account or service may not send to it yet.',
    action: 'Ask your account manager to provision the carrier, or use another channel.',
    marks: ['inferred'],
    note: 'Printed without details.',
  },
] as const satisfies readonly CodeRow[]

/** A number of the table. */
export type SkycoreCode = SinchCode | (typeof addedCodes)[number]['code']

/** The 44 rows of the MM7 service. */
export const skycoreCodes = inheritCodes(
  sinchCodes,
  {
    '2506': {
      text: 'Missing XML element – Content',
      note: 'Printed with an en dash; the table of Sinch has a hyphen here.',
    },
    '2567': { action: 'Add the X-Skycore-Carrier-Id header, or have look-up enabled.' },
    '3000': {
      causes: ['store or queue unavailable', 'disk reserve reached', 'overload or shutdown'],
    },
    '3520': {
      note: 'A 3xxx number, yet permanent until repaired. A carrier not provisioned is 2570.',
    },
    '4002': {
      text: 'Unsupported MM7 version',
      note: 'About the carrier; your own version is 2505. Sinch misprints this text.',
    },
  },
  addedCodes,
)

/** The 9 words a delivery report says. */
export const skycoreStatuses = [
  {
    code: 'Deferred',
    text: 'Deferred',
    class: 'deferred',
    meaning: 'The handset knows of the message but has not fetched it yet; it may still do so.',
    action: 'Wait: another report follows.',
    causes: ['the user has not accepted the download', 'weak coverage or no data connection'],
  },
  {
    code: 'Expired',
    text: 'Expired',
    class: 'expired',
    meaning: 'The handset did not fetch the message before its validity ended.',
    action: 'Send a new message later if it still matters, or reach the recipient another way.',
    causes: ['phone off or abroad', 'MMS or data switched off', 'a validity that was too short'],
  },
  {
    code: 'Forwarded',
    text: 'Forwarded',
    class: 'submitted',
    meaning:
      'The message was handed to the recipient’s mobile network; a final report is still to come.',
    action: 'Wait for the final report.',
    note: 'In 3GPP the same word says that the user passed the message on unread.',
  },
  {
    code: 'Indeterminate',
    text: 'Indeterminate',
    class: 'unknown',
    override: { party: 'carrier', because: 'only the network could know what became of it' },
    meaning: 'The network cannot say whether the message was delivered: it may have been, or not.',
    action: 'Do not send again blindly; count it neither as success nor as failure.',
    causes: ['a network that gives no reports', 'an answer that was lost on the way'],
    marks: ['catch-all'],
  },
  {
    code: 'NotSupported',
    text: 'NotSupported',
    class: 'unsupported',
    override: {
      stage: 'network',
      party: 'carrier',
      retry: 'switch',
      because: 'the next hop refuses the version or format; the sender’s request was in order',
    },
    meaning:
      'The next gateway does not support what it was asked: a protocol version, operation or format.',
    action: 'Reach this recipient by another channel, and tell the provider which carrier it was.',
    note: 'Not a status of the 3GPP schema: some clients read it as Indeterminate.',
  },
  {
    code: 'Rejected',
    text: 'Rejected',
    class: 'refused',
    meaning: 'The gateway or the mobile network rejected the message after it had been accepted.',
    action:
      'Look for the reason with the provider: content, size, spam filter or a barred subscriber.',
    causes: [
      'content or size the carrier refuses',
      'a spam filter',
      'MMS barred for the subscriber',
    ],
    candidates: ['policy-blocked', 'too-large', 'opted-out'],
  },
  {
    code: 'Retrieved',
    text: 'Success',
    class: 'delivered',
    meaning: 'The handset fetched the message and acknowledged it: this is proof of delivery.',
    action: 'Nothing: the message is delivered.',
  },
  {
    code: 'Unreachable',
    text: 'Unreachable',
    class: 'unreachable',
    meaning: 'The destination network or the subscriber could not be reached at all.',
    action: 'Send again later; use another channel if it repeats.',
    causes: ['phone off or out of coverage for long', 'the carrier’s gateway is down'],
    note: 'Not a status of the 3GPP schema: some clients read it as Indeterminate.',
  },
  {
    code: 'Unrecognized',
    text: 'Unrecognized',
    class: 'incapable',
    meaning: 'The handset fetched the message and does not understand what is in it.',
    action: 'Send simpler content, or plain text by another channel.',
    note: 'Spelt with z; 3GPP spells Unrecognised, and some clients read this as Indeterminate.',
  },
] as const satisfies readonly CodeRow[]

/** A word of a delivery report. */
export type SkycoreStatus = (typeof skycoreStatuses)[number]['code']
