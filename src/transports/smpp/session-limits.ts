/** The bounds and waiting times of one session, at either end. */

import { PDU_OCTETS_MAX } from '../../codecs/smpp/frame-reader.ts'
import type { MisfitTlvs } from '../../codecs/smpp/tlv.ts'

/** Every bound of a session. `Infinity` switches a waiting time off. */
export interface SmppSessionLimits {
  readonly pduOctetsMax: number
  /** Requests of ours without an answer (the window). */
  readonly windowMax: number
  /** Requests of ours that may wait for room in the window; more are answered `window-full`. */
  readonly waitingMax: number
  /** Requests of the peer without an answer of ours; more are answered ESME_RTHROTTLED. */
  readonly inboundWindowMax: number
  /** How long an answer may take, and how long a request may wait for room. */
  readonly responseTimeoutMs: number
  /** Silence of the peer after which we ask whether it is there (enquire_link). */
  readonly enquireLinkMs: number
  /** Silence of the peer after which the session is over (SMPP 3.4 §7.2, inactivity_timer). */
  readonly inactivityMs: number
  /** What may lie here unsent. */
  readonly writeBufferOctetsMax: number
  /** How long the peer may take nothing while something waits for it. */
  readonly stallTimeoutMs: number
  /** Broken PDUs in a row, without a good one between. */
  readonly faultsMax: number
  /** How long work under way may take after either side wants to unbind. */
  readonly drainTimeoutMs: number
  /** How long a connection stays for the peer to read our last words, and to say its own. */
  readonly lingerMs: number
  /** What to do with known TLVs of a wrong length. */
  readonly misfitTlvs: MisfitTlvs
}

/** Customary values: enquire_link 30 to 60 s, response 5 to 30 s, window up to 50 or so. */
export const SMPP_SESSION_LIMITS: SmppSessionLimits = {
  pduOctetsMax: PDU_OCTETS_MAX,
  windowMax: 50,
  waitingMax: 0,
  inboundWindowMax: 100,
  responseTimeoutMs: 30_000,
  enquireLinkMs: 30_000,
  inactivityMs: 300_000,
  writeBufferOctetsMax: 1024 * 1024,
  stallTimeoutMs: 30_000,
  faultsMax: 20,
  drainTimeoutMs: 10_000,
  lingerMs: 2000,
  misfitTlvs: 'refuse',
}

/** The waiting times of a session, for whoever sets the beat. */
export function waitingTimes(limits: SmppSessionLimits): number[] {
  return [
    limits.responseTimeoutMs,
    limits.enquireLinkMs,
    limits.inactivityMs,
    limits.stallTimeoutMs,
    limits.drainTimeoutMs,
    limits.lingerMs,
  ]
}
