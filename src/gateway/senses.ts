/** What the gateway perceives with: clock, log, metrics, the gate, the crash points of tests. */
import { type MovableClock, openSystemClock } from '../clock/system-clock.ts'
import { type Admission, createAdmission } from '../engine/admission.ts'
import type { Engine } from '../engine/engine.ts'
import type { CrashPoint, EventObserver } from '../engine/parts.ts'
import type { GatewayOptions } from '../gateway.ts'
import { CRASH_VARIABLE, crashPoints } from '../operations/crash-points.ts'
import { type Log, logEvents, openLog } from '../operations/log.ts'
import { type Metrics, openMetrics } from '../operations/metrics.ts'

export interface Senses {
  readonly clock: MovableClock
  readonly log: Log
  readonly metrics: Metrics
  readonly admission: Admission
  readonly observe: EventObserver
  readonly crashPoint: (name: CrashPoint) => void
  readonly alarm: (where: string, error: unknown) => void
  /** The engine exists now: figures can be read from it. */
  attach(engine: Engine): void
  close(): void
}

export function openSenses({ config, env }: GatewayOptions): Senses {
  const clock = openSystemClock()
  const log = openLog(config.log.level)
  const admission = createAdmission({
    reserve: config.store,
    readingBytesMax: config.limits.concurrentUploadBytesMax,
  })
  let engine: Engine | undefined
  const metrics = openMetrics({
    deliveriesHeld: () => engine?.scheduler.held() ?? 0,
    gateOpen: () => admission.refusal() === undefined,
  })
  const logEvent = logEvents(log)
  return {
    clock,
    log,
    metrics,
    admission,
    observe(subject, events) {
      metrics.observe(subject, events)
      logEvent(subject, events)
    },
    crashPoint: crashPoints(env[CRASH_VARIABLE]),
    alarm: (where, error) => log.error({ where, err: error }, 'an error of ours'),
    attach(started) {
      engine = started
    },
    close: () => clock.close(),
  }
}
