/**
 * Which upstream is calling: the secret last segment of the path says who, its address and its
 * Basic credentials must agree. A stranger without the secret learns that there is nothing here.
 */
import type { IncomingMessage } from 'node:http'
import { parseBasic } from '../basic-credentials.ts'
import { plainAddress } from '../http-request.ts'
import type { UpstreamDoorParts, UpstreamPeer } from './door.ts'

/** The caller, or the HTTP status to turn it away with. */
export type Caller =
  | { readonly kind: 'upstream'; readonly peer: UpstreamPeer }
  | { readonly kind: 'stranger'; readonly http: 401 | 403 | 404 | 503 }

/** Name of the door in metrics. */
const DOOR = 'mm7-upstream'
/** Letters, digits, dash and underscore; long enough not to be guessed. */
const KEY = /^[A-Za-z0-9_-]{8,256}$/

export async function identifyCaller(
  request: IncomingMessage,
  { prefix, findUpstream, checks, guesses }: UpstreamDoorParts,
): Promise<Caller> {
  const address = plainAddress(request.socket.remoteAddress ?? '')
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  const key = path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1).replace(/\/$/, '') : ''
  const peer = KEY.test(key) ? findUpstream(checks.hashKey(key)) : undefined
  if (peer === undefined) {
    guesses.failed(DOOR, address)
    return { kind: 'stranger', http: 404 }
  }
  if (peer.fromAddresses.length > 0 && !checks.addressIn(peer.fromAddresses, address)) {
    return { kind: 'stranger', http: 403 }
  }
  if (peer.basic === undefined) return { kind: 'upstream', peer }
  // Whoever knows the path is an upstream of ours: only its password is worth no more looks.
  if (guesses.barred(DOOR, address)) return { kind: 'stranger', http: 401 }
  const given = parseBasic(request.headers.authorization)
  const verdict = given === undefined ? 'mismatch' : await checks.verify(peer.basic, given)
  if (verdict === 'match') return { kind: 'upstream', peer }
  if (verdict === 'mismatch') guesses.failed(DOOR, address)
  return { kind: 'stranger', http: verdict === 'busy' ? 503 : 401 }
}
