/** Checks of whom a message is for: presence before count before syntax. */
import type { Check } from './check.ts'

export const ADDRESS_CHECKS = {
  'recipient-present': (r) =>
    r.recipients.length === 0 || r.recipientsBroken || r.recipients.some((x) => x.kind === 'bare')
      ? 'recipient-missing'
      : undefined,
  'recipient-count': (r, a) =>
    r.recipients.length > a.limits.recipientsMax ? 'recipients-too-many' : undefined,
  'recipient-number': (r) =>
    r.recipients.every((x) => x.kind === 'number' && x.address?.kind === 'number')
      ? undefined
      : 'recipient-invalid',
  // For a service that takes e-mail addresses too, and may serve some of several recipients.
  'recipient-address': (r, a) => {
    const good = r.recipients.filter((x) => x.kind !== 'short-code' && x.address !== undefined)
    if (good.length === r.recipients.length) return undefined
    return a.limits.partialRecipients && good.length > 0 ? undefined : 'recipient-invalid'
  },
  'recipient-blocked': (_r, a) => (a.recipientBlocked ? 'recipient-blocked' : undefined),
  'carrier-id-known': (r, a) =>
    r.carrierId === undefined || a.carrierIdKnown ? undefined : 'carrier-id-invalid',
  'carrier-id-present': (r, a) =>
    r.carrierId === undefined && a.carrierIdRequired ? 'carrier-id-missing' : undefined,
} as const satisfies Record<string, Check>
