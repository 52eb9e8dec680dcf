/**
 * Whether a request was here before: by the marks that are ours in its Received fields, and by our
 * own name where hubs and resenders write theirs (TS 23.140 §8.4.1, Release 6).
 */
import type { ForwardReq } from '../../codecs/mm4/types.ts'
import type { Mm4Identity } from './door.ts'

/** How many of its Received fields are ours. */
export function ownHops({ received }: ForwardReq, { hostname }: Mm4Identity): number {
  const own = hostname.toLowerCase()
  return received.filter((host) => host === own).length
}

/**
 * Our system, and not just a subscriber of ours, passed it on: users of one MMSC may well send each
 * other what came from outside.
 */
export function namesUs(
  { previouslySentBy, routing = [] }: ForwardReq,
  identity: Mm4Identity,
): boolean {
  if (previouslySentBy.length === 0 && routing.length === 0) return false
  const names = [identity.hostname, identity.domain].map((name) => name.toLowerCase())
  const routes = routing.flatMap(({ name, value }) => (FORWARD_ROUTE.test(name) ? [value] : []))
  return [...previouslySentBy, ...routes]
    .flatMap((value) => value.toLowerCase().split(SEPARATORS))
    .some((word) => names.includes(word.replace(SYSTEM, '')))
}

const FORWARD_ROUTE = /^x-mms-forward-route$/i
const SEPARATORS = /[\s,;<>"]+/
/** The system itself, as MMSCs address it. */
const SYSTEM = /^(?:system|system-user|postmaster)@/
