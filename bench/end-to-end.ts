/** Whole messages a second: MM7 in, disk, MM4 out, response and report in, report to the client. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CarrierProcess, startCarrier } from './carrier.ts'
import { benchDirectory, RELAYED } from './directory.ts'
import { type Figure, noLessThan, told } from './figure.ts'
import { CONNECTIONS } from './floors.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { medianOf } from './median.ts'
import type { Bench, Section } from './section.ts'
import { writeSubmit } from './submit-request.ts'
import { startVasp, type VaspProcess, type VaspReading } from './vasp.ts'

const IN_FLIGHT_MAX = 256
/** Long: the compiler has ten thousand lines to warm to. */
const WARM_UP_MS = 8000
const WINDOW_MS = 2500
const WINDOWS = 3
const DRAIN_MS = 20_000
const LOOK_MS = 100

/** Messages a second that must finish, by size in KiB. */
const TARGETS: ReadonlyMap<number, number> = new Map([
  [10, 1000],
  [100, 500],
])

export const endToEnd: Section = {
  name: 'end-to-end',
  title: 'MM7 in to MM4 out and back',
  about:
    'Four processes on these cores: the client (submits, and takes its reports), the gateway, and ' +
    'the emulated carrier, whose SMTP and MM4 are the product’s own and cost about what they cost ' +
    `the gateway. At most ${IN_FLIGHT_MAX} messages under way. A message counts when the client has ` +
    'answered its last DeliveryReportReq: by then it was kept, sent, answered by MM4_forward.RES ' +
    '(the client is told Forwarded), reported by MM4_delivery_report.REQ (the client is told ' +
    'Retrieved), each step on disk before the next. At the end nothing may be left over, refused, ' +
    'or told twice.',
  async run(bench) {
    const figures: Figure[] = []
    for (const [kib, target] of TARGETS) figures.push(...(await measureSize(bench, kib, target)))
    return figures
  },
}

interface Window {
  readonly vasp: VaspReading
  readonly seconds: number
  readonly gatewayCpuMs: number
  readonly carrierCpuMs: number
  readonly delayP99Ms: number
  readonly busy: number
}

async function measureSize({ folder, say }: Bench, kib: number, target: number): Promise<Figure[]> {
  say(`end to end, ${kib} KB`)
  const data = join(folder, `end-to-end-${kib}`)
  await mkdir(data, { recursive: true })
  const [carrier, vasp] = await Promise.all([startCarrier(), startVasp()])
  const gateway = await startGateway({ data, probe: true })
  try {
    const { callbackUrl } = vasp
    await gateway.provision(benchDirectory({ carrierPort: carrier.port, callbackUrl }))
    carrier.connect(gateway.smtpPort)
    const windows = await measure(gateway, carrier, vasp, kib)
    return figuresOf(kib, target, windows)
  } finally {
    vasp.close()
    await carrier.close()
    await gateway.stop()
    await rm(data, { recursive: true })
  }
}

async function measure(
  gateway: GatewayProcess,
  carrier: CarrierProcess,
  vasp: VaspProcess,
  kib: number,
): Promise<Window[]> {
  const { bytes, vary } = writeSubmit(RELAYED, kib * 1024)
  vasp.start({
    port: gateway.httpPort,
    connections: CONNECTIONS,
    inFlightMax: IN_FLIGHT_MAX,
    request: bytes.toString('base64'),
    vary,
  })
  const all: VaspReading[] = []
  const read = async () => {
    const reading = await vasp.read()
    all.push(reading)
    return reading
  }
  await pause(WARM_UP_MS)
  const windows: Window[] = []
  await Promise.all([gateway.readLoop(), carrier.read(), read()])
  let since = performance.now()
  for (let round = 0; round < WINDOWS; round += 1) {
    await pause(WINDOW_MS)
    const [loop, taken, reading] = await Promise.all([gateway.readLoop(), carrier.read(), read()])
    const now = performance.now()
    windows.push({
      vasp: reading,
      seconds: (now - since) / 1000,
      gatewayCpuMs: loop.cpuMs,
      carrierCpuMs: taken.cpuMs,
      delayP99Ms: loop.delayP99Ms,
      busy: loop.busy,
    })
    since = now
  }
  vasp.pause()
  const deadline = performance.now() + DRAIN_MS
  while ((await read()).inFlight > 0 && performance.now() < deadline) await pause(LOOK_MS)
  assertWhole(all)
  return windows
}

/** Speed that loses or doubles messages is no speed. */
function assertWhole(readings: readonly VaspReading[]): void {
  const sum = (of: (reading: VaspReading) => number) =>
    readings.reduce((total, reading) => total + of(reading), 0)
  const accepted = sum((reading) => reading.accepted)
  const finished = sum((reading) => reading.finished)
  const refused = sum((reading) => reading.refused)
  const strange = sum((reading) => reading.strange)
  if (accepted === finished && refused === 0 && strange === 0) return
  const example = readings.flatMap(({ refusal, strangest }) => [refusal, strangest]).find(Boolean)
  throw new Error(
    `${accepted} accepted, ${finished} finished, ${refused} refused, ${strange} strange: ${example}`,
  )
}

function figuresOf(kib: number, target: number, windows: readonly Window[]): Figure[] {
  const what = `end to end, ${kib} KB`
  const median = (of: (window: Window) => number) => medianOf(windows.map(of))
  const perSecond = median(({ vasp, seconds }) => vasp.finished / seconds)
  const each = (name: string, cpuMs: (window: Window) => number) =>
    told(
      `${what}: ${name} CPU per message`,
      median((window) => (cpuMs(window) * 1000) / window.vasp.finished),
      'µs',
    )
  return [
    { ...told(what, perSecond, '/s'), bounds: [noLessThan(perSecond, target, '/s')] },
    told(
      `${what}: submit to report, p50`,
      median(({ vasp }) => vasp.p50Ms),
      'ms',
    ),
    told(
      `${what}: submit to report, p99`,
      median(({ vasp }) => vasp.p99Ms),
      'ms',
    ),
    each('gateway', ({ gatewayCpuMs }) => gatewayCpuMs),
    each('carrier', ({ carrierCpuMs }) => carrierCpuMs),
    each('client', ({ vasp }) => vasp.cpuMs),
    told(
      `${what}: gateway main thread busy`,
      median(({ busy }) => busy * 100),
      '%',
    ),
    told(
      `${what}: event-loop delay p99`,
      median(({ delayP99Ms }) => delayP99Ms),
      'ms',
    ),
  ]
}
