/** What to do with a code: may the same message be sent again, who must act, is it paid for. */
import type { Attributes, Billing, Party, Retry } from '../core/outcome-class.ts'
import type { Entry } from './entry.ts'

/** Whether the same message, unchanged, may be sent again. */
export type Again =
  | 'not-needed'
  | 'wait'
  | 'later'
  | 'no-until-changed'
  | 'elsewhere'
  | 'check'
  | 'no'

/** Advice in words a machine can branch on, and the sentences to show. */
export interface Advice {
  readonly again: Again
  readonly who: Party
  /** May the same message be sent again? */
  readonly retry: string
  /** Who must act? */
  readonly party: string
  /** Is it paid for? */
  readonly billing: string
  /** What to do, for this code. */
  readonly action: string
}

const RETRY = {
  none: ['not-needed', 'There is nothing to send again.'],
  auto: ['wait', 'Not by you: it is still being tried.'],
  later: ['later', 'Yes, the same message later, with growing pauses.'],
  window: ['later', 'Yes, once the quota, session or window allows it again.'],
  fix: ['no-until-changed', 'Not unchanged: correct the message or request first.'],
  provision: ['no-until-changed', 'Not before the account or service is set up for it.'],
  switch: ['elsewhere', 'Not this way: use another channel or route.'],
  check: ['check', 'Only after making sure that it was not delivered.'],
  never: ['no', 'No, never.'],
} as const satisfies Record<Retry, readonly [Again, string]>

const PARTY = {
  nobody: 'Nobody has to act.',
  sender: 'The sender: the request or its content has to change.',
  account: 'The account’s owner, with the provider: rights, set-up or credit.',
  provider: 'The provider, who runs the gateway.',
  carrier: 'The carrier or platform behind the provider.',
  recipient: 'The recipient, or the recipient’s device or line.',
  'third-party': 'A third party, such as a media server or a look-up service.',
  unknown: 'The code does not tell who.',
} as const satisfies Record<Party, string>

const BILLING = {
  no: 'Not billed.',
  maybe: 'May be billed.',
  yes: 'Billed.',
} as const satisfies Record<Billing, string>

/** The advice for a row. */
export function advise(entry: Entry): Advice {
  return { ...adviseOn(entry), action: entry.action }
}

/** The advice that attributes alone give: for sub-codes and outcomes without a code. */
export function adviseOn(attributes: Attributes): Omit<Advice, 'action'> {
  const [again, retry] = RETRY[attributes.retry]
  return {
    again,
    who: attributes.party,
    retry,
    party: PARTY[attributes.party],
    billing: BILLING[attributes.billing],
  }
}
