/** Ways out to carriers' message centres: certificates read, what they bring taken in, troubles told. */
import { readFileSync } from 'node:fs'
import { messageIdSpellings } from '../codecs/sms/message-id.ts'
import type { SmppConnectorParts } from '../connectors/smpp/connector.ts'
import { laneOf } from '../connectors/smpp/lane.ts'
import { createPace } from '../connectors/smpp/pace.ts'
import type { SmppCarrier } from '../core/carrier.ts'
import type { SmppPeer } from '../core/smpp-peer.ts'
import type { Engine } from '../engine/engine.ts'
import type { Connector } from '../engine/ports/connector.ts'
import type { SmppInbound } from '../listeners/smpp-carrier/inbound.ts'
import type { SmppClientOptions } from '../transports/smpp/client-options.ts'
import { lateConnector } from './late-connector.ts'
import type { Senses } from './senses.ts'

/** What centres bring over our binds goes here. */
export interface SmppIntake {
  readonly receive: Engine['receive']
  readonly inbound: SmppInbound
}

/** The connector of one message centre; none while a file it needs cannot be read. */
export function openSmppWay(
  carrier: SmppCarrier,
  senses: Senses,
  intake: () => SmppIntake,
): Connector | undefined {
  const { log } = senses
  let tls: SmppClientOptions['tls']
  try {
    tls = readTls(carrier.smpp)
  } catch (error) {
    senses.alarm(`connector ${carrier.name}: TLS files`, error)
    return undefined
  }
  const { name, smpp } = carrier
  const now = () => senses.clock.now()
  const rate = createPace(smpp.perSecond, now).rate()
  const known = {
    name,
    // No bind is up yet: one is counted, as the connector does.
    lane: { ...laneOf(carrier), concurrency: smpp.window, ...(rate === undefined ? {} : { rate }) },
    ...(smpp.idForm === 'auto' ? { spellingsOf: messageIdSpellings } : {}),
    cancels: smpp.servesCancel === true,
  }
  const parts: SmppConnectorParts = {
    now,
    random: Math.random,
    after(ms, callback) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    receive: (route, remoteId, report) => intake().receive(route, remoteId, report, true),
    inbound: (from, body) => intake().inbound(from, body),
    onLinkRefused: (link, raw) =>
      log.error({ carrier: link, raw }, 'the message centre refuses us: an operator must look'),
    onProblem: (link, { kind, detail }) =>
      log.warn({ carrier: link, kind, detail }, 'trouble with a message centre'),
    crashPoint: () => senses.crashPoint('C9-sent'),
    ...(tls === undefined ? {} : { tls }),
  }
  return lateConnector(known, async () => {
    const { createSmppConnector } = await import('../connectors/smpp/connector.ts')
    return createSmppConnector(carrier, parts)
  })
}

function readTls({ tls, tlsFiles }: SmppPeer): SmppClientOptions['tls'] {
  if (!tls) return undefined
  const read = (file: string | undefined) =>
    file === undefined ? undefined : readFileSync(file, 'utf8')
  const [ca, cert, key] = [
    read(tlsFiles?.caFile),
    read(tlsFiles?.certFile),
    read(tlsFiles?.keyFile),
  ]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}
