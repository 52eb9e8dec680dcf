/** Peers that speak MM4 with the gateway: each with a line in either direction that may do harm. */
import { type CrashCarrier, openCrashCarrier } from '../support/crash-carrier.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import { MARKS } from './marks.ts'

const GATEWAY_DOMAIN = 'carillon.localhost'
/** Loopback addresses by which the gateway tells the peers apart. */
export const ADDRESSES = {
  dropping: '127.0.0.1',
  careful: '127.0.0.2',
  client: '127.0.0.3',
  handsets: '127.0.0.4',
} as const

export interface Peer {
  readonly side: CrashCarrier
  /** From the gateway to it, and from it to the gateway. */
  readonly out: FaultProxy
  readonly back: FaultProxy
}

export async function openPeer(address: string, smtpPort: number, domain: string): Promise<Peer> {
  const side = await openCrashCarrier(undefined, domain)
  const smtp = { protocol: 'smtp' as const, marks: MARKS }
  const out = await openFaultProxy({ ...smtp, target: () => side.port })
  const back = await openFaultProxy({ ...smtp, target: () => smtpPort, localAddress: address })
  side.connect({ port: back.port, domain: GATEWAY_DOMAIN })
  return { side, out, back }
}

/** How the directory knows it: short waits, since everything here is short. */
export function peerEntry(name: keyof typeof ADDRESSES, domain: string, { out }: Peer) {
  return {
    host: '127.0.0.1',
    port: out.port,
    domain,
    tls: 'off',
    fromAddresses: [ADDRESSES[name]],
    dropsDuplicates: name !== 'careful',
    connections: 4,
    attemptsMax: 1000,
    retryDelayMsMin: 30,
    retryDelayMsMax: 150,
    attemptTimeoutMs: 700,
    responseTimeoutMs: 1500,
    // A report on what a line garbled never finds its message.
    reportWindowMs: 4000,
  }
}
