/** Which peer is speaking, and to whom it may speak: nobody is relayed for. */
import type { Mm4Address } from '../../codecs/mm4/types.ts'
import { type Address, printAddress } from '../../core/address.ts'
import { type Mm4Peer, speaksMm4 } from '../../core/carrier.ts'
import type { Account, Directory } from '../../core/directory.ts'
import { clientLane } from '../../engine/parts.ts'
import type { SmtpSession } from '../../transports/smtp/handler.ts'
import type { PeerChecks } from './door.ts'

/** Who may speak MM4 to us: a carrier, or an account with an MMSC of its own. */
export interface Mm4Speaker {
  /** The lane of its requests: the carrier's name, or `client:` and the account. */
  readonly name: string
  readonly mm4: Mm4Peer
  /** Present when it is a client: what it hands in is its own submission. */
  readonly account?: Account
}

/** Everybody who may speak, by what they are recognised by. */
interface Speakers {
  readonly byUser: ReadonlyMap<string, Mm4Speaker>
  /** By SHA-256 in small hex digits. */
  readonly byCertificate: ReadonlyMap<string, Mm4Speaker>
  readonly byAddress: readonly Mm4Speaker[]
}

/** Made once for each snapshot of the directory. */
const known = new WeakMap<Directory, Speakers>()

function speakersOf(directory: Directory): Speakers {
  const found = known.get(directory)
  if (found !== undefined) return found
  const carriers = directory.carriers
    .filter(speaksMm4)
    .filter(({ enabled }) => enabled)
    .map(({ name, mm4 }): Mm4Speaker => ({ name, mm4 }))
  const clients = directory.accounts.flatMap((account): Mm4Speaker[] =>
    account.enabled && account.mm4 !== undefined
      ? [{ name: clientLane(account.id), mm4: account.mm4, account }]
      : [],
  )
  const all = [...carriers, ...clients]
  const speakers = {
    byUser: new Map(
      all.flatMap((one) =>
        one.mm4.peerAuth === undefined ? [] : [[one.mm4.peerAuth.user, one] as const],
      ),
    ),
    byCertificate: new Map(
      all.flatMap((one) => (one.mm4.certificates ?? []).map((mark) => [mark, one] as const)),
    ),
    byAddress: all.filter(({ mm4 }) => mm4.fromAddresses.length > 0),
  }
  known.set(directory, speakers)
  return speakers
}

/** The peer behind a session: by its login if it has one, else by its certificate or address. */
export function peerOf(
  { user, peer }: SmtpSession,
  directory: Directory,
  checks: PeerChecks,
): Mm4Speaker | undefined {
  const { byUser, byCertificate, byAddress } = speakersOf(directory)
  if (user !== undefined) return byUser.get(user)
  const mark = peer.tls?.fingerprint256?.replaceAll(':', '').toLowerCase()
  const shown = mark === undefined ? undefined : byCertificate.get(mark)
  return shown ?? byAddress.find(({ mm4 }) => checks.addressIn(mm4.fromAddresses, peer.address))
}

/** The peer that logs in by this name. */
export function peerOfUser(directory: Directory, user: string): Mm4Speaker | undefined {
  return speakersOf(directory).byUser.get(user)
}

/** A recipient path of the envelope, taken apart. */
export interface EnvelopeAddress {
  /** Digits or short code; `undefined` for a system address such as `system@mms.example`. */
  readonly number: string | undefined
  readonly domain: string | undefined
}

const SUBSCRIBER = /^\+?([0-9]{3,15})(?:\/type=[a-z0-9]+)?$/i

/** Reads `+15550100123/TYPE=PLMN@mms.example`, with or without its parts. */
export function parseEnvelopeAddress(path: string): EnvelopeAddress {
  const at = path.lastIndexOf('@')
  const local = at < 0 ? path : path.slice(0, at)
  const domain = at < 0 ? undefined : path.slice(at + 1).toLowerCase()
  return { number: SUBSCRIBER.exec(local)?.[1], domain }
}

/** A subscriber's address as this peer writes them. */
export function subscriber(address: Address, domain: string, { addressForm }: Mm4Peer): Mm4Address {
  const type = addressForm === 'plain' ? '' : '/TYPE=PLMN'
  const raw = `${printAddress(address)}${type}@${domain}`
  return { raw, text: address.text, kind: address.kind, domain }
}
