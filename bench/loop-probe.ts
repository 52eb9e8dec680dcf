/**
 * Loaded into the gateway's process beside it (`--import`): measures how late the event loop comes to
 * its work, and answers when the benchmark asks. The gateway knows nothing of it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

/** What the probe saw since it was last asked. */
export interface LoopReading {
  readonly delayP50Ms: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** CPU time of the whole process, all threads, in milliseconds. */
  readonly cpuMs: number
  /** Of the main thread alone: the share of time it had work, 0 to 1. */
  readonly busy: number
}

/** The monitor's timer; what it records contains one such interval, which is no delay. */
const RESOLUTION_MS = 1

if (isMainThread && process.send !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  let cpu = process.cpuUsage()
  let use = performance.eventLoopUtilization()
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
    }
    delays.reset()
    cpu = process.cpuUsage()
    use = performance.eventLoopUtilization()
    process.send?.(reading)
  })
  process.channel?.unref()
}
