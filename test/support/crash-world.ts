/**
 * Everything around a gateway that is going to be killed: clients, handsets, a carrier and an
 * application, which all outlive it and go on whatever happens to it.
 */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { auditStories, type Figures } from './crash-audit.ts'
import { type CrashCarrier, type HandsetMessage, openCrashCarrier } from './crash-carrier.ts'
import { type CrashClients, startCrashClients } from './crash-client.ts'
import { CLIENT_SENDER, crashDirectory, OTHER_NUMBER } from './crash-directory.ts'
import { type CrashVasp, openCrashVasp } from './crash-vasp.ts'
import {
  askAdmin,
  type GatewayProcess,
  type GatewayStart,
  reservePort,
  startGateway,
} from './gateway-process.ts'
import { readKeptData } from './kept-data.ts'

export interface CrashWorld {
  /** How every gateway of this world is started. */
  readonly start: GatewayStart
  readonly clients: CrashClients
  /** A folder of the world's own, beside the data. */
  readonly folder: string
  /**
   * Starts a gateway and harms it no more, lets everything come to its end, stops it, and fails on
   * any broken promise.
   */
  heal(): Promise<Figures>
  close(): Promise<void>
}

export interface CrashWorldOptions {
  readonly set?: readonly string[]
  readonly clients: number
  readonly handsets: number
}

/** How long the last deliveries may take once nothing is harmed any more. */
const HEAL_MS_MAX = 60_000
const BROKEN_SHOWN_MAX = 40
const STORIES_SHOWN_MAX = 3

/** Opens a provisioned data folder, with nobody running on it and everybody trying. */
export async function openCrashWorld(options: CrashWorldOptions): Promise<CrashWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'carillon-crash-'))
  const vasp = await openCrashVasp()
  const carrier = await openCrashCarrier()
  const [httpPort, smtpPort] = [await reservePort(), await reservePort()]
  const start: GatewayStart = {
    data: join(folder, 'data'),
    httpPort,
    smtpPort,
    set: options.set ?? [],
  }
  const first = startGateway(start)
  const directory = crashDirectory(carrier.port, vasp.url)
  await askAdmin(start.data, await first.ready, '/admin/directory', directory)
  assert.deepEqual(await first.stop(), { code: 0, signal: null }, first.said())
  carrier.connect({ port: smtpPort, domain: 'carillon.localhost' })
  const clients = startCrashClients(httpPort, options.clients)
  const handsets = startHandsets(carrier, options.handsets)

  async function heal(): Promise<Figures> {
    const gateway = startGateway(start)
    await gateway.ready
    vasp.behave()
    await Promise.all([clients.stop(), handsets.stop()])
    await settled(start.data, gateway)
    assert.deepEqual(await gateway.stop(), { code: 0, signal: null }, gateway.said())
    return audit({ start, clients, handsets, carrier, vasp })
  }

  return {
    start,
    clients,
    folder,
    heal,
    async close() {
      clients.abandon()
      handsets.abandon()
      await vasp.close()
      await carrier.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Witnesses {
  readonly start: GatewayStart
  readonly clients: CrashClients
  readonly handsets: Handsets
  readonly carrier: CrashCarrier
  readonly vasp: CrashVasp
}

async function audit(witnesses: Witnesses): Promise<Figures> {
  const { start, clients, handsets, carrier, vasp } = witnesses
  const kept = await readKeptData(start.data)
  const { broken, figures } = auditStories(kept.stories, {
    ledger: clients.ledger,
    forwards: carrier.forwards,
    heard: vasp.reports,
    fromHandsets: handsets.sent,
    delivered: vasp.messages,
    peerReports: carrier.reports,
  })
  const complaints = [...kept.broken, ...kept.leases, ...broken].slice(0, BROKEN_SHOWN_MAX)
  const suspects = kept.stories.filter(({ message }) =>
    complaints.some((line) => line.includes(message.id)),
  )
  const stories = suspects.slice(0, STORIES_SHOWN_MAX).map(({ events }) => JSON.stringify(events))
  assert.equal([...complaints, ...stories].join('\n'), '')
  return { ...figures, unanswered: clients.unanswered }
}

interface Backlog {
  readonly deliveries: readonly unknown[]
  readonly notices: readonly unknown[]
}

/** Waits until nobody waits for anything; what still does then is for the audit to name. */
async function settled(data: string, gateway: GatewayProcess): Promise<void> {
  const ready = await gateway.ready
  for (const until = Date.now() + HEAL_MS_MAX; Date.now() < until; await pause(200)) {
    const backlog = (await askAdmin(data, ready, '/admin/queue')) as Backlog
    if (backlog.deliveries.length + backlog.notices.length === 0) return
  }
}

interface Handsets {
  readonly sent: readonly HandsetMessage[]
  stop(): Promise<void>
  abandon(): void
}

/** Handsets that write one message after the other until told to stop. */
function startHandsets(carrier: CrashCarrier, count: number): Handsets {
  const sent: HandsetMessage[] = []
  let serial = 0
  let stopped = false
  async function write(): Promise<void> {
    while (!stopped) {
      serial += 1
      const body = randomBytes(serial % 2 === 0 ? 1500 : 20_000)
      const to = serial % 4 === 0 ? [CLIENT_SENDER, OTHER_NUMBER] : [CLIENT_SENDER]
      sent.push(await carrier.sendFromHandset(serial, to, body))
      await pause(20)
    }
  }
  const writing = Promise.all(Array.from({ length: count }, write))
  return {
    sent,
    async stop() {
      stopped = true
      await writing
    },
    abandon() {
      stopped = true
    },
  }
}

/** Figures for a line of the report. */
export function wordsOf(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
