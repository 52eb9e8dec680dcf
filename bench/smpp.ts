/** How fast the SMPP door says a durable yes, and what bound clients cost that say nothing. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { benchDirectory, boundAccount, SMPP_PASSWORD, SMPP_WINDOW } from './directory.ts'
import { atLeast, atMost, type Figure, told } from './figure.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import type { LoopReading } from './loop-probe.ts'
import { medianOf } from './median.ts'
import { PRODUCERS, sampleBareAccepts } from './pipeline.ts'
import type { Bench, Section } from './section.ts'
import { measureIdleSessions } from './smpp-idle.ts'
import { driveSmpp, type SmppDriven } from './smpp-load.ts'
import { readThreadsCpu, spentBetween } from './threads.ts'

/** Of one account; each has a full window on its way. */
const SESSIONS = 4
const ROUNDS = 3
const WARM_UP_MS = 3000
const MEASURE_MS = 2500
/** The content filter reads every text, and counts none: here one sender says one thing. */
const UNCOUNTED = ['filter.perMinuteMax=0', 'filter.repeatsMax=0']
/** A share of what the store alone accepts. */
const ACCEPT_SHARE = 0.6
const LOOP_DELAY_P99_MS = 10

export const smpp: Section = {
  name: 'smpp',
  title: 'Short messages by SMPP',
  about:
    'The gateway as `carillon start` runs it, in its own process; the client in another, both on ' +
    `these cores: ${SESSIONS} sessions with a window of ${SMPP_WINDOW} (closed loop). Every ` +
    'submit_sm has 140 characters, a recipient of its own and asks for a receipt; every answer is ' +
    'ESME_ROK, with the message on disk before it. The way out is paced to one message in 1000 s. ' +
    `Floor: the store alone, in this run, with messages of 1 KB from ${PRODUCERS} producers. CPU is ` +
    'what the process spent while the load ran, from the kernel. Idle sessions: bound, with an ' +
    'enquire_link each half minute.',
  async run(bench) {
    return [...(await measureAccepts(bench)), ...(await measureIdleSessions(bench))]
  },
}

interface Round {
  readonly driven: SmppDriven
  readonly loop: LoopReading
  /** Microseconds of the gateway's threads; absent where the system does not tell. */
  readonly cpu: ReturnType<typeof spentBetween> | undefined
}

async function measureAccepts(bench: Bench): Promise<Figure[]> {
  const data = join(bench.folder, 'smpp')
  await mkdir(data, { recursive: true })
  const gateway = await startGateway({ data, probe: true, set: UNCOUNTED })
  const rounds: Round[] = []
  const bare: number[] = []
  try {
    await gateway.provision(benchDirectory({ bound: 1 }))
    bench.say('smpp: warming up')
    let serial = (await load(gateway, WARM_UP_MS, 0)).accepted
    for (let round = 0; round < ROUNDS; round += 1) {
      bench.say(`smpp, round ${round + 1}`)
      bare.push(await sampleBareAccepts(bench))
      const measured = await measureRound(gateway, serial)
      serial += measured.driven.accepted
      rounds.push(measured)
    }
  } finally {
    await gateway.stop()
    await rm(data, { recursive: true })
  }
  return figuresOf(rounds, medianOf(bare))
}

async function measureRound(gateway: GatewayProcess, serial: number): Promise<Round> {
  await gateway.readLoop()
  const before = readThreadsCpu(gateway.pid)
  const driven = await load(gateway, MEASURE_MS, serial)
  const after = readThreadsCpu(gateway.pid)
  const cpu = before === undefined || after === undefined ? undefined : spentBetween(before, after)
  return { driven, loop: await gateway.readLoop(), cpu }
}

async function load(gateway: GatewayProcess, forMs: number, serial: number): Promise<SmppDriven> {
  const { id: systemId, sender } = boundAccount(0)
  const driven = await driveSmpp({
    port: gateway.smppPort,
    systemId,
    password: SMPP_PASSWORD,
    sessions: SESSIONS,
    windowMax: SMPP_WINDOW,
    forMs,
    sender,
    serial,
  })
  if (driven.refused > 0) throw new Error(`${driven.refused} refused: ${driven.refusal}`)
  return driven
}

function figuresOf(rounds: readonly Round[], bare: number): Figure[] {
  const what = 'submit_sm'
  const middle = (of: (round: Round) => number) => medianOf(rounds.map(of))
  const perSecond = middle(({ driven }) => driven.perSecond)
  const delay = middle(({ loop }) => loop.delayP99Ms)
  const cpu = (of: keyof NonNullable<Round['cpu']>) =>
    middle(({ driven, cpu: spent }) => (spent?.[of] ?? Number.NaN) / driven.accepted)
  const floor = { name: 'store: accept', value: bare, unit: '/s' }
  return [
    {
      ...told(`${what}, accepted durably`, perSecond, '/s'),
      bounds: [atLeast(perSecond, ACCEPT_SHARE, floor)],
    },
    told(
      `${what}: closed-loop p50`,
      middle(({ driven }) => driven.p50Ms),
      'ms',
    ),
    told(
      `${what}: closed-loop p99`,
      middle(({ driven }) => driven.p99Ms),
      'ms',
    ),
    {
      ...told(`${what}: event-loop delay p99`, delay, 'ms'),
      bounds: [atMost(delay, LOOP_DELAY_P99_MS, 'ms')],
    },
    told(`${what}: CPU of the main thread`, cpu('main'), 'µs'),
    told(`${what}: CPU of the store's thread`, cpu('busiest'), 'µs'),
    told(`${what}: CPU of the gateway, all threads`, cpu('total'), 'µs'),
    told(
      `${what}: syncs of the store's log`,
      middle(({ driven, loop }) => loop.batches / driven.accepted),
      'per message',
    ),
  ]
}
