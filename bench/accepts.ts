/** How fast the MM7 door says a durable yes, by body size. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { benchDirectory, KEPT } from './directory.ts'
import { atLeast, atMost, type Figure, told } from './figure.ts'
import { CONNECTIONS, type Floors } from './floors.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { type Driven, drive } from './http-load.ts'
import type { LoopReading } from './loop-probe.ts'
import { medianOf } from './median.ts'
import type { Bench, Section } from './section.ts'
import { type SubmitRequest, writeSubmit } from './submit-request.ts'

/** Body sizes in KiB. */
export const SIZES = [10, 100, 300, 600] as const
const ROUNDS = 3
const WARM_UP_MS = 4000
const MEASURE_MS = 2500
const ALONE_MS = 1200

/** A share of F at 10 KB, and of W above. */
const APPENDS_SHARE = 1.5
const HTTP_SHARE = 0.25
const STREAM_SHARE = 0.7
/** One connection's median, as a multiple of the time of one bare append. */
const ALONE_APPENDS_MAX = 5
const LOOP_DELAY_P99_MS = 10

interface Measured {
  readonly busy: readonly Driven[]
  readonly alone: readonly Driven[]
  readonly loops: readonly LoopReading[]
}

export const accepts: Section = {
  name: 'accepts',
  title: 'Durable MM7 accepts',
  about:
    'The gateway as `carillon start` runs it, in its own process; the client in another, both on ' +
    `these cores. ${CONNECTIONS} connections, each sending when it was answered (closed loop: ` +
    'latencies contain the queue the client itself makes). A SMIL part and a binary picture, every ' +
    'TransactionID fresh, every answer 1000, everything on disk before it. The way out is paced to ' +
    'one message in 1000 s, so that accepting is all that happens.',
  async run(bench) {
    const figures: Figure[] = []
    for (const kib of SIZES) figures.push(...(await measureSize(bench, kib)))
    return figures
  },
}

async function measureSize({ folder, floors, say }: Bench, kib: number): Promise<Figure[]> {
  say(`accepts, ${kib} KB`)
  const data = join(folder, `accepts-${kib}`)
  await mkdir(data, { recursive: true })
  const gateway = await startGateway({ data, probe: true })
  try {
    await gateway.provision(benchDirectory({}))
    const measured = await measure(gateway, writeSubmit(KEPT, kib * 1024), floors, kib)
    return figuresOf(kib, measured, floors)
  } finally {
    await gateway.stop()
    await rm(data, { recursive: true })
  }
}

async function measure(
  gateway: GatewayProcess,
  { bytes: request, vary }: SubmitRequest,
  floors: Floors,
  kib: number,
): Promise<Measured> {
  let serial = 1
  async function load(connections: number, forMs: number): Promise<Driven> {
    const port = gateway.httpPort
    const order = { port, connections, forMs, request, vary, serial, expect: '>1000<' }
    const driven = await drive(order)
    if (driven.refused > 0) throw new Error(`${driven.refused} refused: ${driven.refusal}`)
    serial += driven.answers + connections
    return driven
  }
  await load(CONNECTIONS, WARM_UP_MS)
  const measured = { busy: [] as Driven[], alone: [] as Driven[], loops: [] as LoopReading[] }
  for (let round = 0; round < ROUNDS; round += 1) {
    floors.sampleDisk()
    await floors.sampleHttp(kib)
    await gateway.readLoop()
    measured.busy.push(await load(CONNECTIONS, MEASURE_MS))
    measured.loops.push(await gateway.readLoop())
    if (kib === SIZES[0]) measured.alone.push(await load(1, ALONE_MS))
  }
  return measured
}

function figuresOf(kib: number, { busy, alone, loops }: Measured, floors: Floors): Figure[] {
  const perSecond = medianOf(busy.map((driven) => driven.perSecond))
  const megabytes = (perSecond * kib * 1024) / 1e6
  const delay = medianOf(loops.map(({ delayP99Ms }) => delayP99Ms))
  const what = `accepts, ${kib} KB`
  const figures: Figure[] = [
    {
      what,
      value: `${Math.round(perSecond).toLocaleString('en-US')}/s (${Math.round(megabytes)} MB/s)`,
      bounds:
        kib === SIZES[0]
          ? [
              atLeast(perSecond, HTTP_SHARE, floors.http(kib)),
              atLeast(perSecond, APPENDS_SHARE, floors.appends()),
            ]
          : [atLeast(megabytes, STREAM_SHARE, floors.stream())],
    },
    told(`${what}: closed-loop p50`, medianOf(busy.map(({ p50Ms }) => p50Ms)), 'ms'),
    told(`${what}: closed-loop p99`, medianOf(busy.map(({ p99Ms }) => p99Ms)), 'ms'),
    {
      ...told(`${what}: event-loop delay p99`, delay, 'ms'),
      bounds: [atMost(delay, LOOP_DELAY_P99_MS, 'ms')],
    },
    told(
      `${what}: gateway CPU per message, all threads`,
      medianOf(loops.map(({ cpuMs }, round) => (cpuMs * 1000) / (busy[round]?.answers ?? 1))),
      'µs',
    ),
    told(`${what}: main thread busy`, medianOf(loops.map((loop) => loop.busy * 100)), '%'),
  ]
  if (alone.length === 0) return figures
  const p50Ms = medianOf(alone.map((driven) => driven.p50Ms))
  const appendMs = 1000 / floors.appends().value
  return [
    ...figures,
    {
      ...told(`${what}: one connection, p50`, p50Ms, 'ms'),
      bounds: [
        {
          floor: `1 / F = ${appendMs.toFixed(3)} ms`,
          ratio: p50Ms / appendMs,
          target: `≤ ${ALONE_APPENDS_MAX} / F`,
          met: p50Ms <= ALONE_APPENDS_MAX * appendMs,
        },
      ],
    },
  ]
}
