/** Policies about the addresses themselves, before anything is looked up. */
import { isEmergency } from './emergency.ts'
import type { PartyFacts, PathFacts, Policy } from './facts.ts'

/** TS 23.140 names no limit for the counter; ten is far more than people pass a message on. */
const FORWARDS_MAX = 10
/** Normal traffic arrives with four to six; RFC 5321 §6.3 asks to allow a hundred. */
const HOPS_MAX = 100

/** Whether a message has come too far to be anything but a loop. */
export function isFarTravelled({ hops, forwards }: Omit<PathFacts, 'seenHere'>): boolean {
  return hops > HOPS_MAX || forwards > FORWARDS_MAX
}

export const ADDRESSING_POLICIES = {
  'sender-form': ({ sender }) =>
    wellFormed(sender)
      ? undefined
      : { reason: 'sender-malformed', rule: 'The sender is no number of a numbering plan.' },
  'recipient-form': ({ recipient }) =>
    wellFormed(recipient) || isEmergency(recipient)
      ? undefined
      : { reason: 'recipient-invalid', rule: 'The recipient is no number of a numbering plan.' },
  loop: ({ sender, recipient, path }) => {
    if (path.seenHere) return { reason: 'loop-detected', rule: 'It carries our own mark.' }
    return sender.address !== undefined && sender.address.text === recipient.address?.text
      ? { reason: 'loop-detected', rule: 'Sender and recipient are the same.' }
      : undefined
  },
  hops: ({ path }) =>
    isFarTravelled(path)
      ? {
          reason: 'too-many-hops',
          rule: `${path.hops} hops of ${HOPS_MAX}, passed on ${path.forwards} times of ${FORWARDS_MAX}.`,
        }
      : undefined,
  'group-size': ({ recipients, policy }) =>
    recipients > policy.groupMax
      ? {
          reason: 'recipients-too-many',
          rule: `${recipients} recipients; the account may send to ${policy.groupMax}.`,
        }
      : undefined,
  emergency: ({ recipient }) =>
    isEmergency(recipient)
      ? { reason: 'emergency-number', rule: 'Emergency services take no messages here.' }
      : undefined,
} as const satisfies Record<string, Policy>

/** Short codes and e-mail have no numbering plan to be measured by. */
function wellFormed({ address, formValid }: PartyFacts): boolean {
  return address !== undefined && (address.kind !== 'number' || formValid)
}
