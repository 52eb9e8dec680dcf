/**
 * The composition root: a configuration becomes a running system, and a running system stops. It
 * wires; it decides nothing.
 */
import { join } from 'node:path'
import type { MovableClock } from './clock/system-clock.ts'
import type { Config } from './config/config-schema.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineParts } from './engine/parts.ts'
import { loadNamed } from './gateway/forehand.ts'
import { openKeeping } from './gateway/keeping.ts'
import { lateAdapter } from './gateway/late-adapter.ts'
import { openSenses } from './gateway/senses.ts'
import { nodeDisk } from './media/segments/disk.ts'
import type { Sandbox } from './simulator/sandbox.ts'

/** Where a door is bound. */
export interface BoundAddress {
  readonly host: string
  readonly port: number
}

export interface Gateway {
  readonly addresses: Readonly<
    Record<'http' | 'smtp' | 'smpp' | 'admin' | 'carrier', BoundAddress | undefined>
  >
  /** Moves the gateway's clock forward; for the sandbox and tests. */
  advance(ms: number): void
  /**
   * Takes nothing new, finishes what runs within the deadline, writes what is left and lets go.
   * Whatever was cut off is found again at the next start. Called again it hurries: the nearest
   * deadline counts.
   */
  close(deadlineMs?: number): Promise<void>
}

export interface GatewayOptions {
  readonly config: Config
  readonly version: string
  /** The process environment: secrets by reference, and the tests' crash points. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The disk or the store broke: stop the process now, with this. */
  readonly onFatal: (error: Error) => void
}

/** Starts everything, in the order in which the parts lean on each other. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { config } = options
  // Its name is to survive a power cut as well as what is in it.
  await nodeDisk.makeFolder(config.data)
  const senses = openSenses(options)
  const { clock, log, admission } = senses
  const [kept, loaded] = await Promise.all([
    openKeeping(options, join(config.data, 'media'), log),
    loadParts(),
  ])
  const { createDirectoryView, createEngine, createWays, reclaim } = loaded
  const { openDirectory, openDoors, openOperators, openOutside } = loaded
  const sandbox = config.sandbox.enabled ? await simulate(config, clock) : undefined
  const keeping = sandbox === undefined ? kept : { ...kept, store: sandbox.breakStore(kept.store) }
  const { env } = options
  const outside = await openOutside({ config, env, senses, media: keeping.media, sandbox }).catch(
    async (error) => {
      // A start that fails ends at once, and whatever is open would keep the process.
      await Promise.all([sandbox?.close(), keeping.close()])
      senses.close()
      throw error
    },
  )
  const holder = await openDirectory(keeping.store)
  const view = createDirectoryView({ env: options.env }, sandbox, (entry, because) =>
    log.error({ entry, because }, 'a secret reference leads nowhere'),
  )
  const directory = () => view(holder.current())
  const ways = createWays({
    config,
    senses,
    directory,
    ...(sandbox === undefined ? {} : { resolveMx: sandbox.resolveMx }),
    smppIntake: () => ({ receive: engine.receive, inbound: doors.smppInbound }),
  })
  const adapter = lateAdapter(config.adaptation)
  const parts: EngineParts = {
    store: keeping.store,
    media: keeping.media,
    clock,
    random: Math.random,
    directory,
    connectorFor: (lane) => ways.out.find(lane),
    reports: ways.reports,
    optOuts: holder,
    adapter,
    joiner: ways.joiner,
    limits: { ...config.engine, laneWindowMax: config.limits.laneWindowMax },
    observe: senses.observe,
    crashPoint: senses.crashPoint,
    alarm: senses.alarm,
  }
  const engine: Engine = createEngine(parts, async () => {
    await reclaim(keeping)
  })
  senses.attach(engine)
  holder.onChange(() => {
    ways.refresh()
    engine.scheduler.wakeAll()
  })
  await engine.recover()
  const doors = await openDoors({ config, senses, keeping, engine, directory, ways, outside })
  sandbox?.connect({ smtp: doors.smtp.address.port, http: doors.http.address.port })
  await engine.start()
  ways.out.openStanding()
  const operators = await openOperators({
    options,
    senses,
    keeping,
    engine,
    holder,
    directory,
    ways,
    doors,
    sandbox,
  })

  const loadForehand = () => {
    loadNamed(directory(), doors).catch((error) => senses.alarm('loading what is named', error))
  }
  holder.onChange(loadForehand)
  loadForehand()

  /** The nearest deadline anybody gave is over: what still runs is left. */
  const late = new AbortController()
  let closing: Promise<void> | undefined
  async function finish(doorsClosed: Promise<void>): Promise<void> {
    await within(Promise.all([doorsClosed, engine.stop()]), late.signal)
    await Promise.all([ways.close(late.signal.aborted ? 0 : undefined), outside.close()])
    await adapter.close()
    await sandbox?.close()
    await operators.close()
    await keeping.close()
    senses.close()
  }

  function close(deadlineMs = config.shutdown.deadlineMs): Promise<void> {
    const timer = setTimeout(() => late.abort(), deadlineMs)
    admission.drain()
    operators.leave()
    // A door that is closing may be closed again: its nearest deadline counts, too.
    const doorsClosed = doors.close(deadlineMs)
    closing ??= finish(doorsClosed)
    return closing.finally(() => clearTimeout(timer))
  }

  return {
    addresses: {
      http: bound(doors.http.address),
      smtp: doors.smtp.address,
      smpp: doors.smpp.address,
      admin: bound(operators.address),
      carrier: sandbox === undefined ? undefined : sandbox.address,
    },
    advance: (ms) => clock.advance(ms),
    close,
  }
}

/**
 * What is not needed to open the store. Its thread starts on another core meanwhile, and takes about
 * as long.
 */
async function loadParts() {
  const [engine, directory, view, doors, operators, outside, ways, reclaiming] = await Promise.all([
    import('./engine/engine.ts'),
    import('./gateway/directory.ts'),
    import('./gateway/directory-view.ts'),
    import('./gateway/doors.ts'),
    import('./gateway/operators.ts'),
    import('./gateway/outside.ts'),
    import('./gateway/ways.ts'),
    import('./media/segments/reclaim.ts'),
  ])
  return {
    ...engine,
    ...directory,
    ...view,
    ...doors,
    ...operators,
    ...outside,
    ...ways,
    ...reclaiming,
  }
}

function bound({
  address,
  port,
}: {
  readonly address: string
  readonly port: number
}): BoundAddress {
  return { host: address, port }
}

/** Carriers to try the gateway with; one that has real ones does not load them. */
async function simulate(config: Config, clock: MovableClock): Promise<Sandbox> {
  const { openSandbox } = await import('./simulator/sandbox.ts')
  return openSandbox(config, clock)
}

/** Work that outlives its deadline is left: its leases run out and it is found again. */
async function within(work: Promise<unknown>, late: AbortSignal): Promise<void> {
  let leave = () => {}
  const left = new Promise<void>((resolve) => {
    leave = resolve
    late.addEventListener('abort', leave)
    if (late.aborted) leave()
  })
  await Promise.race([work, left])
  late.removeEventListener('abort', leave)
}
