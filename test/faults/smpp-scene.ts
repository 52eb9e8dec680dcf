/**
 * Clients that speak SMPP, half of them naming their messages, and two carriers that take what they
 * send. Every line may do harm, and a PDU may come twice or be overtaken.
 */
import { MESSAGE_STATES } from '../../src/codecs/sms/message-state.ts'
import { resultOf } from '../../src/engine/notices.ts'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { stateOf } from '../../src/listeners/smpp/receipt-state.ts'
import { CARRIER_DOMAIN, endOf } from '../support/crash-carrier.ts'
import { CLIENT_SENDER } from '../support/crash-directory.ts'
import { FAULT_KINDS, type Harm } from '../support/fault-plan.ts'
import { type FaultProxy, openFaultProxy } from '../support/fault-proxy.ts'
import { openEsme } from './esme.ts'
import type { Evidence } from './evidence.ts'
import type { Ports, Scene } from './house.ts'
import { type Judged, judge, RUN_MESSAGES_MAX } from './judge.ts'
import { ADDRESSES, MARKS, openPeer, type Peer, peerEntry } from './mm4-peers.ts'
import { CAREFUL, DROPPING, recipientOf } from './numbers.ts'

/** A session lasts, so that there are few connections to harm. */
const HARM: Harm = { share: 0.9, kinds: FAULT_KINDS }
const MESSAGES = 8
const CLIENTS = ['bell-1', 'bell-2', 'bell-3'] as const
const PASSWORD = 'secret01'

export interface SmppScene extends Scene {
  /** The way from the clients. */
  readonly north: FaultProxy
  judge(stories: readonly MessageStory[]): Judged
}

/** `lies`: what the judge's own tests break, so that it has something to find. */
export async function openSmppScene(
  { smppPort, smtpPort }: Ports,
  lies: { readonly namesAreIgnored?: boolean } = {},
): Promise<SmppScene> {
  const dropping = await openPeer(ADDRESSES.dropping, smtpPort, CARRIER_DOMAIN)
  const careful = await openPeer(ADDRESSES.careful, smtpPort, CARRIER_DOMAIN)
  const north = await openFaultProxy({ protocol: 'smpp', marks: MARKS, target: () => smppPort })
  const proxies = [north, dropping.out, dropping.back, careful.out, careful.back]
  const esmes = CLIENTS.map((systemId) =>
    openEsme({ proxy: north, systemId, password: PASSWORD, sender: CLIENT_SENDER }),
  )
  const times = (of: 'garbled' | 'replayed', name: string) =>
    proxies.reduce((sum, proxy) => sum + (proxy[of].get(name) ?? 0), 0)

  const evidence: Evidence = {
    get sent() {
      return new Map(esmes.flatMap(({ sent }) => [...sent]))
    },
    get arrivals() {
      return [...dropping.side.forwards, ...careful.side.forwards]
    },
    get heard() {
      return esmes.flatMap(({ heard }) => heard)
    },
    ends(number) {
      const end = endOf(number)
      return number.startsWith(CAREFUL) ? [end, 'unknown'] : [end]
    },
    holds: (number) => number.startsWith(CAREFUL),
    garbled: (name) => times('garbled', name),
    replayed: (name) => times('replayed', name),
    wordOf({ state, reason }) {
      const result = resultOf(state, reason)
      return result === undefined ? '' : MESSAGE_STATES[stateOf(result, reason)].word.toLowerCase()
    },
  }

  return {
    north,
    directory: directoryOf(dropping, careful, lies.namesAreIgnored !== true),
    lines: proxies.map((proxy) => ({ proxy, harm: HARM })),
    async traffic(seed, random) {
      const first = seed * RUN_MESSAGES_MAX
      const submits = Array.from({ length: MESSAGES }, (_, n) => {
        const esme = esmes[n % esmes.length]
        return esme?.submit(first + n, recipientOf(first + n, random), random.chance(0.5))
      })
      await Promise.all(submits)
    },
    judge: (stories) => judge(stories, evidence),
    abandon() {
      for (const esme of esmes) esme.close()
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      for (const { side } of [dropping, careful]) await side.close()
    },
  }
}

function directoryOf(dropping: Peer, careful: Peer, repeatsByReference: boolean) {
  return {
    accounts: CLIENTS.map((systemId) => ({
      id: systemId,
      dialect: 'bandwidth',
      smpp: { systemId, password: PASSWORD, repeatsByReference, receiptForm: 'text' },
      services: [],
      limits: { callsPerSecond: 10_000, callsBurst: 10_000 },
    })),
    carriers: [
      { name: 'dropping', mm4: peerEntry('dropping', CARRIER_DOMAIN, dropping) },
      { name: 'careful', mm4: peerEntry('careful', CARRIER_DOMAIN, careful) },
    ],
    routes: [
      { name: 'first', prefix: DROPPING, carrier: 'dropping' },
      { name: 'second', prefix: CAREFUL, carrier: 'careful' },
    ],
  }
}
