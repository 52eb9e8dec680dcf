/**
 * Which upstream is calling: the secret last segment of the path says who, its address and its
 * Basic credentials must agree. A stranger without the secret learns that there is nothing here.
 */
import type { IncomingMessage } from 'node:http'
import type { UpstreamDoorParts, UpstreamPeer } from './door.ts'

/** The caller, or the HTTP status to turn it away with. */
export type Caller =
  | { readonly kind: 'upstream'; readonly peer: UpstreamPeer }
  | { readonly kind: 'stranger'; readonly http: 401 | 403 | 404 | 503 }

/** Letters, digits, dash and underscore; long enough not to be guessed. */
const KEY = /^[A-Za-z0-9_-]{8,256}$/

export async function identifyCaller(
  request: IncomingMessage,
  { prefix, findUpstream, checks }: UpstreamDoorParts,
): Promise<Caller> {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  const key = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1).replace(/\/$/, '') : ''
  const peer = KEY.test(key) ? findUpstream(checks.hashKey(key)) : undefined
  if (peer === undefined) return { kind: 'stranger', http: 404 }
  const address = plainAddress(request.socket.remoteAddress ?? '')
  if (peer.fromAddresses.length > 0 && !checks.addressIn(peer.fromAddresses, address)) {
    return { kind: 'stranger', http: 403 }
  }
  if (peer.basic === undefined) return { kind: 'upstream', peer }
  const given = parseBasic(request.headers.authorization)
  const verdict = given === undefined ? 'mismatch' : await checks.verify(peer.basic, given)
  if (verdict === 'match') return { kind: 'upstream', peer }
  return { kind: 'stranger', http: verdict === 'busy' ? 503 : 401 }
}

const BASIC = /^basic\s+([a-z0-9+/]+={0,2})\s*$/i

/** `undefined` for another scheme, no base64, or no colon (RFC 7617 §2). */
function parseBasic(
  header: string | undefined,
): { readonly user: string; readonly password: string } | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** IPv4 in its plain form, whatever the socket's family. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
