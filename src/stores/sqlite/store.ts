/**
 * The store of a single node: SQLite behind a group committer. One thread writes; people's
 * questions go to a second one that starts with the first of them.
 */
import type { StartFacts } from '../../engine/ports/start-facts.ts'
import type { AnswerOf, Op, Query, ResultsOf, Store } from '../../engine/ports/store.ts'
import { createCommitter } from './committer.ts'
import { decodeResult } from './decode.ts'
import { encodeOp } from './encode.ts'
import { StoreOpenError } from './open-error.ts'
import { isEngineQuery } from './queries/engine.ts'
import { type StoreThread, startThread } from './thread.ts'
import type { WireOp } from './wire.ts'

export interface SqliteStoreOptions {
  /** The database file; its side files and its lock lie beside it. */
  readonly path: string
  /**
   * The disk or the file broke. From here on nothing is answered, and the process must stop:
   * whatever it said now could be a lie.
   */
  readonly onFatal: (error: Error) => void
  /** The writer's page cache, in KiB. */
  readonly cacheKiB?: number
}

const WRITER_CACHE_KIB = 32_768
const READER_CACHE_KIB = 2048

/** Throws `StoreOpenError` for what an operator can mend. */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, cacheKiB = WRITER_CACHE_KIB } = options
  let broken = false
  const onBroken = (error: Error) => {
    broken = true
    options.onFatal(error)
  }
  const { writer, start } = await openWriter(path, cacheKiB, onBroken)
  let reader: StoreThread | undefined
  let closed: Promise<void> | undefined

  const committer = createCommitter(async (batch, transfer) => {
    try {
      const reply = await writer.ask(batch, transfer)
      return reply.kind === 'batch' ? reply.outcomes : []
    } catch (error) {
      return batch.groups.map(() => ({ kind: 'failed', because: String(error) }))
    }
  })

  function threadFor(query: Query): StoreThread {
    if (isEngineQuery(query)) return writer
    reader ??= startThread('reader-thread', { path, cacheKiB: READER_CACHE_KIB }, { onBroken })
    return reader
  }

  async function finish(): Promise<void> {
    // Nobody answers any more; the process is about to stop.
    if (broken) return
    await committer.drained()
    await reader?.close()
    // Last, so that its connection is the one that folds the log into the file.
    await writer.close()
  }

  return {
    start,
    async commit<const Ops extends readonly Op[]>(ops: Ops): Promise<ResultsOf<Ops>> {
      if (closed !== undefined) throw new Error('the store is closed')
      const wires: WireOp[] = []
      let bytes = 0
      for (const op of ops) {
        const encoded = encodeOp(op)
        wires.push(encoded.wire)
        bytes += encoded.bytes
      }
      const results = await committer.commit({ ops: wires, bytes })
      return ops.map((op, index) => {
        const result = results[index]
        if (result === undefined) throw new Error(`no answer to ${op.op}`)
        return decodeResult(op, result)
      }) as ResultsOf<Ops>
    },
    async read<Q extends Query>(query: Q): Promise<AnswerOf<Q>> {
      if (closed !== undefined) throw new Error('the store is closed')
      const reply = await threadFor(query).ask({ kind: 'query', query })
      return (reply.kind === 'answer' ? reply.answer : undefined) as AnswerOf<Q>
    },
    async discard(messageIds) {
      await writer.ask({ kind: 'discard', messageIds })
    },
    close() {
      closed ??= finish()
      return closed
    },
  }
}

interface OpenWriter {
  readonly writer: StoreThread
  readonly start: StartFacts
}

function openWriter(
  path: string,
  cacheKiB: number,
  onFatal: (error: Error) => void,
): Promise<OpenWriter> {
  return new Promise((resolve, reject) => {
    let opened = false
    const writer = startThread(
      'writer-thread',
      { path, cacheKiB },
      {
        onBroken: (error) => (opened ? onFatal(error) : reject(error)),
        onGreeting(reply) {
          if (reply.kind === 'refused') {
            reject(new StoreOpenError(reply.code, reply.message, reply.hint))
          } else if (reply.kind === 'opened') {
            opened = true
            resolve({ writer, start: reply.start })
          }
        },
      },
    )
  })
}
