/** The metrics as the Prometheus library counts and prints them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { isFinal } from '../core/delivery-state.ts'
import type { MessageEvent } from '../core/event.ts'
import { REASONS } from '../core/reason.ts'
import { type LiveFigures, METRICS, type MetricRow, type Metrics } from './metrics.ts'

type MetricName = keyof typeof METRICS
type LabelOf<N extends MetricName> = Extract<keyof (typeof METRICS)[N]['labels'], string>
type NameOf<T extends MetricRow['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never
}[MetricName]

/** Answer times from half a millisecond to ten seconds. */
const ANSWER_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Everything of `METRICS`, and what the library says of the process by itself. */
export function openCounters(live: LiveFigures): Metrics {
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
  const failedLogins = counter('carillon_failed_logins_total')
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
    identificationFailed: (door, because) => failedLogins.inc({ door, because }),
    answered: (door, seconds) => answers.observe({ door }, seconds),
    exposition: () => registry.metrics(),
  }
}

function classOf(event: MessageEvent): string {
  if (event.type === 'timed-out') return REASONS[event.reason].class
  if (event.type === 'cancelled') return REASONS.cancelled.class
  if (event.type === 'attempted' && 'reason' in event.outcome) {
    return REASONS[event.outcome.reason].class
  }
  if (event.type === 'reported' && event.report.reason !== undefined) {
    return REASONS[event.report.reason].class
  }
  return 'state' in event && event.state === 'delivered' ? 'delivered' : 'unknown'
}
