/** Which peer is speaking, and to whom it may speak: nobody is relayed for. */
import { type Mm4Carrier, speaksMm4 } from '../../core/carrier.ts'
import type { Directory } from '../../core/directory.ts'
import type { SmtpSession } from '../../transports/smtp/handler.ts'
import type { PeerChecks } from './door.ts'

/** The carrier behind a session: by its login if it has one, else by its address. */
export function peerOf(
  session: SmtpSession,
  directory: Directory,
  checks: PeerChecks,
): Mm4Carrier | undefined {
  const { user } = session
  if (user !== undefined) return carrierOfUser(directory, user)
  return directory.carriers
    .filter(speaksMm4)
    .find(
      ({ enabled, mm4 }) => enabled && checks.addressIn(mm4.fromAddresses, session.peer.address),
    )
}

/** The carrier that logs in by this name. */
export function carrierOfUser(directory: Directory, user: string): Mm4Carrier | undefined {
  return directory.carriers
    .filter(speaksMm4)
    .find(({ enabled, mm4 }) => enabled && mm4.peerAuth?.user === user)
}

/** A recipient path of the envelope, taken apart. */
export interface EnvelopeAddress {
  /** Digits or short code; absent for a system address such as `system@mms.example`. */
  readonly number?: string
  readonly domain?: string
}

const SUBSCRIBER = /^\+?([0-9]{3,15})(?:\/type=[a-z0-9]+)?$/i

/** Reads `+15550100123/TYPE=PLMN@mms.example`, with or without its parts. */
export function parseEnvelopeAddress(path: string): EnvelopeAddress {
  const at = path.lastIndexOf('@')
  const local = at < 0 ? path : path.slice(0, at)
  const domain = at < 0 ? undefined : path.slice(at + 1).toLowerCase()
  const number = SUBSCRIBER.exec(local)?.[1]
  return {
    ...(number === undefined ? {} : { number }),
    ...(domain === undefined ? {} : { domain }),
  }
}
