/**
 * A few picture threads, started when first needed. A thread does one task at a time; one that is
 * not done in time is answered for and ended, and its place is free again only when it is really
 * gone, so that work nobody waits for cannot pile up beside the gateway.
 */
import { Worker } from 'node:worker_threads'
import { failed, type PictureAnswer, type PictureTask, type ThreadOptions } from './picture-task.ts'

export interface PicturePoolOptions extends ThreadOptions {
  readonly workers: number
  /** JavaScript heap of one thread, in bytes; pixels lie outside it. */
  readonly heapBytesMax: number
  readonly timeoutMs: number
}

export interface PicturePool {
  /** Takes over the bytes of the task. Never rejects. An aborted signal ends it. */
  run(task: Omit<PictureTask, 'timeoutMs'>, signal: AbortSignal): Promise<PictureAnswer>
  close(): Promise<void>
}

interface Job {
  readonly task: Omit<PictureTask, 'timeoutMs'>
  readonly signal: AbortSignal
  settle(answer: PictureAnswer): void
}

const MIB = 1024 * 1024
const CLOSING = failed('not-in-time', 'the gateway is stopping')

export function openPicturePool(options: PicturePoolOptions): PicturePool {
  const queue: Job[] = []
  const idle: Worker[] = []
  const exits = new Map<Worker, Promise<void>>()
  let closed = false

  function start(): Worker {
    // Sources run as they are where Node strips types, and compiled elsewhere.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./picture-thread.${extension}`, import.meta.url), {
      workerData: { library: options.library } satisfies ThreadOptions,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(options.heapBytesMax / MIB) },
    })
    const exit = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        exits.delete(worker)
        remove(idle, worker)
        resolve()
        next()
      })
    })
    exits.set(worker, exit)
    return worker
  }

  function next(): void {
    while (queue.length > 0 && (idle.length > 0 || exits.size < options.workers)) {
      const job = queue.shift()
      if (job !== undefined) give(job, idle.pop() ?? start())
    }
  }

  function give(job: Job, worker: Worker): void {
    const { task, signal } = job
    const timer = setTimeout(() => end('not done in time'), options.timeoutMs)
    const onAbort = () => end('the attempt is over')
    const onError = (error: Error) => finish(failed('unreadable', `thread ended: ${error.message}`))
    const onExit = () => finish(closed ? CLOSING : failed('unreadable', 'thread ended'))
    const onAnswer = (answer: PictureAnswer) => {
      finish(answer)
      if (closed) void worker.terminate()
      else idle.push(worker)
      next()
    }

    function finish(answer: PictureAnswer): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      worker.off('message', onAnswer).off('exit', onExit)
      // It may break while it is being ended, and a thread's error that nobody hears ends the process.
      worker.off('error', onError).on('error', () => {})
      // An idle thread keeps nobody from leaving.
      worker.unref()
      job.settle(answer)
    }

    function end(because: string): void {
      finish(failed('not-in-time', because))
      void worker.terminate()
    }

    worker.ref()
    worker.removeAllListeners('error')
    worker.on('message', onAnswer).on('error', onError).on('exit', onExit)
    signal.addEventListener('abort', onAbort)
    const whole: PictureTask = { ...task, timeoutMs: options.timeoutMs }
    worker.postMessage(whole, [task.bytes.buffer])
  }

  return {
    run(task, signal) {
      if (closed) return Promise.resolve(CLOSING)
      if (signal.aborted) return Promise.resolve(failed('not-in-time', 'the attempt is over'))
      return new Promise((resolve) => {
        const job: Job = {
          task,
          signal,
          settle(answer) {
            signal.removeEventListener('abort', onAbort)
            resolve(answer)
          },
        }
        const onAbort = () => {
          if (remove(queue, job)) job.settle(failed('not-in-time', 'waited for a thread in vain'))
        }
        signal.addEventListener('abort', onAbort)
        queue.push(job)
        next()
      })
    },
    async close() {
      closed = true
      for (const job of queue.splice(0)) job.settle(CLOSING)
      const gone = [...exits.values()]
      for (const worker of exits.keys()) void worker.terminate()
      await Promise.all(gone)
    },
  }
}

/** True when it was there. */
function remove<T>(list: T[], item: T): boolean {
  const at = list.indexOf(item)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}
