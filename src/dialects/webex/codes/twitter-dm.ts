/** The Twitter DM list. Texts are as printed, the rest is ours. */
import type { CodeRow } from '../../../core/code-row.ts'
import {
  credentialsRefused,
  expiredInQueue,
  innerErrorDecides,
  providerAnswers,
} from '../overrides.ts'

/** The 10 rows, in the order of the source. */
export const twitterDmCodes = [
  {
    code: '7000',
    text: 'Invalid input details (JSON not correct)',
    class: 'malformed',
    meaning: 'The Twitter part of the request has the wrong shape or does not parse.',
    action: 'Sender: mend the JSON, then resend; unchanged it fails again.',
  },
  {
    code: '7006',
    text: 'Internal server error',
    class: 'internal-error',
    meaning: 'An error inside the gateway ended the message before Twitter was asked.',
    action: 'Nothing to change; the same message may be resent after a pause.',
  },
  {
    code: '7010',
    text: 'Service provider exception',
    class: 'downstream-error',
    override: innerErrorDecides,
    meaning: 'Twitter refused the message with an error that has no row here.',
    action: 'Read the inner error: mend what it names; do not resend to a closed inbox.',
    causes: [
      'the person takes no direct messages from the account',
      'the person or the account is suspended',
      'another error of the API',
    ],
    marks: ['pass-through'],
    candidates: ['no-conversation', 'unknown-recipient', 'forbidden'],
  },
  {
    code: '7011',
    text: 'Unknown Exception',
    class: 'unknown',
    meaning:
      'The attempt ended in an error nobody foresaw; Twitter may or may not have the message.',
    action: 'Check before resending; tell the gateway operator.',
    marks: ['catch-all'],
  },
  {
    code: '7301',
    text: 'Message expired',
    class: 'expired',
    override: expiredInQueue,
    meaning: 'The expiry passed while the message waited in the gateway for Twitter.',
    action: 'Resend with a later expiry if it still matters.',
  },
  {
    code: '7302',
    text: 'Rate limit exceeded',
    class: 'rate-limited',
    override: providerAnswers,
    meaning: 'The account makes more calls in the window than Twitter allows.',
    action: 'Wait for the next window; the same message may be resent later.',
  },
  {
    code: '7304',
    text: 'Invalid app credentials(Invalid OAuth)',
    class: 'unauthenticated',
    override: credentialsRefused,
    meaning: 'Twitter does not accept the OAuth keys of the app or of the account.',
    action: 'Account: renew the keys; the same message may then go.',
    note: 'No space before the bracket, as printed.',
  },
  {
    code: '7306',
    text: 'Duplicate message for Twitter',
    class: 'duplicate',
    meaning: 'The account sent the same text before, so this copy was refused.',
    action: 'Do not resend; look how the first message fared.',
  },
  {
    code: '7307',
    text: 'Endpoint not reachable',
    class: 'link-down',
    meaning: 'The API of Twitter could not be reached, or failed each time it was asked.',
    action: 'Wait; the same message may be resent later.',
  },
  {
    code: '7501',
    text: 'Submitted',
    class: 'submitted',
    meaning: 'Twitter took the message, and no later report will come.',
    action: 'Nothing to do; do not wait for a delivery report.',
    note: 'The channel has no delivered or read code.',
  },
] as const satisfies readonly CodeRow[]
