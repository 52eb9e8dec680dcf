/** What a client is told about a message centre and about its own patience. */

import type { ConnectionOptions } from 'node:tls'
import type { SmppAddress } from '../../codecs/smpp/pdu.ts'
import type { SessionClock } from './clock.ts'
import type { BoundAs, SmppHandler, SmppSession } from './handler.ts'
import type { SmppProblem } from './problem.ts'
import { SMPP_SESSION_LIMITS, type SmppSessionLimits } from './session-limits.ts'

/** Every bound of a client's session. */
export interface SmppClientLimits extends SmppSessionLimits {
  /** For the connection, and again for the TLS handshake. */
  readonly connectTimeoutMs: number
}

/**
 * As for a server, but patient with centres: receipts with parameters of odd lengths are taken, and
 * messages towards us are few.
 */
export const SMPP_CLIENT_LIMITS: SmppClientLimits = {
  ...SMPP_SESSION_LIMITS,
  misfitTlvs: 'keep',
  connectTimeoutMs: 10_000,
}

/** How to bind to one message centre. */
export interface SmppClientOptions {
  readonly host: string
  readonly port: number
  readonly bindAs: BoundAs
  readonly systemId: string
  readonly password: string
  readonly systemType?: string
  /** 0x34 unless the centre wants another. */
  readonly interfaceVersion?: number
  readonly addressRange?: SmppAddress
  /** TLS from the first byte where given; the certificate is verified unless it says otherwise. */
  readonly tls?: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'secureContext'
  >
  readonly handler: SmppHandler
  readonly limits?: Partial<SmppClientLimits>
  readonly clock?: SessionClock
  /** Gives up while connecting or binding; a session that is bound is not touched. */
  readonly signal?: AbortSignal
  readonly onProblem?: (problem: SmppProblem) => void
}

/** How an attempt to bind ended. */
export type SmppConnected =
  | { readonly kind: 'bound'; readonly session: SmppSession }
  /** The centre said no. */
  | { readonly kind: 'refused'; readonly commandStatus: number }
  /** Nobody said anything useful. */
  | {
      readonly kind: 'failed'
      readonly phase: 'connect' | 'tls' | 'bind'
      readonly detail: string
    }
