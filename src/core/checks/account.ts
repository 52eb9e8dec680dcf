/** Checks of who is asking: identity before account state, so that strangers learn nothing. */
import type { Check, RequestFacts } from './check.ts'

const nobodyNamed = (r: RequestFacts) =>
  r.vaspId === undefined && r.vasId === undefined && r.sender === undefined

export const ACCOUNT_CHECKS = {
  'sender-identification': (r) => (nobodyNamed(r) ? 'sender-identification-missing' : undefined),
  vaspid: (_r, a) => (a.known ? undefined : 'vaspid-unknown'),
  'client-address': (_r, a) => {
    if (!a.addressAllowed) return 'address-not-allowed'
    return a.lineAllowed ? undefined : 'protocol-refused'
  },
  credentials: (_r, a) => {
    if (a.credentials === 'good') return undefined
    return a.credentials === 'wrong' ? 'credentials-invalid' : 'overloaded'
  },
  'account-enabled': (_r, a) => (a.enabled ? undefined : 'account-disabled'),
  'api-enabled': (_r, a) => (a.apiEnabled ? undefined : 'api-not-enabled'),
  'call-rate': (_r, a) => {
    if (a.callAllowed) return undefined
    const { callWaitMs: retryAfterMs } = a
    return { reason: 'call-rate-exceeded', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  },
  vasid: (r, a) => {
    if (r.vasId === undefined) return a.sharedService ? 'vasid-unknown' : undefined
    return a.serviceKnown ? undefined : 'vasid-unknown'
  },
  'sender-present': (r) => {
    // No identification at all has a word of its own, wherever a dialect puts it.
    if (nobodyNamed(r)) return undefined
    return r.sender === undefined || r.sender.raw === '' || r.sender.kind === 'bare'
      ? 'sender-missing'
      : undefined
  },
  'sender-provisioned': (r, a) =>
    r.sender?.address !== undefined && a.senderProvisioned ? undefined : 'sender-not-provisioned',
  'service-live': (_r, a) => (a.serviceLive ? undefined : 'service-misconfigured'),
} as const satisfies Record<string, Check>
