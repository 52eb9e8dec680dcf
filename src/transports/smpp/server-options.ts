/** What a server is told when it opens, and the bounds it keeps without being told. */
import type { Server } from 'node:net'
import type { GateTls } from '../tls-gate.ts'
import type { AdmissionLimits } from './admission.ts'
import type { SessionClock } from './clock.ts'
import type { SmppServerHandler } from './handler.ts'
import type { SmppProblem } from './problem.ts'
import { SMPP_SESSION_LIMITS, type SmppSessionLimits } from './session-limits.ts'

/** Every bound of a server and of its sessions. */
export interface SmppServerLimits extends SmppSessionLimits, AdmissionLimits {
  /** From the connection, or a refused bind, to the next bind (SMPP 3.4 §7.2, session_init_timer). */
  readonly sessionInitTimeoutMs: number
  /** For the handler to judge a bind. */
  readonly bindTimeoutMs: number
  /** Refused binds of one connection; the last one ends it. */
  readonly bindFailuresMax: number
}

/** Bounds for a gateway with many clients. */
export const SMPP_SERVER_LIMITS: SmppServerLimits = {
  ...SMPP_SESSION_LIMITS,
  sessionsMax: 10_000,
  sessionsPerAddressMax: 200,
  unboundMax: 500,
  bindsPerSecond: 20,
  sessionInitTimeoutMs: 5000,
  bindTimeoutMs: 10_000,
  bindFailuresMax: 3,
}

/** How to open a server. */
export interface SmppServerOptions {
  readonly host: string
  /** 0 lets the system choose. 2775 by custom, 3550 with TLS. */
  readonly port: number
  /** What we call ourselves when a client binds; 15 characters for every client to take it. */
  readonly systemId: string
  readonly handler: SmppServerHandler
  readonly limits?: Partial<SmppServerLimits>
  /** TLS from the first byte; SMPP knows no other. `SmppServer.renewTls` replaces it. */
  readonly tls?: GateTls
  readonly clock?: SessionClock
  /** Listens already at host and port, and is taken over. */
  readonly listening?: Server
  readonly onProblem?: (problem: SmppProblem) => void
}
