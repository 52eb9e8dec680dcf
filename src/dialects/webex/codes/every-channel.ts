/** Common to all channels; a row of the channel wins. Texts are as printed, the rest is ours. */
import type { CodeRow } from '../../../core/code-row.ts'

/** The 12 rows, in the order of the source. */
export const commonCodes = [
  {
    code: '7000',
    text: 'Invalid JSON',
    class: 'malformed',
    meaning: 'The request body is not JSON, or its top level is not an object; nothing was read.',
    action: 'Sender: mend the JSON, then resend; unchanged it fails again.',
  },
  {
    code: '7001',
    text: 'Authentication failed',
    class: 'unauthenticated',
    meaning:
      'A service key or bearer token came, but it is unknown, withdrawn, badly signed or too old.',
    action: 'Sender: use a live service key or a fresh token; the same message may then go.',
  },
  {
    code: '7002',
    text: 'Service Key Missing',
    class: 'unauthenticated',
    meaning: 'Neither a key header nor an Authorization header came, so the caller is unknown.',
    action: 'Sender: add the service key; the same message may then go.',
  },
  {
    code: '7003',
    text: 'Mandatory parameters missing',
    class: 'missing-field',
    meaning:
      'A member the request cannot do without is absent, such as channel, destination or content.',
    action: 'Sender: add the member, then resend; unchanged it fails again.',
  },
  {
    code: '7004',
    text: 'Invalid parameters/Values',
    class: 'invalid-field',
    meaning:
      'A member is there, but its type, range or combination with another one is not allowed.',
    action: 'Sender: correct the value, then resend; unchanged it fails again.',
  },
  {
    code: '7005',
    text: 'Request expired',
    class: 'expired',
    override: {
      stage: 'ingress',
      party: 'sender',
      permanence: 'permanent',
      retry: 'fix',
      billing: 'no',
      because: 'that moment has passed for good',
    },
    meaning: 'The moment the request calls its expiry had passed already, so no attempt was made.',
    action: 'Sender: set a later expiry and check the clock, then resend.',
    marks: ['time-of-what'],
    note: 'Also reported later, when the expiry passes before the first attempt.',
  },
  {
    code: '7006',
    text: 'Internal error occurred',
    class: 'internal-error',
    meaning: 'The gateway failed before the message was safely stored; nothing was queued.',
    action: 'Nothing to change; the same message may be resent after a pause.',
  },
  {
    code: '7007',
    text: 'Service inactive',
    class: 'account-suspended',
    meaning: 'The service behind the key is not live: a draft, locked, suspended or deleted.',
    action: 'Account: make the service live again; the same message may then go.',
  },
  {
    code: '7009',
    text: 'Max number of destination address limited to 1000',
    class: 'too-many',
    meaning: 'The request lists over 1000 destination addresses, repeated ones counted.',
    action: 'Sender: split the list into requests of at most 1000 addresses.',
  },
  {
    code: '7020',
    text: 'You have reached the maximum transaction limit',
    class: 'quota-exhausted',
    meaning: 'The tenant has used up its transactions per second, or its volume for the period.',
    action: 'Wait for the next period or have the limit raised; the same message may then go.',
    causes: [
      'transactions per second, burst included',
      'contracted volume of the day, week or month',
    ],
    marks: ['several-causes'],
    candidates: ['rate-limited'],
  },
  {
    code: '7104',
    text: 'Invalid app id',
    class: 'not-found',
    meaning: 'The app id is unknown, of another channel, or not attached to this service.',
    action: 'Sender: use an app id attached to the service, then resend.',
  },
  {
    code: '7200',
    text: 'Unknown Status',
    class: 'unknown',
    meaning: 'The next party reported something that has no row here; its raw code is kept.',
    action: 'Read the raw code; the message may have gone out, so check before resending.',
    marks: ['catch-all'],
  },
] as const satisfies readonly CodeRow[]
