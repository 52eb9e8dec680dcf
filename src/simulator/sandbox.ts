/** The sandbox: a simulated carrier with its handsets, and the directory that leads to it. */
import type { Config } from '../config/config-schema.ts'
import { type Emulator, openMm4Emulator } from '../connectors/mm4/emulator.ts'
import type { DirectoryData } from '../core/directory.ts'
import type { Clock } from '../engine/ports/clock.ts'
import { drawBell } from './picture.ts'
import { behaviourOf } from './scripts.ts'
import { SANDBOX_DOMAIN, worldOf } from './world.ts'

export interface Sandbox extends Pick<Emulator, 'address'> {
  /** What the gateway must know of this world. */
  readonly directory: DirectoryData
  /** The gateway's MM4 door is open: the carrier may answer. */
  connect(smtpPort: number): void
  close(): Promise<void>
}

/** Opens the simulated carrier on loopback. Its time is the gateway's: moving one moves both. */
export async function openSandbox(
  config: Pick<Config, 'sandbox' | 'smtp'>,
  clock: Clock,
): Promise<Sandbox> {
  const carrier = await openMm4Emulator({
    host: '127.0.0.1',
    port: config.sandbox.smtpPort,
    domain: SANDBOX_DOMAIN,
    behaviourOf,
    picture: drawBell(),
    keepBodies: true,
    after: (ms, callback) => void clock.wakeAt(clock.now() + ms, callback),
    now: () => clock.now(),
  })
  return {
    address: carrier.address,
    directory: worldOf(carrier.address.port),
    connect: (port) => carrier.connect({ host: '127.0.0.1', port, domain: config.smtp.domain }),
    close: () => carrier.close(),
  }
}
