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

interface MetricRow {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  /** What each label says, in Markdown. */
  readonly labels: Readonly<Record<string, string>>
}

const DOOR = 'the door: protocol and path, e.g. `mm7/` and a dialect'
const ROUTE = 'the way out: a carrier by name, or `client:` and an account'

/** Every metric of ours; the reference page is generated from this table. */
export const METRICS = {
  carillon_accepted_total: {
    type: 'counter',
    help: 'Messages taken, by account and dialect.',
    labels: { account: 'id of the account', dialect: 'the dialect its client speaks' },
  },
  carillon_refused_total: {
    type: 'counter',
    help: 'Requests refused at a door, by door and code.',
    labels: {
      door: DOOR,
      code: 'the code the client was answered with, one of its dialect',
    },
  },
  carillon_answer_seconds: {
    type: 'histogram',
    help: 'Time from the first byte of a request to its answer, by door.',
    labels: { door: DOOR },
  },
  carillon_attempts_total: {
    type: 'counter',
    help: 'Attempts, by way out and outcome.',
    labels: {
      route: ROUTE,
      outcome: 'kind of the [outcome](events.md#outcomes)',
    },
  },
  carillon_final_total: {
    type: 'counter',
    help: 'Deliveries that ended, by state and outcome class.',
    labels: {
      state: 'the final [state](events.md#states)',
      class: '[outcome class](codes/README.md#which-dialect-can-say-what)',
    },
  },
  carillon_reports_total: {
    type: 'counter',
    help: 'Reports from far ends, by way out and status.',
    labels: { route: ROUTE, status: 'what was [reported](events.md#reports)' },
  },
  carillon_client_told_total: {
    type: 'counter',
    help: 'Notices to clients, by result and outcome.',
    labels: {
      result: 'what the client was to be told',
      outcome: 'kind of the [outcome](events.md#outcomes) of telling it',
    },
  },
  carillon_deliveries_held: {
    type: 'gauge',
    help: 'Deliveries and notices in memory now.',
    labels: {},
  },
  carillon_gate_open: {
    type: 'gauge',
    help: '1 while new messages are taken.',
    labels: {},
  },
} as const satisfies Readonly<Record<string, MetricRow>>

type MetricName = keyof typeof METRICS
type LabelOf<N extends MetricName> = Extract<keyof (typeof METRICS)[N]['labels'], string>
type NameOf<T extends MetricRow['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never
}[MetricName]

/** Answer times from half a millisecond to ten seconds. */
const ANSWER_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export function openMetrics(live: LiveFigures): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const settings = <N extends MetricName>(name: N) => ({
    name,
    help: METRICS[name].help,
    // Exactly the keys of the row's own labels.
    labelNames: Object.keys(METRICS[name].labels) as LabelOf<N>[],
    registers: [registry],
  })
  const counter = <N extends NameOf<'counter'>>(name: N) => new Counter<LabelOf<N>>(settings(name))
  const accepted = counter('carillon_accepted_total')
  const refusals = counter('carillon_refused_total')
  const attempts = counter('carillon_attempts_total')
  const finals = counter('carillon_final_total')
  const reports = counter('carillon_reports_total')
  const told = counter('carillon_client_told_total')
  const answers = new Histogram({
    ...settings('carillon_answer_seconds'),
    buckets: ANSWER_BUCKETS,
  })
  const gauge = (name: NameOf<'gauge'>, value: () => number) =>
    new Gauge({
      ...settings(name),
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
