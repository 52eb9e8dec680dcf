/** The sandbox: simulated carriers with their handsets, and the directory that leads to them. */
import type { Config } from '../config/config-schema.ts'
import { type Emulator, openMm4Emulator } from '../connectors/mm4/emulator.ts'
import { openMm7Emulator } from '../connectors/mm7/emulator.ts'
import { openSmppEmulator } from '../connectors/smpp/emulator.ts'
import type { Mm4Peer, Mm7Upstream } from '../core/carrier.ts'
import type { DirectoryData } from '../core/directory.ts'
import type { SmppPeer } from '../core/smpp-peer.ts'
import type { Clock } from '../engine/ports/clock.ts'
import type { Store } from '../engine/ports/store.ts'
import type { ResolveMx } from '../transports/smtp/mail-hosts.ts'
import { createBrokenStore } from './broken-store.ts'
import {
  callbackKey,
  conditionedCarriers,
  mm4Carrier,
  mm7Carrier,
  playedMm4,
  playedMm7,
  playedSmpp,
  SANDBOX_DOMAIN,
  smallCarrier,
  smscCarrier,
} from './carriers.ts'
import { openLookupService } from './lookup-service.ts'
import { drawBell } from './picture.ts'
import { behaviourOf, relayBehaviourOf } from './scripts.ts'
import { smscBehaviourOf } from './smsc-scripts.ts'
import { BROKEN_ACCOUNTS, FULL_ACCOUNTS, worldOf } from './world.ts'

export interface Sandbox extends Pick<Emulator, 'address'> {
  /** What the gateway must know of this world. */
  readonly directory: DirectoryData
  /** Where carriers of numbers are looked up, with `{number}` for the digits. */
  readonly lookupUrl: string
  /** An operator's carrier as this world plays it: nothing leaves the machine. */
  playMm4(peer: Mm4Peer, name: string): Mm4Peer
  /** The DNS of this world: no domain has an address. */
  readonly resolveMx: ResolveMx
  playMm7(upstream: Mm7Upstream, name: string): Mm7Upstream
  playSmpp(peer: SmppPeer): SmppPeer
  /** The store, broken for the accounts that are to see it break. */
  breakStore(store: Store): Store
  /** The gateway's doors are open: the carriers may answer. */
  connect(ports: { readonly smtp: number; readonly http: number }): void
  close(): Promise<void>
}

const HOST = '127.0.0.1'

/** Opens the simulated carriers on loopback. Their time is the gateway's: moving one moves all. */
export async function openSandbox(
  config: Pick<Config, 'sandbox' | 'smtp' | 'http'>,
  clock: Clock,
): Promise<Sandbox> {
  const shared = {
    host: HOST,
    picture: drawBell(),
    keepBodies: true,
    after: (ms: number, callback: () => void) => void clock.wakeAt(clock.now() + ms, callback),
    now: () => clock.now(),
  }
  const carrier = await openMm4Emulator({
    ...shared,
    port: config.sandbox.smtpPort,
    domain: SANDBOX_DOMAIN,
    behaviourOf,
  })
  const relay = await openMm7Emulator({ ...shared, port: 0, behaviourOf: relayBehaviourOf })
  const smsc = await openSmppEmulator({
    ...shared,
    port: 0,
    systemId: 'sandbox',
    // Nobody looks at what came, and a sandbox may run for days.
    keepBodies: false,
    behaviourOf: smscBehaviourOf,
  })
  const lookup = await openLookupService(HOST)
  const place = { host: HOST, port: carrier.address.port }
  const conditioned = conditionedCarriers(place)
  const own = new Set(conditioned.map(({ name }) => name))
  return {
    address: carrier.address,
    directory: worldOf([
      mm4Carrier(place),
      ...conditioned,
      mm7Carrier(relay.url),
      smallCarrier(relay.url),
      smscCarrier(smsc.address),
    ]),
    lookupUrl: lookup.url,
    playMm4: (peer, name) => (own.has(name) ? peer : playedMm4(peer, place)),
    resolveMx: noSuchDomain,
    playMm7: (upstream, name) => playedMm7(upstream, name, relay.url),
    playSmpp: (peer) => playedSmpp(peer, smsc.address),
    breakStore: (store) =>
      createBrokenStore(store, {
        faults: new Set(BROKEN_ACCOUNTS),
        full: new Set(FULL_ACCOUNTS),
      }),
    connect({ smtp, http }) {
      carrier.connect({ host: HOST, port: smtp, domain: config.smtp.domain })
      const scheme = config.http.tls === undefined ? 'http' : 'https'
      relay.connect({
        url: (vaspId) => `${scheme}://${HOST}:${http}/mm7-upstream/${callbackKey(vaspId)}`,
      })
    },
    async close() {
      await Promise.all([carrier.close(), relay.close(), smsc.close(), lookup.close()])
    },
  }
}

const noSuchDomain: ResolveMx = (domain) =>
  Promise.reject(Object.assign(new Error(`no such domain: ${domain}`), { code: 'ENOTFOUND' }))
