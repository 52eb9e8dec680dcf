/** A connector for tests, and what it was told and tells. */
import type { TestContext } from 'node:test'
import type { DataSm, DeliverSm } from '../../../codecs/smpp/pdu.ts'
import type { Report } from '../../../core/outcome.ts'
import type { SmppPeer } from '../../../core/smpp-peer.ts'
import type { Connector } from '../../../engine/ports/connector.ts'
import { createSmppConnector, type SmppConnectorParts } from '../connector.ts'
import { carrierAt, NOW } from './messages.ts'

export interface Told {
  readonly connector: Connector
  readonly reports: { readonly remoteId: string; readonly report: Report }[]
  readonly messages: (DeliverSm | DataSm)[]
  readonly refusals: string[]
  readonly problems: string[]
}

/** Closes with the test. */
export function connectorTo(
  t: TestContext,
  port: number,
  change: Partial<SmppPeer> = {},
  parts: Partial<SmppConnectorParts> = {},
): Told {
  const told: Omit<Told, 'connector'> = { reports: [], messages: [], refusals: [], problems: [] }
  const since = Date.now()
  const connector = createSmppConnector(carrierAt(port, change), {
    now: () => NOW + Date.now() - since,
    random: () => 1,
    after(ms, callback) {
      const timer = setTimeout(callback, ms)
      return () => clearTimeout(timer)
    },
    async receive(_route, remoteId, report) {
      told.reports.push({ remoteId, report })
    },
    async inbound(_carrier, body) {
      told.messages.push(body)
      return 0
    },
    onLinkRefused: (_name, raw) => void told.refusals.push(raw),
    onProblem: (_name, { kind, detail }) => void told.problems.push(`${kind}: ${detail}`),
    crashPoint: () => undefined,
    ...parts,
  })
  t.after(() => connector.close())
  return { connector, ...told }
}
