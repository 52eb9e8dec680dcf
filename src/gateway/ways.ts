/** Every way out and every way back to a client, as the directory has them now. */
import type { Config } from '../config/config-schema.ts'
import { laneOf, type Mm4Way } from '../connectors/mm4/lane.ts'
import { type Mm4Peer, speaksMm4, speaksSmpp } from '../core/carrier.ts'
import type { Directory } from '../core/directory.ts'
import { findSpoken, SPOKEN } from '../dialects/spoken.ts'
import { clientLane } from '../engine/parts.ts'
import type { PartJoiner } from '../engine/ports/part-joiner.ts'
import type { ReportSender } from '../engine/ports/report-sender.ts'
import { createMm4Reports } from '../listeners/mm4/report.ts'
import { openCallbackClient } from '../listeners/mm7/callback.ts'
import { createClientConnector } from '../listeners/mm7/deliver.ts'
import { isMm7Dialect, type Mm7Dialect } from '../listeners/mm7/door.ts'
import { createMm7Reports } from '../listeners/mm7/report.ts'
import { createReportRouter } from '../listeners/report-router.ts'
import { createSmppClients, type SmppClients } from '../listeners/smpp/clients.ts'
import { createSmppClientConnector } from '../listeners/smpp/deliver.ts'
import { createSmppReports } from '../listeners/smpp/receipt.ts'
import type { SmtpPoolOptions } from '../transports/smtp/client-options.ts'
import type { ResolveMx } from '../transports/smtp/mail-hosts.ts'
import { createSmtpPeers, type SmtpPeers } from '../transports/smtp/peers.ts'
import { carrierPool, MACHINE } from './carrier-pool.ts'
import { lateConnector } from './late-connector.ts'
import { openMm7Way } from './mm7-way.ts'
import type { Senses } from './senses.ts'
import { openSmppWay, type SmppIntake } from './smpp-way.ts'
import { createWaysOut, type WaysOut } from './ways-out.ts'

export interface Ways {
  readonly out: WaysOut
  readonly reports: ReportSender
  /** The connections to peers: requests, responses and reports share them. */
  readonly peers: SmtpPeers
  readonly mm7Dialects: readonly Mm7Dialect[]
  /** The sessions of SMPP clients: what comes in by them and what goes out share them. */
  readonly smppClients: SmppClients
  /** Joins short messages that come in parts. */
  readonly joiner: PartJoiner
  /** The directory changed. */
  refresh(): void
  /** Lets running mails and calls end, and cuts them after `deadlineMs`. */
  close(deadlineMs?: number): Promise<void>
}

/** Connections to one client's callback endpoint. */
const CALLBACK_CONNECTIONS = 16

/** An MMSC by the name its lane has: a carrier's, or a client's. */
function mm4PeerNamed(
  { carrierByName, accountById }: Directory,
  name: string,
): Mm4Peer | undefined {
  if (name.startsWith(CLIENTS)) return accountById.get(name.slice(CLIENTS.length))?.mm4
  return carrierByName.get(name)?.mm4
}

const CLIENTS = clientLane('')

export function createWays(parts: {
  readonly config: Config
  readonly senses: Senses
  readonly directory: () => Directory
  /** Asks the DNS; the machine's own where absent. */
  readonly resolveMx?: ResolveMx
  /** Where what message centres bring goes; asked for when they bring something. */
  readonly smppIntake: () => SmppIntake
}): Ways {
  const { config, senses, directory } = parts
  const mm7Dialects = SPOKEN.filter(isMm7Dialect)
  const byName = new Map(mm7Dialects.map((dialect) => [dialect.name, dialect]))
  const callbacks = openCallbackClient(CALLBACK_CONNECTIONS)
  const identity = { hostname: config.smtp.hostname, domain: config.smtp.domain }
  const peers = createSmtpPeers((name) => {
    const source = mm4PeerNamed(directory(), name)
    return source === undefined ? undefined : { source, pool: () => poolOf(name, source) }
  })

  function poolOf(name: string, mm4: Mm4Peer): SmtpPoolOptions | undefined {
    try {
      const resolveMx = parts.resolveMx ?? MACHINE.resolveMx
      return carrierPool(mm4, config.smtp.hostname, { ...MACHINE, resolveMx })
    } catch (error) {
      senses.alarm(`connections to ${name}: TLS files`, error)
      return undefined
    }
  }

  const mm4Parts = {
    ...identity,
    peers,
    now: () => senses.clock.now(),
    crashPoint: () => senses.crashPoint('C9-sent'),
  }
  const openMm4Way = (way: Mm4Way) =>
    lateConnector({ name: way.name, lane: laneOf(way) }, async () => {
      const { createMm4Connector } = await import('../connectors/mm4/connector.ts')
      return createMm4Connector(way, mm4Parts)
    })
  const smppClients = createSmppClients()
  const mm4Reports = createMm4Reports(directory, peers, identity, findSpoken)
  const out = createWaysOut(
    directory,
    {
      carrier: (carrier) =>
        speaksMm4(carrier)
          ? openMm4Way(carrier)
          : speaksSmpp(carrier)
            ? openSmppWay(carrier, senses, parts.smppIntake)
            : openMm7Way(carrier, senses),
      client(account) {
        if (account.mm4?.enabled === true) {
          return openMm4Way({ name: clientLane(account.id), mm4: account.mm4 })
        }
        const dialect = byName.get(account.dialect)
        return dialect === undefined
          ? undefined
          : createClientConnector(account, dialect, directory, callbacks, Math.random)
      },
      smsClient: (account) => createSmppClientConnector(account, smppClients),
    },
    (lane, error) => senses.alarm(`connector ${lane}`, error),
  )
  return {
    out,
    peers,
    mm7Dialects,
    smppClients,
    joiner: {
      join: async (set) => (await import('../listeners/smpp/joiner.ts')).smsPartJoiner.join(set),
    },
    refresh() {
      out.refresh()
      smppClients.review((id) => {
        const account = directory().accountById.get(id)
        return account?.enabled === true && account.smpp?.enabled === true
      })
    },
    reports: createReportRouter({
      accounts: [mm4Reports, createMm7Reports(byName, directory, callbacks)],
      peers: mm4Reports,
      sms: createSmppReports(directory, smppClients, findSpoken),
    }),
    async close(deadlineMs) {
      await out.close()
      await peers.close(deadlineMs)
      await callbacks.close(deadlineMs)
    },
  }
}
