/** How each code is made to happen. Keyed by the codes: one forgotten does not compile. */
import type { Scenario } from '../../core/code-row.ts'
import type { StandardCode } from './codes.ts'

/** One scenario for each row. */
export const standardScenarios = {
  '1000': { via: 'request', given: 'a correct SubmitReq' },
  '1100': { via: 'account', given: 'an account with several recipients: one good, one malformed' },
  '2000': { via: 'pending', given: 'no rule of this door needs the general client error' },
  '2001': { via: 'request', given: 'an empty ReplyCharging element' },
  '2002': { via: 'request', given: 'the recipient number 12' },
  '2003': { via: 'request', given: 'a CancelReq for an address the message does not have' },
  '2004': { via: 'request', given: 'a Content href that matches no part' },
  '2005': { via: 'request', given: 'a CancelReq for a MessageID nobody got' },
  '2006': { via: 'request', given: 'a LinkedID nobody got' },
  '2007': { via: 'request', given: 'Priority Urgent, which is no value of Priority' },
  '2008': { via: 'request', given: 'an ApplicID nobody registered' },
  '2009': { via: 'request', given: 'a ReplyApplicID nobody registered' },
  '3000': { via: 'account', given: 'an account whose messages break the store' },
  '3001': { via: 'request', given: 'a CancelReq for a message that is delivered' },
  '3002': { via: 'recipient', given: 'its carrier refuses the message as spam' },
  '3003': { via: 'request', given: 'two Number elements in To' },
  '3004': { via: 'recipient', given: 'an ApplicID, and a handset that takes no application data' },
  '4000': { via: 'recipient', given: 'its carrier answers Error-unspecified' },
  '4001': { via: 'request', given: 'an unknown VASPID' },
  '4002': { via: 'request', given: 'MM7Version 9.9.9' },
  '4003': { via: 'request', given: 'a DeliverReq, which goes the other way' },
  '4004': { via: 'request', given: 'SubmitReq without Recipients' },
  '4005': { via: 'account', given: 'a request that breaks the store for the third time' },
  '4006': { via: 'gateway', given: 'a gateway that is draining' },
  '4007': { via: 'account', given: 'a disabled account' },
  '4008': { via: 'request', given: 'an ApplicID that is registered without permission' },
} as const satisfies Record<StandardCode, Scenario>
