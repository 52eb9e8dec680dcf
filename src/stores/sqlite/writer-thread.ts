/** The writer's thread: opens the file, answers requests in their order, closes when asked. */
import { parentPort, workerData } from 'node:worker_threads'
import { StoreOpenError } from './open-error.ts'
import { isEngineQuery, prepareEngineQueries } from './queries/engine.ts'
import { openForWriting } from './start.ts'
import type { BatchRequest, StoreReply, StoreRequest, ThreadOptions } from './wire.ts'
import { beginWork, endWork } from './work-mark.ts'
import { createWriter, StoreBrokenError } from './writer.ts'

function serve(port: NonNullable<typeof parentPort>, options: ThreadOptions): void {
  const { path, cacheKiB, mark } = options
  const reply = (answer: StoreReply) => port.postMessage(answer)
  const { db, lock, start } = openForWriting(path, cacheKiB)
  const writer = createWriter(db)
  const answer = prepareEngineQueries(db)
  let broken = false

  function handle(request: StoreRequest): StoreReply {
    switch (request.kind) {
      case 'batch':
        return runBatch(request)
      case 'query':
        if (!isEngineQuery(request.query)) throw new Error('this query is for a reading thread')
        return { kind: 'answer', answer: answer(request.query) }
      case 'discard':
        writer.discard(request.messageIds)
        return { kind: 'answer', answer: undefined }
      case 'close':
        db.close()
        lock.release()
        return { kind: 'closed' }
    }
  }

  function runBatch({ groups }: BatchRequest): StoreReply {
    return { kind: 'batch', outcomes: writer.run(groups) }
  }

  port.on('message', (request: StoreRequest) => {
    // A request behind the one that broke the store must find nobody.
    if (broken || !beginWork(mark)) return
    try {
      reply(handle(request))
      if (request.kind === 'close') port.close()
    } catch (error) {
      broken = error instanceof StoreBrokenError
      const because = error instanceof Error ? error.message : String(error)
      reply({ kind: broken ? 'fatal' : 'failed', because })
    } finally {
      endWork(mark)
    }
  })
  reply({ kind: 'opened', start })
}

if (parentPort !== null) {
  const options = workerData as ThreadOptions
  try {
    serve(parentPort, options)
  } catch (error) {
    if (!(error instanceof StoreOpenError)) throw error
    const { code, message, hint } = error
    parentPort.postMessage({ kind: 'refused', code, message, hint } satisfies StoreReply)
    parentPort.close()
  } finally {
    endWork(options.mark)
  }
}
