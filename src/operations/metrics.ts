/**
 * Prometheus metrics, counted from the event list. Labels come from closed lists: no number, no
 * message id, no text of a peer ever becomes a label.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import { REASONS } from '../core/reason.ts'
import type { EventObserver } from '../engine/parts.ts'

/** What is read when a scrape comes. */
export interface LiveFigures {
  readonly deliveriesHeld: () => number
  readonly gateOpen: () => boolean
}

export interface Metrics {
  readonly observe: EventObserver
  /** A request refused at a door. */
  refused(door: string, code: string): void
  /** Seconds from the first byte of a request to its answer. */
  answered(door: string, seconds: number): void
  exposition(): Promise<string>
}

/** Every metric with its help text; the reference page is generated from this table. */
export const METRICS = {
  carillon_accepted_total: 'Messages taken, by account and dialect.',
  carillon_refused_total: 'Requests refused at a door, by door and code.',
  carillon_answer_seconds: 'Time from the first byte of a request to its answer, by door.',
  carillon_attempts_total: 'Attempts, by way out and outcome.',
  carillon_final_total: 'Deliveries that ended, by state and outcome class.',
  carillon_reports_total: 'Reports from far ends, by way out and status.',
  carillon_client_told_total: 'Notices to clients, by result and outcome.',
  carillon_deliveries_held: 'Deliveries and notices in memory now.',
  carillon_gate_open: '1 while new messages are taken.',
} as const

/** Answer times from half a millisecond to ten seconds. */
const ANSWER_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export function openMetrics(live: LiveFigures): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counter = <Label extends string>(name: keyof typeof METRICS, labelNames: Label[]) =>
    new Counter({ name, help: METRICS[name], labelNames, registers: [registry] })
  const accepted = counter('carillon_accepted_total', ['account', 'dialect'])
  const refusals = counter('carillon_refused_total', ['door', 'code'])
  const attempts = counter('carillon_attempts_total', ['route', 'outcome'])
  const finals = counter('carillon_final_total', ['state', 'class'])
  const reports = counter('carillon_reports_total', ['route', 'status'])
  const told = counter('carillon_client_told_total', ['result', 'outcome'])
  const answers = new Histogram({
    name: 'carillon_answer_seconds',
    help: METRICS.carillon_answer_seconds,
    labelNames: ['door'],
    buckets: ANSWER_BUCKETS,
    registers: [registry],
  })
  const gauge = (name: keyof typeof METRICS, value: () => number) =>
    new Gauge({
      name,
      help: METRICS[name],
      registers: [registry],
      collect() {
        this.set(value())
      },
    })
  gauge('carillon_deliveries_held', live.deliveriesHeld)
  gauge('carillon_gate_open', () => (live.gateOpen() ? 1 : 0))

  function count(event: MessageEvent, account: string, dialect: string): void {
    switch (event.type) {
      case 'accepted':
        accepted.inc({ account, dialect })
        break
      case 'attempted':
        attempts.inc({ route: event.route, outcome: event.outcome.kind })
        break
      case 'reported':
        reports.inc({ route: event.route, status: event.report.status })
        break
      case 'client-told':
        told.inc({ result: event.notice, outcome: event.outcome.kind })
        break
      default:
        break
    }
    countFinal(event)
  }

  function countFinal(event: MessageEvent): void {
    if (event.type === 'failed') {
      finals.inc({ state: 'failed', class: REASONS[event.reason].class })
      return
    }
    if (!('state' in event) || !isFinal(event.state)) return
    if (event.type === 'reported' && event.ignored !== undefined) return
    finals.inc({ state: event.state, class: classOf(event) })
  }

  return {
    observe({ accountId, dialect }, events) {
      for (const event of events) count(event, accountId, dialect)
    },
    refused: (door, code) => refusals.inc({ door, code }),
    answered: (door, seconds) => answers.observe({ door }, seconds),
    exposition: () => registry.metrics(),
  }
}

function classOf(event: MessageEvent): string {
  if (event.type === 'timed-out') return REASONS[event.reason].class
  if (event.type === 'attempted' && 'reason' in event.outcome) {
    return REASONS[event.outcome.reason].class
  }
  if (event.type === 'reported' && event.report.reason !== undefined) {
    return REASONS[event.report.reason].class
  }
  return 'state' in event && event.state === 'delivered' ? 'delivered' : 'unknown'
}
