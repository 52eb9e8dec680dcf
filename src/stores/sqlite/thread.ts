/** The main thread's end of a store's thread: requests go out in order, replies come back in it. */
import { type Transferable, Worker } from 'node:worker_threads'
import type { StoreReply, StoreRequest, ThreadOptions } from './wire.ts'

export interface StoreThread {
  /** Rejects when the request was refused; never settles once the thread has broken down. */
  ask(request: StoreRequest, transfer?: readonly Transferable[]): Promise<StoreReply>
  /** Waits for what was asked, then for the thread to let go of its files and end. */
  close(): Promise<void>
}

interface Waiting {
  resolve(reply: StoreReply): void
  reject(error: Error): void
}

export interface ThreadHooks {
  /** The thread is gone or its disk is broken. Called once. */
  readonly onBroken: (error: Error) => void
  /** What the thread says of itself before it is asked anything. */
  readonly onGreeting?: (reply: StoreReply) => void
}

/** `name` is that of the module beside this one. Never `terminate()`d: that can abort Node. */
export function startThread(
  name: 'writer-thread' | 'reader-thread',
  options: ThreadOptions,
  hooks: ThreadHooks,
): StoreThread {
  // Sources run as they are where Node strips types, and compiled elsewhere.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const worker = new Worker(new URL(`./${name}.${extension}`, import.meta.url), {
    workerData: options,
  })
  const waiting: Waiting[] = []
  let ended = false
  let broken = false

  function breakDown(error: Error): void {
    if (broken) return
    broken = true
    hooks.onBroken(error)
  }

  worker.on('message', (reply: StoreReply) => {
    if (broken) return
    if (reply.kind === 'opened' || reply.kind === 'refused') {
      ended = reply.kind === 'refused'
      hooks.onGreeting?.(reply)
      return
    }
    if (reply.kind === 'fatal') {
      breakDown(new Error(reply.because))
      return
    }
    ended = reply.kind === 'closed'
    const next = waiting.shift()
    if (reply.kind === 'failed') next?.reject(new Error(reply.because))
    else next?.resolve(reply)
  })
  worker.on('error', breakDown)
  const exit = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      if (!ended) breakDown(new Error(`the ${name} ended by itself`))
      resolve()
    })
  })

  function ask(request: StoreRequest, transfer: readonly Transferable[] = []): Promise<StoreReply> {
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      worker.postMessage(request, transfer)
    })
  }

  return {
    ask,
    async close() {
      if (!broken && !ended) await ask({ kind: 'close' })
      await exit
    },
  }
}
