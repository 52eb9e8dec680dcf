/** A million queued messages: what they cost in memory, and how soon a killed gateway goes on. */
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CarrierProcess, startCarrier } from './carrier.ts'
import { benchDirectory } from './directory.ts'
import { atMost, type Figure, told } from './figure.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { residentBytes } from './machine.ts'
import { medianOf } from './median.ts'
import type { Bench, Section } from './section.ts'
import { seedBacklog } from './seed.ts'

const MIB = 1024 * 1024
const QUEUED_RSS_MIB = 128
const FIRST_DELIVERY_MS = 1000
/** Below this, growth is the noise of two processes: a message in memory is some kilobytes. */
const GROWTH_BYTES_MAX = 16
/** Growth is counted from a tenth of the queue on: by then the store's page cache is full. */
const TENTH = 10
const SETTLE_MS = 2000
const DELIVER_MS = 3000
const LOOK_MS = 5
const KILLS = 3
/** A mail the killed process had handed over is read by the carrier within this. */
const STRAGGLERS_MS = 50

export const backlog: Section = {
  name: 'backlog',
  title: 'A long queue',
  about:
    'Messages of a few hundred bytes, written straight through the store port and due now. ' +
    'Resident memory of a fresh gateway on them while its way out stands still, against one on an ' +
    'empty queue and one on a tenth; then while it delivers. SIGKILL while it delivers, a new process ' +
    'at once, until the carrier has the first whole message: with a warm page cache, as after a ' +
    'crash of the process and not of the machine.',
  async run(bench) {
    const data = join(bench.folder, 'backlog')
    await mkdir(data, { recursive: true })
    const carrier = await startCarrier()
    try {
      return await measure(bench, data, carrier)
    } finally {
      await carrier.close()
      await rm(data, { recursive: true })
    }
  },
}

async function measure(
  { queued, say }: Bench,
  data: string,
  carrier: CarrierProcess,
): Promise<Figure[]> {
  const empty = await startGateway({ data })
  const { smtpPort } = empty
  carrier.connect(smtpPort)
  await empty.provision(benchDirectory({ carrierPort: carrier.port, still: true }))
  await pause(SETTLE_MS)
  const emptyRss = residentBytes(empty.pid)
  await empty.stop()

  const tenth = Math.floor(queued / TENTH)
  say(`backlog: writing ${tenth.toLocaleString('en-US')} messages`)
  await seedBacklog(data, tenth)
  const some = await startGateway({ data })
  await pause(SETTLE_MS)
  const someRss = residentBytes(some.pid)
  await some.stop()
  say(`backlog: writing ${queued.toLocaleString('en-US')} messages`)
  const seedMs = await seedBacklog(data, queued - tenth)
  const bytes = (await stat(join(data, 'carillon.db'))).size

  say('backlog: opening and delivering')
  let gateway = await startGateway({ data, smtpPort })
  const openMs = gateway.startMs
  await pause(SETTLE_MS)
  const queuedRss = residentBytes(gateway.pid)
  await gateway.provision(benchDirectory({ carrierPort: carrier.port }))
  await carrier.read()
  await pause(DELIVER_MS)
  const { taken } = await carrier.read()
  const deliveringRss = residentBytes(gateway.pid)

  const recoveries: number[] = []
  for (let kill = 0; kill < KILLS; kill += 1) {
    say(`backlog: SIGKILL ${kill + 1}`)
    const again = await killAndRestart(gateway, { data, smtpPort }, carrier)
    gateway = again.gateway
    recoveries.push(again.firstMs)
  }
  await gateway.stop()
  const growth = (queuedRss - someRss) / (queued - tenth)
  const first = medianOf(recoveries)
  const what = `${queued.toLocaleString('en-US')} queued`
  return [
    {
      ...told(`${what}: resident memory`, queuedRss / MIB, 'MiB'),
      bounds: [atMost(queuedRss / MIB, QUEUED_RSS_MIB, 'MiB')],
    },
    told(`none queued: resident memory`, emptyRss / MIB, 'MiB'),
    told(`${tenth.toLocaleString('en-US')} queued: resident memory`, someRss / MIB, 'MiB'),
    {
      ...told(`${what}: growth per message from there`, growth, 'bytes'),
      bounds: [atMost(growth, GROWTH_BYTES_MAX, 'bytes')],
    },
    told(`${what}: resident memory while delivering`, deliveringRss / MIB, 'MiB'),
    {
      ...told(`${what}: SIGKILL to first delivery`, first, 'ms'),
      bounds: [atMost(first, FIRST_DELIVERY_MS, 'ms')],
    },
    told(`${what}: process start to listening`, openMs, 'ms'),
    told(`${what}: database per message`, bytes / queued, 'bytes'),
    told(`${what}: deliveries into a lane just opened`, (taken * 1000) / DELIVER_MS, '/s'),
    told(`${what}: written through the store port`, ((queued - tenth) * 1000) / seedMs, '/s'),
  ]
}

async function killAndRestart(
  gateway: GatewayProcess,
  wishes: { readonly data: string; readonly smtpPort: number },
  carrier: CarrierProcess,
): Promise<{ gateway: GatewayProcess; firstMs: number }> {
  const killedAt = Date.now()
  await gateway.kill()
  const starting = startGateway(wishes)
  await pause(STRAGGLERS_MS)
  await carrier.read()
  const started = await starting
  for (;;) {
    const { firstAt } = await carrier.read()
    if (firstAt !== undefined) return { gateway: started, firstMs: firstAt - killedAt }
    await pause(LOOK_MS)
  }
}
