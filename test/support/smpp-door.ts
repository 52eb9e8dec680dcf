/**
 * The SMPP door with a real engine behind it, over the memory store: the sandbox's directory, one
 * carrier that does what a test says, and clients bound over real sockets.
 */
import type { DeliverSm } from '../../src/codecs/smpp/pdu.ts'
import { addressIn } from '../../src/config/allow-list.ts'
import { createCredentials } from '../../src/config/credentials.ts'
import { type Directory, indexDirectory } from '../../src/core/directory.ts'
import type { Outcome } from '../../src/core/outcome.ts'
import { findSpoken } from '../../src/dialects/spoken.ts'
import { createAdmission } from '../../src/engine/admission.ts'
import { createEngine, type Engine } from '../../src/engine/engine.ts'
import { smsClientLane } from '../../src/engine/parts.ts'
import type { Attempt, Connector } from '../../src/engine/ports/connector.ts'
import type { Store } from '../../src/engine/ports/store.ts'
import { createCallRates } from '../../src/listeners/call-rates.ts'
import { createReportRouter } from '../../src/listeners/report-router.ts'
import { createSmppClients, type SmppClients } from '../../src/listeners/smpp/clients.ts'
import { createSmppClientConnector } from '../../src/listeners/smpp/deliver.ts'
import { smsPartJoiner } from '../../src/listeners/smpp/joiner.ts'
import { openSmppListener } from '../../src/listeners/smpp/listener.ts'
import { createSmppReports, receiptLane } from '../../src/listeners/smpp/receipt.ts'
import { openMemoryMedia } from '../../src/media/memory/media.ts'
import { createNumberPlan } from '../../src/numbering/plan.ts'
import { SANDBOX_SMSC, smscCarrier } from '../../src/simulator/carriers.ts'
import { DEMO_ESME } from '../../src/simulator/smpp-accounts.ts'
import { worldOf } from '../../src/simulator/world.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { connectSmpp } from '../../src/transports/smpp/client.ts'
import type { SmppClientOptions } from '../../src/transports/smpp/client-options.ts'
import type { BoundAs, SmppSession } from '../../src/transports/smpp/handler.ts'
import { PLAIN_LANE, PLAIN_LIMITS } from './engine-world.ts'
import { plainGuesses } from './guesses.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'

const data = worldOf([smscCarrier({ host: '127.0.0.1', port: 1 })])

/** The sandbox's directory, with one account changed. */
export function sandboxDirectory(
  change: (account: Directory['accounts'][number]) => Directory['accounts'][number] = (same) =>
    same,
): Directory {
  return indexDirectory({ ...data, accounts: data.accounts.map(change) })
}

export interface SmppDoorOptions {
  /** What the carrier does with an attempt; it takes and delivers where nothing is said. */
  readonly play?: (attempt: Attempt) => Outcome
  readonly directory?: () => Directory
}

export interface SmppDoor {
  readonly port: number
  readonly engine: Engine
  readonly clients: SmppClients
  readonly store: Store
  readonly clock: VirtualClock
  readonly attempts: Attempt[]
  readonly alarms: string[]
  readonly admission: ReturnType<typeof createAdmission>
  /** Codes of refusals, in order. */
  readonly refusals: string[]
  /** Binds as a client; fails unless it is let in. */
  bind(options?: BindOptions): Promise<BoundClient>
  close(): Promise<void>
}

export interface BindOptions {
  readonly as?: BoundAs
  readonly systemId?: string
  readonly password?: string
  /** The status its deliver_sm are answered with. */
  readonly answers?: (delivered: DeliverSm) => number
  readonly tls?: SmppClientOptions['tls']
}

/** A client of ours and what it was delivered. */
export interface BoundClient {
  readonly session: SmppSession
  /** What it was delivered. */
  readonly inbox: Inbox<DeliverSm>
  close(): Promise<void>
}

export async function openSmppDoor(options: SmppDoorOptions = {}): Promise<SmppDoor> {
  const clock = createVirtualClock()
  const store = openMemoryStore()
  const media = await openMemoryMedia()
  const attempts: Attempt[] = []
  const alarms: string[] = []
  const refusals: string[] = []
  const sandbox = sandboxDirectory()
  const directory = options.directory ?? (() => sandbox)
  const clients = createSmppClients()
  const play = options.play ?? (() => ({ kind: 'delivered' }) as const)
  const carrier: Connector = {
    name: SANDBOX_SMSC,
    lane: PLAIN_LANE,
    open: async () => {},
    async deliver(attempt) {
      attempts.push(attempt)
      return play(attempt)
    },
    close: async () => {},
  }
  const alarm = (where: string, error: unknown) => alarms.push(`${where}: ${error}`)
  const clientWays = new Map(
    directory().accounts.map((account) => [
      smsClientLane(account.id),
      createSmppClientConnector(account, clients),
    ]),
  )
  const nobody = { laneFor: () => undefined, send: () => Promise.reject(new Error('nobody')) }
  const engine = createEngine(
    {
      store,
      media,
      clock,
      random: () => 0.5,
      directory,
      connectorFor: (lane) => (lane === carrier.name ? carrier : clientWays.get(lane)),
      reports: createReportRouter({
        accounts: [],
        peers: nobody,
        sms: createSmppReports(directory, clients, findSpoken),
      }),
      joiner: smsPartJoiner,
      limits: PLAIN_LIMITS,
      observe: () => {},
      crashPoint: () => {},
      alarm,
    },
    async () => {},
  )
  await engine.start()
  const admission = createAdmission({
    reserve: { diskReserveBytes: 0, diskReserveShare: 0 },
    readingBytesMax: 1 << 20,
  })
  const credentials = createCredentials()
  const listener = await openSmppListener(
    {
      host: '127.0.0.1',
      port: 0,
      systemId: 'carillon',
      sessionsMax: 50,
      sessionsPerAddressMax: 50,
      bindTimeoutMs: 5000,
      enquireLinkMs: 30_000,
      inactivityMs: 300_000,
      responseTimeoutMs: 2000,
    },
    {
      directory,
      findDialect: findSpoken,
      checks: { addressIn, verify: credentials.verify },
      rates: createCallRates(clock),
      guesses: plainGuesses(clock),
      admission,
      clock,
      policies: { directory, plan: createNumberPlan() },
      clients,
      read: (query) => store.read(query),
      reviser: engine.reviser,
      accept: engine.accept,
      hold: engine.hold,
      answerLost: engine.answerLost,
      observer: { refused: (_door, code) => refusals.push(code) },
      alarm,
      arrived(accountId) {
        engine.scheduler.notice(receiptLane(accountId), clock.now())
        engine.scheduler.delivery(smsClientLane(accountId), clock.now())
      },
      validityMs: 86_400_000,
    },
  )
  const { port } = listener.address
  const open = new Set<BoundClient>()
  return {
    port,
    engine,
    clients,
    store,
    clock,
    attempts,
    alarms,
    admission,
    refusals,
    async bind(wishes = {}) {
      const client = await bindTo(port, wishes)
      open.add(client)
      return client
    },
    async close() {
      await Promise.all([...open].map((client) => client.close()))
      await listener.close(100)
      await engine.stop()
      await store.close()
    },
  }
}

/** Binds to a message centre on this machine as a client of ours. */
export async function bindTo(port: number, wishes: BindOptions = {}): Promise<BoundClient> {
  const { as = 'transceiver', systemId = DEMO_ESME, password = 'demo', answers = () => 0 } = wishes
  const tls = wishes.tls === undefined ? {} : { tls: wishes.tls }
  const inbox = createInbox<DeliverSm>(({ shortMessage }) =>
    Buffer.from(shortMessage).toString('latin1'),
  )
  const result = await connectSmpp({
    host: '127.0.0.1',
    port,
    bindAs: as,
    systemId,
    password,
    ...tls,
    limits: { windowMax: 1000 },
    handler: {
      request(body) {
        if (body.command !== 'deliver_sm') return { commandStatus: 3 }
        const commandStatus = answers(body)
        inbox.put(body)
        return { commandStatus }
      },
    },
  })
  if (result.kind !== 'bound') throw new Error(JSON.stringify(result))
  return {
    session: result.session,
    inbox,
    async close() {
      result.session.hangUp()
      await result.session.closed
    },
  }
}
