/**
 * Loaded into the gateway's process beside it (`--import`): measures how late the event loop comes to
 * its work, and answers when the benchmark asks. The gateway knows nothing of it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread, Worker } from 'node:worker_threads'

/** What the probe saw since it was last asked. */
export interface LoopReading {
  readonly delayP50Ms: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** CPU time of the whole process, all threads, in milliseconds. */
  readonly cpuMs: number
  /** Of the main thread alone: the share of time it had work, 0 to 1. */
  readonly busy: number
  /** Batches the store's thread was sent: each is one transaction and one sync of its log. */
  readonly batches: number
}

/** The monitor's timer; what it records contains one such interval, which is no delay. */
const RESOLUTION_MS = 1

if (isMainThread && process.send !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  let cpu = process.cpuUsage()
  let use = performance.eventLoopUtilization()
  const { postMessage } = Worker.prototype
  let batches = 0
  Worker.prototype.postMessage = function (this: Worker, request: { kind?: string }, ...more) {
    if (request.kind === 'batch') batches += 1
    postMessage.call(this, request, ...more)
  } as Worker['postMessage']
  const delayMs = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)
  process.on('message', (asked) => {
    if (asked !== 'loop') return
    const { user, system } = process.cpuUsage(cpu)
    const reading: LoopReading = {
      delayP50Ms: delayMs(delays.percentile(50)),
      delayP99Ms: delayMs(delays.percentile(99)),
      delayMaxMs: delayMs(delays.max),
      cpuMs: (user + system) / 1000,
      busy: performance.eventLoopUtilization(use).utilization,
      batches,
    }
    delays.reset()
    batches = 0
    cpu = process.cpuUsage()
    use = performance.eventLoopUtilization()
    process.send?.(reading)
  })
  process.channel?.unref()
}
