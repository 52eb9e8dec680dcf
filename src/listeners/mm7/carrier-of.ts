/** Whose subscriber the recipient is: as the client says, or as a look-up does, which may cost. */

import type { RequestFacts } from '../../core/checks/check.ts'
import { type Account, type Directory, findCarrier } from '../../core/directory.ts'
import type { Reason } from '../../core/reason.ts'
import type { CarrierFound } from '../../engine/ports/carrier-lookup.ts'

/** The carrier, if one is known; or why the message cannot be taken. */
export type CarrierOf =
  | { readonly kind: 'ok'; readonly lookedUp?: string }
  | { readonly kind: 'refused'; readonly reason: Reason }

/** Call it last: a request that is refused for something else should cost no look-up. */
export async function carrierOf(
  { carrierId, recipients }: RequestFacts,
  account: Account,
  directory: Directory,
  find: ((number: string) => Promise<CarrierFound>) | undefined,
): Promise<CarrierOf> {
  if (carrierId !== undefined) {
    const named = directory.carrierByClientId.get(carrierId)
    return named === undefined || provisioned(account, named.name) ? { kind: 'ok' } : UNREACHABLE
  }
  const [recipient, another] = recipients
  const number = recipient?.address
  // Recipients of one message may be on several carriers: the routes decide for each.
  if (!account.carrierLookup || another !== undefined || number?.kind !== 'number') {
    return { kind: 'ok' }
  }
  const found = await (find?.(number.text) ?? NO_SOURCE)
  if (found.kind === 'unavailable') return { kind: 'refused', reason: 'carrier-lookup-failed' }
  const carrier = found.kind === 'carrier' ? findCarrier(directory, found.carrier) : undefined
  if (carrier === undefined || !provisioned(account, carrier.name)) return UNREACHABLE
  return { kind: 'ok', lookedUp: carrier.name }
}

const UNREACHABLE: CarrierOf = { kind: 'refused', reason: 'carrier-not-provisioned' }

const NO_SOURCE = { kind: 'unavailable' } as const

function provisioned({ carriers }: Account, name: string): boolean {
  return carriers === undefined || carriers.includes(name)
}
