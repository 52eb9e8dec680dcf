/** What each policy asks, what it looks at, and the reasons it may give: for the reference pages. */
import type { Reason } from '../reason.ts'
import type { PolicyName } from './index.ts'

/** One policy in words. */
export interface PolicyWords {
  readonly asks: string
  readonly data: string
  readonly reasons: readonly Reason[]
}

/** Every policy; a forgotten one does not compile, and a reason not listed fails a test. */
export const POLICY_WORDS: Readonly<Record<PolicyName, PolicyWords>> = {
  hops: {
    asks: 'Has it come through few enough hands?',
    data: 'trace fields and the forward counter',
    reasons: ['too-many-hops'],
  },
  'service-enabled': {
    asks: 'May the account send on this channel?',
    data: '`policy.channels`',
    reasons: ['api-not-enabled'],
  },
  application: {
    asks: 'Is the application it names one of the account’s?',
    data: '`applications`',
    reasons: ['application-unknown'],
  },
  'sender-form': {
    asks: 'Is the sender an address, and a number that a numbering plan allows?',
    data: 'numbering plans',
    reasons: ['sender-malformed'],
  },
  'recipient-form': {
    asks: 'Is the recipient an address, and a number that a numbering plan allows?',
    data: 'numbering plans',
    reasons: ['recipient-invalid'],
  },
  loop: {
    asks: 'Has it not been here before, and does it leave its sender?',
    data: 'our own marks; sender and recipient',
    reasons: ['loop-detected'],
  },
  'group-size': {
    asks: 'Does it show few enough recipients?',
    data: '`policy.groupMax`; To and Cc, each once, without the sender',
    reasons: ['recipients-too-many'],
  },
  emergency: {
    asks: 'Is the recipient no emergency service of the sender’s country?',
    data: 'a table of numbers by country',
    reasons: ['emergency-number'],
  },
  'sender-fails': {
    asks: 'Is the sender’s number not set to fail?',
    data: '`numbers.failsAlways`',
    reasons: ['fails-always'],
  },
  'sender-in-inventory': {
    asks: 'Is the sender an active number of ours?',
    data: '`numbers.state`, where `policy.sendersFromInventory`',
    reasons: ['sender-unallocated'],
  },
  'sender-account': {
    asks: 'Does the sender’s number lead to an account that is enabled?',
    data: '`numbers.account`, where `policy.sendersFromInventory`',
    reasons: ['sender-account-missing'],
  },
  'sender-owned': {
    asks: 'Does it lead to this account, and is it enabled for the channel?',
    data: '`numbers.account` and `.channels`, where `policy.sendersFromInventory`',
    reasons: ['sender-not-provisioned'],
  },
  'recipient-allowed': {
    asks: 'Is the recipient no reserved number, and if it is ours, active and enabled?',
    data: '`numbers.state` and `.channels`',
    reasons: ['recipient-forbidden'],
  },
  'recipient-account': {
    asks: 'If the recipient’s number is ours, does it lead to an account?',
    data: '`numbers.account`',
    reasons: ['recipient-account-missing'],
  },
  'recipient-profile': {
    asks: 'Is the recipient of an MMS no fixed line?',
    data: 'numbering plans; `policy.fixedLines` lets them pass',
    reasons: ['recipient-incapable'],
  },
  'short-code': {
    asks: 'Has the account short codes, if sender or recipient is one?',
    data: '`policy.shortCodes`',
    reasons: ['short-code-forbidden'],
  },
  'toll-free': {
    asks: 'Has the account toll-free numbers, if one takes part, and no group with it?',
    data: 'numbering plans; `policy.tollFree`',
    reasons: ['toll-free-forbidden'],
  },
  country: {
    asks: 'May the account reach the recipient’s country?',
    data: 'numbering plans; `policy.countries`',
    reasons: ['country-forbidden'],
  },
  encoding: {
    asks: 'Does every text, the subject too, decode in the charset it names?',
    data: 'the bytes of the text parts as they arrive',
    reasons: ['text-undecodable'],
  },
  'media-type': {
    asks: 'May the account send every media type, and do the bytes not contradict it?',
    data: '`policy.mediaTypes`; the first 32 bytes of each part',
    reasons: ['media-type-refused'],
  },
  'content-size': {
    asks: 'Is the content small enough?',
    data: '`policy.contentBytesMax`, `policy.tollFreeBytesMax`',
    reasons: ['content-too-large'],
  },
  spam: {
    asks: 'Does the content filter call it clean?',
    data: '`filter` of the configuration; `policy.filterRequired` where it cannot be asked',
    reasons: ['spam-detected', 'policy-service-down'],
  },
  'opt-out': {
    asks: 'Does the recipient want messages from this sender?',
    data: '`blocks`: the opt-out ledger and what operators add',
    reasons: ['recipient-blocked'],
  },
  'recipient-carrier': {
    asks: 'Has the recipient’s number a carrier, and one we know?',
    data: '`lookup` of the configuration, where `carrierLookup`; `carriers.ids`',
    reasons: ['recipient-unallocated', 'carrier-unknown', 'database-unavailable'],
  },
}
