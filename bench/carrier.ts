/**
 * The emulated carrier in a process of its own: takes every message, answers and reports at once,
 * keeps nothing.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { openMm4Emulator } from '../src/connectors/mm4/emulator.ts'
import { CARRIER_DOMAIN } from './directory.ts'

export interface CarrierReading {
  /** Forward requests taken so far. */
  readonly taken: number
  /** Epoch milliseconds; absent while nothing has come. */
  readonly firstAt?: number
  readonly cpuMs: number
}

export interface CarrierProcess {
  readonly port: number
  /** Where the gateway's MM4 door is, for answers and reports. */
  connect(smtpPort: number): void
  /** What came since the last call. */
  read(): Promise<CarrierReading>
  close(): Promise<void>
}

/** The gateway's MM4 domain, by default. */
const GATEWAY_DOMAIN = 'carillon.localhost'

export async function startCarrier(): Promise<CarrierProcess> {
  const child = fork(fileURLToPath(import.meta.url), ['carrier'])
  const ended = once(child, 'exit')
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    connect: (smtpPort) => void child.send({ connect: smtpPort }),
    async read() {
      const answer = once(child, 'message')
      child.send({ read: true })
      return (await answer)[0] as CarrierReading
    },
    async close() {
      child.send({ close: true })
      await ended
    },
  }
}

interface Wish {
  readonly connect?: number
  readonly read?: true
  readonly close?: true
}

async function serve(): Promise<void> {
  let taken = 0
  let firstAt: number | undefined
  let cpu = process.cpuUsage()
  const carrier = await openMm4Emulator({
    host: '127.0.0.1',
    port: 0,
    domain: CARRIER_DOMAIN,
    behaviourOf: () => BEHAVIOUR,
    keepBodies: false,
    after: (_ms, callback) => void setImmediate(callback),
    now: () => Date.now(),
    onMail({ message }) {
      if (message?.type !== 'MM4_forward.REQ') return
      taken += 1
      firstAt ??= Date.now()
    },
  })
  process.on('message', async ({ connect, read, close }: Wish) => {
    if (connect !== undefined) {
      carrier.connect({ host: '127.0.0.1', port: connect, domain: GATEWAY_DOMAIN })
    }
    if (read === true) {
      const { user, system } = process.cpuUsage(cpu)
      cpu = process.cpuUsage()
      const cpuMs = (user + system) / 1000
      process.send?.({ taken, cpuMs, ...(firstAt === undefined ? {} : { firstAt }) })
      taken = 0
      firstAt = undefined
    }
    if (close === true) {
      await carrier.close()
      process.exit(0)
    }
  })
  process.send?.({ port: carrier.address.port })
}

const BEHAVIOUR = {
  response: 'Ok',
  responseAfterMs: 0,
  reports: [{ status: 'Retrieved', afterMs: 0 }],
} as const

if (process.argv[2] === 'carrier' && process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve()
}
