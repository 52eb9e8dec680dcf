/** A peer's entry in the directory as settings of an SMTP pool. */
import type { Mm4Peer } from '../core/carrier.ts'
import type { SmtpPoolOptions } from '../transports/smtp/client-options.ts'

export function carrierPool(mm4: Mm4Peer, helloName: string): SmtpPoolOptions {
  return {
    host: mm4.host,
    port: mm4.port,
    helloName,
    tls: mm4.tls,
    ...(mm4.auth === undefined ? {} : { auth: mm4.auth }),
    connectionsMax: mm4.connections,
    ...(mm4.messagesPerConnection === undefined
      ? {}
      : { messagesPerConnectionMax: mm4.messagesPerConnection }),
    ...(mm4.waitingMax === undefined ? {} : { waitingMax: mm4.waitingMax }),
    // One attempt's own limit: a peer that is silent for longer is given up for this time.
    timeouts: {
      connectMs: Math.min(mm4.attemptTimeoutMs, 60_000),
      dotMs: mm4.attemptTimeoutMs,
    },
  }
}
