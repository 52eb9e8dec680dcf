/**
 * Prometheus metrics, counted from the event list. Labels come from closed lists: no number, no
 * message id, no text of a peer ever becomes a label.
 */
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
  /** Somebody showed a wrong key, or one that was not looked at. */
  identificationFailed(door: string, because: 'wrong' | 'barred'): void
  /** Seconds from the first byte of a request to its answer. */
  answered(door: string, seconds: number): void
  exposition(): Promise<string>
}

/** One metric as people read of it. */
export interface MetricRow {
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
  carillon_failed_logins_total: {
    type: 'counter',
    help: 'Wrong keys and passwords at a door, by door and cause.',
    labels: {
      door: DOOR,
      because: '`wrong`, or `barred`: not looked at, after too many wrong ones from one address',
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

/**
 * Counts from the first fact on. The library behind comes with it, or with the first scrape: with what
 * it drags in, loading it takes an eighth of a start.
 */
export function openMetrics(live: LiveFigures): Metrics {
  let counting: Metrics | undefined
  let loading: Promise<Metrics> | undefined
  /** Facts that came while the library was loading. */
  let early: ((metrics: Metrics) => void)[] = []

  function load(): Promise<Metrics> {
    loading ??= import('./counters.ts').then(({ openCounters }) => {
      const counters = openCounters(live)
      counting = counters
      for (const tell of early) tell(counters)
      early = []
      return counters
    })
    return loading
  }

  function count(tell: (metrics: Metrics) => void): void {
    if (counting !== undefined) {
      tell(counting)
      return
    }
    early.push(tell)
    void load()
  }

  return {
    observe: (subject, events) => count((metrics) => metrics.observe(subject, events)),
    refused: (door, code) => count((metrics) => metrics.refused(door, code)),
    identificationFailed: (door, because) =>
      count((metrics) => metrics.identificationFailed(door, because)),
    answered: (door, seconds) => count((metrics) => metrics.answered(door, seconds)),
    exposition: async () => (await load()).exposition(),
  }
}
