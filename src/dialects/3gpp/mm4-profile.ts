/**
 * MM4 as TS 23.140 §8.4 has it, for clients without a provider's dialect: the standard's status words
 * and no codes. The standard names no order of checks; this one goes from the outside inwards.
 */
import type { Mm4Profile } from '../../core/code-row.ts'

/** The door as data. */
export const standardMm4: Mm4Profile = {
  policyOrder: [
    'hops',
    'loop',
    'service-enabled',
    'application',
    'sender-form',
    'sender-in-inventory',
    'sender-account',
    'sender-owned',
    'sender-fails',
    'recipient-form',
    'emergency',
    'group-size',
    'recipient-allowed',
    'recipient-account',
    'recipient-profile',
    'short-code',
    'country',
    'toll-free',
    'content-size',
    'media-type',
    'encoding',
    'opt-out',
    'spam',
    'recipient-carrier',
  ],
  requestStatus: {},
  mmStatus: {},
  interimFaces: {},
  exhaustedFaces: {},
}
