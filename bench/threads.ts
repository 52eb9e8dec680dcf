/** CPU time of the threads of another process, from /proc; Linux alone has it. */
import { readdirSync, readFileSync } from 'node:fs'

/** In microseconds. */
export interface ThreadsCpu {
  readonly total: number
  readonly main: number
  /** Of every other thread, by its id. */
  readonly others: ReadonlyMap<number, number>
}

/** USER_HZ, which the kernel tells processes of its ticks, is 100 on x86-64 and arm64. */
const TICK_US = 10_000
/** Fields of /proc/<pid>/stat behind the name in brackets: proc(5), 14 and 15 counted from 1. */
const UTIME = 11
const STIME = 12

/** `undefined` where there is no /proc. */
export function readThreadsCpu(pid: number): ThreadsCpu | undefined {
  const folder = `/proc/${pid}/task`
  const others = new Map<number, number>()
  let main = 0
  let total = 0
  try {
    for (const name of readdirSync(folder)) {
      const stat = readFileSync(`${folder}/${name}/stat`, 'latin1')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const spent = (Number(fields[UTIME]) + Number(fields[STIME])) * TICK_US
      total += spent
      if (Number(name) === pid) main = spent
      else others.set(Number(name), spent)
    }
  } catch {
    return undefined
  }
  return { total, main, others }
}

/** What was spent between two readings; `busiest` is that of the threads beside the main one. */
export function spentBetween(
  before: ThreadsCpu,
  after: ThreadsCpu,
): { readonly total: number; readonly main: number; readonly busiest: number } {
  const spent = [...after.others].map(([id, us]) => us - (before.others.get(id) ?? 0))
  return {
    total: after.total - before.total,
    main: after.main - before.main,
    busiest: Math.max(0, ...spent),
  }
}
