/** The MM7 door with a real engine behind it, over the memory store: no carrier, no disk. */
import { openSystemClock } from '../../src/clock/system-clock.ts'
import { defaultMm7Limits } from '../../src/codecs/mm7/request-reader.ts'
import { addressIn } from '../../src/config/allow-list.ts'
import { createCredentials } from '../../src/config/credentials.ts'
import { hashKey } from '../../src/config/secret.ts'
import { type Directory, indexDirectory } from '../../src/core/directory.ts'
import { SPOKEN } from '../../src/dialects/spoken.ts'
import { createAdmission } from '../../src/engine/admission.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { createCallRates } from '../../src/listeners/call-rates.ts'
import { isMm7Dialect } from '../../src/listeners/mm7/door.ts'
import { openMm7Listener } from '../../src/listeners/mm7/listener.ts'
import { openMemoryMedia } from '../../src/media/memory/media.ts'
import { mm4Carrier } from '../../src/simulator/carriers.ts'
import { worldOf } from '../../src/simulator/world.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import { plainGuesses } from './guesses.ts'

const sandbox = indexDirectory(worldOf([mm4Carrier({ host: '127.0.0.1', port: 1 })]))

/** Opens it; `directory` is asked for each request, and is the sandbox's where nothing is said. */
export async function openDoorAlone(directory: () => Directory = () => sandbox) {
  const clock = openSystemClock()
  const store = openMemoryStore()
  const media = await openMemoryMedia()
  const alarms: unknown[] = []
  const admission = createAdmission({
    reserve: { diskReserveBytes: 0, diskReserveShare: 0 },
    readingBytesMax: 64 * 1024 * 1024,
  })
  const engine = createEngine(
    {
      store,
      media,
      clock,
      random: () => 0.5,
      directory,
      connectorFor: () => undefined,
      reports: { laneFor: () => undefined, send: () => Promise.reject(new Error('unused')) },
      limits: {
        validityMsMax: 7 * 86_400_000,
        idempotencyWindowMs: 86_400_000,
        laneWindowMax: 16,
        lostAttemptsMax: 5,
        partsWaitMs: 300_000,
        partSetsMax: 100,
        retentionMs: 86_400_000,
        sweepIntervalMs: 1000,
      },
      observe: () => undefined,
      crashPoint: () => undefined,
      alarm: (_where, error) => alarms.push(error),
    },
    () => Promise.resolve(),
  )
  const credentials = createCredentials()
  const door = await openMm7Listener(
    {
      host: '127.0.0.1',
      port: 0,
      headersTimeoutMs: 2000,
      requestTimeoutMs: 5000,
      keepAliveTimeoutMs: 5000,
      connectionsMax: 200,
    },
    {
      dialects: SPOKEN.filter(isMm7Dialect),
      directory,
      rates: createCallRates(clock),
      guesses: plainGuesses(clock),
      checks: { hashKey, addressIn, verify: credentials.verify },
      admission,
      media,
      clock,
      limits: { requestBytesMax: 16 * 1024 * 1024, mm7: defaultMm7Limits, drainBytesMax: 1 << 20 },
      accept: engine.accept,
      reviser: engine.reviser,
      observer: { refused: () => undefined, answered: () => undefined },
      alarm: (_where, error) => alarms.push(error),
    },
  )
  return {
    port: door.address.port,
    store,
    admission,
    alarms,
    async close() {
      await door.close(100)
      await store.close()
      clock.close()
    },
  }
}
