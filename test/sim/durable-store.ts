/**
 * The memory store behind a commit that takes time, like one that syncs: what is handed in waits
 * for the next sync, takes effect then, and is answered a little later. A crash drops what was not
 * synced and every answer that was not given.
 *
 * With `yesBeforeSync` the guard is off: everything is answered at once and synced now and then, and
 * a crash takes back what was answered and not synced.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { StartFacts } from '../../src/engine/ports/start-facts.ts'
import type { Op, OpResults, ResultsOf, Store } from '../../src/engine/ports/store.ts'
import { StoreFullError } from '../../src/engine/ports/store-error.ts'
import { openMemoryStore } from '../../src/stores/memory/store.ts'
import type { DiskWatch } from './disk-watch.ts'
import { type Faults, TIMES } from './faults.ts'
import type { Life } from './life.ts'
import type { Random } from './random.ts'

/** How long an unguarded store leaves answered commits unsynced, in milliseconds. */
const LAZY_SYNC_MS = 100
/** Share of the commits whose answer is on its way for a while. */
const SLOW_ANSWER = 0.3

export interface DurableStore {
  /** A new process opens it: leases are freed, and it is told what it has to look after. */
  open(life: Life): Promise<Store>
  /** The process is gone. */
  crash(): Promise<void>
  /** What is on the disk. */
  readonly disk: Store
}

interface Waiting {
  readonly ops: readonly Op[]
  readonly answer: (results: Promise<readonly OpResults[Op['op']][]>) => void
}

export interface DurableStoreOptions {
  readonly random: Random
  readonly faults: () => Faults
  readonly watch: DiskWatch
  readonly now: () => number
  readonly yesBeforeSync: boolean
}

export function createDurableStore(options: DurableStoreOptions): DurableStore {
  const { random, faults, watch, now, yesBeforeSync } = options
  let disk = openMemoryStore()
  let waiting: Waiting[] = []
  const parked = createParkedReports()
  /** Only kept where a crash may take answers back. */
  let log: (readonly Op[])[] = []
  let synced = 0

  async function apply(ops: readonly Op[]): Promise<readonly OpResults[Op['op']][]> {
    const results: readonly OpResults[Op['op']][] = await disk.commit(ops)
    for (const [place, op] of ops.entries()) {
      const result = results[place]
      if (result === undefined) continue
      watch.saw(op, result, now())
      parked.saw(op, result)
    }
    return results
  }

  function commitLater(life: Life, ops: readonly Op[]) {
    return new Promise<readonly OpResults[Op['op']][]>((resolve, reject) => {
      const first = waiting.length === 0
      waiting.push({
        ops,
        answer: (results) => {
          const delayMs = random.chance(SLOW_ANSWER) ? random.waitMs(TIMES.rowSync) : 0
          const give = () => void life.keep(results).then(resolve, reject)
          if (delayMs === 0) give()
          else life.clock.wakeAt(now() + delayMs, give)
        },
      })
      if (first) life.clock.wakeAt(now() + 1 + random.waitMs(TIMES.rowSync), sync)
    })
  }

  function sync(): void {
    const batch = waiting
    waiting = []
    for (const { ops, answer } of batch) answer(apply(ops))
  }

  function commitAtOnce(life: Life, ops: readonly Op[]) {
    log.push(ops)
    if (log.length === synced + 1) {
      life.clock.wakeAt(now() + LAZY_SYNC_MS, () => {
        synced = log.length
      })
    }
    return life.keep(apply(ops))
  }

  return {
    get disk() {
      return disk
    },
    async open(life) {
      const start = await recover(disk, watch, now, parked)
      return {
        start,
        async commit<const Ops extends readonly Op[]>(ops: Ops): Promise<ResultsOf<Ops>> {
          // A dying process may still ask; nobody hears it.
          if (!life.alive) return new Promise(() => {})
          if (random.chance(faults().storeFull)) throw new StoreFullError('no room')
          const results = await (yesBeforeSync ? commitAtOnce(life, ops) : commitLater(life, ops))
          return results as ResultsOf<Ops>
        },
        read: (query) => life.keep(disk.read(query)),
        async discard(ids) {
          await disk.discard(ids)
          parked.discard(ids)
        },
        close: async () => {},
      }
    },
    async crash() {
      waiting = []
      if (!yesBeforeSync) return
      log = log.slice(0, synced)
      disk = openMemoryStore()
      watch.forget()
      parked.forget()
      for (const ops of log) await apply(ops)
      await turn()
    },
  }
}

type ParkedReports = ReturnType<typeof createParkedReports>
type Unused = StartFacts['unusedReports'][number]

/** What a store on a disk finds by looking: reports in waiting, and bytes nobody vouched for. */
function createParkedReports() {
  const reports = new Map<number, Unused>()
  const linked = new Set<string>()
  const contents = new Map<string, StartFacts['unverified'][number]>()
  let vouched = { segment: 0, offset: 0 }
  let lastId = 0

  const remote = (route: string, remoteId: string) => JSON.stringify([route, remoteId])
  const isVouched = ({ segment, end }: { readonly segment: number; readonly end: number }) =>
    segment < vouched.segment || (segment === vouched.segment && end <= vouched.offset)

  return {
    saw(op: Op, result: OpResults[Op['op']]) {
      const kind = 'kind' in result ? result.kind : undefined
      if (op.op === 'accept' && kind === 'accepted') {
        const { id, content } = op.message
        contents.set(id, { messageId: id, extents: content.extents })
        vouched = op.mediaSynced
      }
      if (op.op === 'receive' && kind === 'parked') {
        lastId += 1
        const { route, remoteId, report, at } = op
        reports.set(lastId, { route, remoteId, parked: { id: lastId, remoteId, report, at } })
      }
      if (op.op === 'settle' && kind === 'done' && op.link !== undefined) {
        linked.add(remote(op.link.route, op.link.remoteId))
      }
      const used = (op.op === 'settle' && kind === 'done') || op.op === 'append'
      if (used) for (const id of op.unpark ?? []) reports.delete(id)
    },
    unused: () =>
      [...reports.values()].filter(({ route, remoteId }) => linked.has(remote(route, remoteId))),
    unverified: () =>
      [...contents.values()].filter(({ extents }) =>
        extents.some(
          ({ segment, offset, length }) => !isVouched({ segment, end: offset + length }),
        ),
      ),
    discard(ids: readonly string[]) {
      for (const id of ids) contents.delete(id)
    },
    forget() {
      reports.clear()
      linked.clear()
      contents.clear()
      vouched = { segment: 0, offset: 0 }
      lastId = 0
    },
  }
}

/** Leases of the process that is gone end now. */
async function recover(
  disk: Store,
  watch: DiskWatch,
  now: () => number,
  parked: ParkedReports,
): Promise<StartFacts> {
  let recoveredLeases = 0
  const messages = await disk.read({ query: 'messages', limit: Number.MAX_SAFE_INTEGER })
  for (const { message } of messages) {
    const story = await disk.read({ query: 'message', messageId: message.id })
    for (const { id, version, state, leasedAt } of story?.deliveries ?? []) {
      if (leasedAt === undefined) continue
      const op = {
        op: 'settle',
        deliveryId: id,
        version,
        change: { state, nextAt: leasedAt },
        events: [],
        notices: [],
      } as const
      const [result] = await disk.commit([op])
      watch.saw(op, result, now())
      recoveredLeases += state === 'attempting' ? 1 : 0
    }
  }
  const end = Number.POSITIVE_INFINITY
  const sets = await disk.read({ query: 'late-parts', now: end, limit: Number.MAX_SAFE_INTEGER })
  return {
    recoveredLeases,
    unverified: parked.unverified(),
    unusedReports: parked.unused(),
    completeParts: sets.filter(({ parts }) => parts.length === parts[0]?.total),
  }
}
