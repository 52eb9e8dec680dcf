/** How each code and status is made to happen. Keyed by them: one forgotten does not compile. */
import type { Scenario } from '../../core/code-row.ts'
import { sinchScenarios } from '../sinch/scenarios.ts'
import type { SkycoreCode, SkycoreStatus } from './codes.ts'

/** One scenario for each row of the MM7 service. */
export const skycoreScenarios: Readonly<Record<SkycoreCode, Scenario>> = {
  ...sinchScenarios,
  '1000': { via: 'request', given: 'a correct SubmitReq with one picture, with or without SMIL' },
  '2566': { via: 'request', given: 'X-Skycore-Carrier-Id: 9999999' },
  '2569': {
    via: 'account',
    given: 'an account whose carriers are looked up, and +99910002569, where no answer comes',
  },
  '2570': { via: 'account', given: 'an account that is set up on no carrier' },
  '4004': { via: 'request', given: 'Priority Urgent, which is no value of Priority' },
}

/** One scenario for each word of a delivery report. */
export const skycoreStatusScenarios = {
  Deferred: { via: 'recipient', given: 'its handset puts the download off' },
  Expired: { via: 'recipient', given: 'its carrier reports Expired: the handset never fetched' },
  Forwarded: { via: 'recipient', given: 'its carrier takes the message and reports nothing yet' },
  Indeterminate: { via: 'recipient', given: 'its carrier reports Indeterminate' },
  NotSupported: { via: 'recipient', given: 'its carrier answers Error-unsupported-message' },
  Rejected: { via: 'recipient', given: 'its carrier reports Rejected' },
  Retrieved: { via: 'recipient', given: 'its handset fetches and acknowledges' },
  Unreachable: { via: 'recipient', given: 'its carrier reports Unreachable' },
  Unrecognized: { via: 'recipient', given: 'its handset answers Unrecognised' },
} as const satisfies Record<SkycoreStatus, Scenario>
