/** Where everything is kept: rows and bodies, opened together, closed in the right order. */
import { join } from 'node:path'
import { OperatorError } from '../config/operator-error.ts'
import type { Media } from '../engine/ports/media.ts'
import type { Store } from '../engine/ports/store.ts'
import type { GatewayOptions } from '../gateway.ts'
import { openSegments } from '../media/segments/segments.ts'
import type { Log } from '../operations/log.ts'
import { StoreOpenError } from '../stores/sqlite/open-error.ts'
import { openSqliteStore } from '../stores/sqlite/store.ts'

export interface Keeping {
  readonly store: Store
  readonly media: Media
  close(): Promise<void>
}

/** The database file inside the data folder. */
const DATABASE = 'carillon.db'

export async function openKeeping(
  { config, onFatal }: GatewayOptions,
  mediaFolder: string,
  log: Log,
): Promise<Keeping> {
  const fatal = (part: string) => (error: Error) => {
    log.fatal({ part, err: error }, 'the disk cannot be trusted any more; stopping')
    onFatal(error)
  }
  const path = join(config.data, DATABASE)
  const store = await openSqliteStore({ path, onFatal: fatal('store') }).catch(forOperators)
  const media = await openSegments({
    folder: mediaFolder,
    inlineBytesMax: config.store.inlineBytesMax,
    segmentBytesMax: config.store.segmentBytesMax,
    onFatal: fatal('media'),
  }).catch(async (error) => {
    // A start that fails ends at once, and an open store would keep the process.
    await store.close()
    throw error
  })
  if (store.start.recoveredLeases > 0) {
    log.warn({ deliveries: store.start.recoveredLeases }, 'attempts were under way when we stopped')
  }
  return {
    store,
    media,
    async close() {
      // Bytes first: the last rows may still point at them.
      await media.close()
      await store.close()
    },
  }
}

/** What keeps a store closed is the operator's to mend, and told without our own insides. */
function forOperators(error: unknown): never {
  if (!(error instanceof StoreOpenError)) throw error
  throw new OperatorError(error.code, error.message, error.hint)
}
