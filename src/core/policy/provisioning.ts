/** Policies about who owns what and who may reach whom: inventory, account, line, country. */
import type { PartyFacts, Policy, Refusal } from './facts.ts'

/** One digit all the way: no plan assigns such a number to anybody. */
const REPEATED = /^(?:1?)([0-9])\1{6,}$/

export const PROVISIONING_POLICIES = {
  'service-enabled': ({ channel, policy }) =>
    policy.channels.includes(channel)
      ? undefined
      : { reason: 'api-not-enabled', rule: `The account may not send ${channel}.` },
  application: ({ application }) =>
    application === undefined || application.known
      ? undefined
      : { reason: 'application-unknown', rule: 'The application is not one of the account’s.' },
  'sender-in-inventory': ({ sender, policy }) => {
    if (!policy.sendersFromInventory || sender.own?.state === 'active') return undefined
    const rule =
      sender.own === undefined
        ? 'The sender is not in the number inventory.'
        : `The sender is ${sender.own.state} in the number inventory.`
    return { reason: 'sender-unallocated', rule }
  },
  'sender-account': ({ sender, policy }) =>
    policy.sendersFromInventory && !sender.ownAccountLive
      ? {
          reason: 'sender-account-missing',
          rule: 'The sender’s inventory row leads to no account.',
        }
      : undefined,
  'sender-owned': ({ sender, policy, accountId, channel }) => {
    if (!policy.sendersFromInventory) return undefined
    // A number of nobody is the business of the policies that look for its row and its account.
    if (sender.own?.account !== undefined && sender.own.account !== accountId) {
      return { reason: 'sender-not-provisioned', rule: 'The sender belongs to another account.' }
    }
    return serves(sender, channel)
      ? undefined
      : { reason: 'sender-not-provisioned', rule: `The sender is not enabled for ${channel}.` }
  },
  'sender-fails': ({ sender }) =>
    sender.own?.failsAlways === true
      ? { reason: 'fails-always', rule: 'The sender’s inventory row says to fail every message.' }
      : undefined,
  'recipient-allowed': ({ recipient, channel }): Refusal | undefined => {
    if (recipient.address?.kind === 'number' && REPEATED.test(recipient.address.text)) {
      return { reason: 'recipient-forbidden', rule: 'The recipient is a reserved number.' }
    }
    const { own } = recipient
    if (own === undefined) return undefined
    if (own.state !== 'active') {
      return { reason: 'recipient-forbidden', rule: `The recipient’s number is ${own.state}.` }
    }
    return serves(recipient, channel)
      ? undefined
      : { reason: 'recipient-forbidden', rule: `The recipient is not enabled for ${channel}.` }
  },
  'short-code': ({ sender, recipient, policy }) => {
    const used = sender.address?.kind === 'short-code' || recipient.address?.kind === 'short-code'
    return used && !policy.shortCodes
      ? { reason: 'short-code-forbidden', rule: 'The account has no short code service.' }
      : undefined
  },
  'toll-free': ({ sender, recipient, recipients, policy }) => {
    const used = sender.line === 'toll-free' || recipient.line === 'toll-free'
    if (!used) return undefined
    if (!policy.tollFree) {
      return { reason: 'toll-free-forbidden', rule: 'The account may not use toll-free numbers.' }
    }
    return recipients > 1
      ? { reason: 'toll-free-forbidden', rule: 'Toll-free numbers take no group messages.' }
      : undefined
  },
  country: ({ recipient, policy }) => {
    const { countries } = policy
    if (countries.length === 0 || recipient.address?.kind !== 'number') return undefined
    const { country = 'no country' } = recipient
    return countries.includes(country)
      ? undefined
      : { reason: 'country-forbidden', rule: `The account may not send to ${country}.` }
  },
  'recipient-account': ({ recipient }) =>
    recipient.own !== undefined && !recipient.ownAccountLive
      ? {
          reason: 'recipient-account-missing',
          rule: 'The recipient’s inventory row leads to no account.',
        }
      : undefined,
  'recipient-profile': ({ recipient, channel, policy }) =>
    channel === 'mms' && recipient.line === 'fixed' && !policy.fixedLines
      ? { reason: 'recipient-incapable', rule: 'The recipient is a fixed line.' }
      : undefined,
  'recipient-carrier': ({ carrier }): Refusal | undefined => {
    switch (carrier.kind) {
      case 'unassigned':
        return { reason: 'recipient-unallocated', rule: 'No carrier is assigned to the number.' }
      case 'unconfigured':
        return { reason: 'carrier-unknown', rule: `Carrier ${carrier.id} is not configured.` }
      case 'unavailable':
        return { reason: 'database-unavailable', rule: `Carrier look-up: ${carrier.because}.` }
      default:
        return undefined
    }
  },
} as const satisfies Record<string, Policy>

/** A row without a list of channels serves them all. */
function serves({ own }: PartyFacts, channel: 'mms' | 'sms'): boolean {
  return own?.channels === undefined || own.channels.includes(channel)
}
