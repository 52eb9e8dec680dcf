/**
 * The log: one JSON line per thing worth knowing, on standard error. Numbers are masked, bodies and
 * secrets never enter. Message events are logged from the event list, not told twice.
 */
import { createRequire } from 'node:module'
import type { MessageEvent } from '../core/event.ts'
import type { EventObserver, EventSubject } from '../engine/parts.ts'

// Asked for as the CommonJS it is: importing it takes each start 7 ms more, to find its exports.
const { pino } = createRequire(import.meta.url)('pino') as typeof import('pino')

export type Log = ReturnType<typeof openLog>
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

/** Opens the log. `destination` 2 is standard error; standard output belongs to data. */
export function openLog(level: LogLevel) {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 2, sync: false }),
  )
}

/** Events as log lines: ordinary ones at debug, ends and trouble where an operator looks. */
export function logEvents(log: Log): EventObserver {
  return (subject, events) => {
    for (const event of events) {
      const level = levelOf(event)
      if (log.isLevelEnabled(level)) log[level](lineOf(subject, event), event.type)
    }
  }
}

function levelOf(event: MessageEvent): 'debug' | 'info' | 'warn' {
  switch (event.type) {
    case 'failed':
    case 'timed-out':
      return 'info'
    case 'attempt-lost':
      return 'warn'
    case 'client-told':
      return event.parked === true ? 'warn' : 'debug'
    default:
      return 'debug'
  }
}

/** Only ids, names and codes: an event's addresses and raw texts stay in the history. */
function lineOf({ messageId, accountId }: EventSubject, event: MessageEvent): object {
  return {
    message: messageId,
    account: accountId,
    delivery: event.delivery,
    ...('state' in event ? { state: event.state } : {}),
    ...('reason' in event ? { reason: event.reason } : {}),
    ...('route' in event ? { route: event.route } : {}),
    ...('outcome' in event
      ? {
          outcome: event.outcome.kind,
          why: 'reason' in event.outcome ? event.outcome.reason : undefined,
        }
      : {}),
  }
}
