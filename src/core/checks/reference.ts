/** Checks of what a request refers to: earlier messages and registered applications. */
import type { Check } from './check.ts'

export const REFERENCE_CHECKS = {
  'message-id-present': (r) =>
    r.followUp !== undefined && r.followUp.messageId === undefined
      ? 'message-id-missing'
      : undefined,
  application: (_r, a) => {
    if (a.application === 'unknown') return 'application-unknown'
    return a.application === 'denied' ? 'application-denied' : undefined
  },
  'linked-message': (_r, a) => (a.linkedKnown ? undefined : 'linked-message-unknown'),
  'reply-application': (_r, a) =>
    a.replyApplicationKnown ? undefined : 'reply-application-unknown',
} as const satisfies Record<string, Check>
