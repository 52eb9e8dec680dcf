/** A reading thread: its own connection sees what was committed and never holds up the writer. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './driver.ts'
import { isEngineQuery } from './queries/engine.ts'
import { preparePeopleQueries } from './queries/people.ts'
import type { StoreReply, StoreRequest, ThreadOptions } from './wire.ts'
import { beginWork, endWork } from './work-mark.ts'

function serve(port: NonNullable<typeof parentPort>, options: ThreadOptions): void {
  const { path, cacheKiB, mark } = options
  const db = openDatabase(path, { readOnly: true })
  db.exec(`PRAGMA cache_size = -${cacheKiB}`)
  const answer = preparePeopleQueries(db)

  function handle(request: StoreRequest): StoreReply {
    if (request.kind === 'close') {
      db.close()
      return { kind: 'closed' }
    }
    if (request.kind !== 'query' || isEngineQuery(request.query)) {
      throw new Error('this request is for the writer')
    }
    return { kind: 'answer', answer: answer(request.query) }
  }

  port.on('message', (request: StoreRequest) => {
    if (!beginWork(mark)) return
    try {
      port.postMessage(handle(request))
      if (request.kind === 'close') port.close()
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      port.postMessage({ kind: 'failed', because } satisfies StoreReply)
    } finally {
      endWork(mark)
    }
  })
}

if (parentPort !== null) {
  const options = workerData as ThreadOptions
  try {
    serve(parentPort, options)
  } finally {
    endWork(options.mark)
  }
}
