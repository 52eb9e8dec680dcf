/** The main thread's end of a store's thread: requests go out in order, replies come back in it. */
import { type Transferable, Worker } from 'node:worker_threads'
import type { StoreReply, StoreRequest, ThreadOptions } from './wire.ts'
import { createWorkMark, endWork, halt } from './work-mark.ts'

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

/**
 * How long the end of the process waits for a thread, in milliseconds: a disk that hangs may keep
 * one for ever.
 */
const REST_MS_MAX = 2000

/** The threads there are. They rest before the process ends, whoever ends it and why. */
const running = new Set<Int32Array>()

function rest(): void {
  const deadline = performance.now() + REST_MS_MAX
  for (const mark of running) halt(mark, Math.max(0, deadline - performance.now()))
}

function watchEnd(mark: Int32Array): void {
  if (running.size === 0) process.on('exit', rest)
  running.add(mark)
}

function forget(mark: Int32Array): void {
  endWork(mark)
  running.delete(mark)
  if (running.size === 0) process.off('exit', rest)
}

/** `name` is that of the module beside this one. Never `terminate()`d: that can abort Node. */
export function startThread(
  name: 'writer-thread' | 'reader-thread',
  options: Omit<ThreadOptions, 'mark'>,
  hooks: ThreadHooks,
): StoreThread {
  // Sources run as they are where Node strips types, and compiled elsewhere.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const mark = createWorkMark()
  const worker = new Worker(new URL(`./${name}.${extension}`, import.meta.url), {
    workerData: { ...options, mark } satisfies ThreadOptions,
  })
  watchEnd(mark)
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
  worker.on('error', (error) => {
    forget(mark)
    breakDown(error)
  })
  const exit = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      forget(mark)
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
