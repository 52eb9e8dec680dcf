/** Short messages through Kannel and through the gateway, to the same emulated message centre. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ORDINARY_SMSC } from '../src/connectors/smpp/behaviour.ts'
import { openSmppEmulator } from '../src/connectors/smpp/emulator.ts'
import { until } from '../test/support/inbox.ts'
import { openKannel } from '../test/support/kannel.ts'
import { benchDirectory, boundAccount, SMPP_PASSWORD, SMPP_WINDOW } from './directory.ts'
import { type Figure, told } from './figure.ts'
import { startGateway } from './gateway-process.ts'
import { createClosing, shareOf } from './peers.ts'
import type { Bench } from './section.ts'
import { driveSmpp } from './smpp-load.ts'

const MESSAGES = 2000
const CALLERS = 16
const SESSIONS = 4
const DRIVE_MS = 2500
const DEADLINE_MS = 120_000
const PER_SECOND_MAX = 100_000
const TEXT = 'Your parcel waits at the counter until eight. '.repeat(3)

export async function measureKannel(bench: Bench): Promise<Figure[]> {
  const closing = createClosing()
  let seen = 0
  const centre = await openSmppEmulator({
    host: '127.0.0.1',
    port: 0,
    systemId: 'centre',
    behaviourOf: () => ({ ...ORDINARY_SMSC, receipts: [] }),
    keepBodies: false,
    after: (_ms, callback) => void setImmediate(callback),
    now: () => Date.now(),
    onSubmit: () => {
      seen += 1
    },
  })
  closing.after(() => centre.close())
  const { port } = centre.address
  const arrived = (count: number) =>
    until(`${count} messages`, () => seen >= count, DEADLINE_MS).then(() => performance.now())
  try {
    const kannel = await throughKannel(bench, port, closing, arrived)
    seen = 0
    const ours = await throughGateway(bench, port, arrived)
    return [
      told('Kannel, in by HTTP, spool, out by SMPP', kannel, '/s'),
      told('SMPP in, kept, SMPP out', ours, '/s'),
    ]
  } finally {
    await closing.close()
  }
}

type Arrived = (count: number) => Promise<number>

async function throughKannel(
  { say }: Bench,
  port: number,
  closing: ReturnType<typeof createClosing>,
  arrived: Arrived,
): Promise<number> {
  const kannel = await openKannel(closing, { port, systemId: 'bench', password: 'bells' })
  const count = shareOf(MESSAGES)
  say(`peers: ${count} messages through Kannel`)
  const since = performance.now()
  let serial = 0
  const call = async () => {
    while (serial < count) {
      serial += 1
      await kannel.send({ from: '24680', to: `12012${100_000 + serial}`, text: TEXT })
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, call))
  return count / (((await arrived(count)) - since) / 1000)
}

async function throughGateway(
  { folder, say }: Bench,
  port: number,
  arrived: Arrived,
): Promise<number> {
  const data = join(folder, 'peers-smpp')
  await mkdir(data, { recursive: true })
  const gateway = await startGateway({
    data,
    set: ['filter.perMinuteMax=0', 'filter.repeatsMax=0'],
  })
  try {
    const directory = benchDirectory({ bound: 1 })
    const carriers = directory.carriers.map((carrier) =>
      'smpp' in carrier
        ? { ...carrier, smpp: { ...carrier.smpp, port, perSecond: PER_SECOND_MAX, window: 100 } }
        : carrier,
    )
    await gateway.provision({ ...directory, carriers })
    say('peers: short messages through the gateway')
    const { id: systemId, sender } = boundAccount(0)
    const since = performance.now()
    const { accepted } = await driveSmpp({
      port: gateway.smppPort,
      systemId,
      password: SMPP_PASSWORD,
      sessions: SESSIONS,
      windowMax: SMPP_WINDOW,
      forMs: DRIVE_MS,
      sender,
      serial: 0,
    })
    return accepted / (((await arrived(accepted)) - since) / 1000)
  } finally {
    await gateway.stop()
    await rm(data, { recursive: true, force: true })
  }
}
