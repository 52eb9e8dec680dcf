/**
 * Reads what strace saw (`-f -y`) and asks whether a promise left before what it promises was on
 * the disk. A traced thread stands still while its call is written down, so the order of lines is
 * the order in which calls began and ended.
 */
import { execFileSync } from 'node:child_process'
import type { Extent } from '../../src/core/message.ts'

/** Why there is nothing to trace with, or `undefined`. */
export function whyNoTracer(): string | undefined {
  try {
    execFileSync('strace', ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'strace is not installed, or this user may not trace'
  }
}

/** The command that traces a gateway. A page of the database fits into the text of one call. */
export function tracer(file: string, calls: string, ...more: readonly string[]): readonly string[] {
  return ['strace', '-f', '-y', '-ttt', '-s', '8300', '-o', file, '-e', `trace=${calls}`, ...more]
}

/** Everything that writes, syncs, or talks. */
export const TRACED = 'read,pwrite64,pwritev,pwritev2,writev,write,sendto,sendmsg,fsync,fdatasync'

/** One system call. Moments are line numbers. */
export interface Call {
  readonly name: string
  /** What its descriptor is: a path, or `socket:[…]`. */
  readonly path: string
  /** Arguments after the descriptor, as strace writes them. */
  args: string
  readonly beganAt: number
  endedAt: number
  result: number
  /** The tracer answered in the kernel's place: nothing happened. */
  injected: boolean
  /** When it began; epoch milliseconds, where the trace has times. */
  readonly beganMs: number
}

const BEGUN = /^([0-9]+) +(?:([0-9.]+) )?([a-z0-9_]+)\([0-9]+<(.*?)>,? ?(.*)$/
const RESUMED = /^([0-9]+) +(?:[0-9.]+ )?<\.\.\. [a-z0-9_]+ resumed>(.*)$/
const EXITED = /^[0-9]+ +([0-9.]+) \+\+\+ (?:exited|killed)/
const RESULT = /= (-?[0-9]+)[^"]*$/

/** The calls of a trace, in the order in which they began. */
export function readTrace(text: string): Call[] {
  const calls: Call[] = []
  /** By thread: the call that has not ended. */
  const open = new Map<string, Call>()
  for (const [at, line] of text.split('\n').entries()) {
    const resumed = RESUMED.exec(line)
    if (resumed !== null) {
      const [, thread = '', rest = ''] = resumed
      const call = open.get(thread)
      if (call !== undefined) {
        // What a call brought back is known only now.
        call.args += rest
        end(call, at, rest)
      }
      open.delete(thread)
      continue
    }
    const begun = BEGUN.exec(line)
    if (begun === null) continue
    const [, thread = '', seconds = '', name = '', path = '', args = ''] = begun
    const call: Call = {
      ...{ name, path, args, beganAt: at, beganMs: Number(seconds) * 1000 },
      ...{ endedAt: Number.POSITIVE_INFINITY, result: -1, injected: false },
    }
    calls.push(call)
    if (args.endsWith('<unfinished ...>')) open.set(thread, call)
    else end(call, at, args)
  }
  return calls
}

function end(call: Call, at: number, text: string): void {
  call.endedAt = at
  call.result = Number(RESULT.exec(text)?.[1] ?? -1)
  call.injected = text.endsWith('(INJECTED)')
}

/** When the last thread was gone; epoch milliseconds. */
export function exitedMs(text: string): number | undefined {
  const seconds = text
    .split('\n')
    .findLast((line) => EXITED.test(line))
    ?.match(EXITED)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}

/** A positive reply: what it answers, and the moment its first byte left. */
export interface Promised {
  readonly mark: string
  readonly repliedAt: number
}

/** Marks that tests put into what they send, so that a trace can be read by them. */
const MARK = /\b(?:tx|mo|res|rep)-[0-9]+-[0-9]+\b/
const KEPT_MM7 = /<StatusCode>1000<\/StatusCode>/
const KEPT_MM4 = /^"250 2\.0\.0 Taken/

/** Every 1000 in an HTTP answer, and every 250 after the final dot of a mail with a mark. */
export function promisesIn(calls: readonly Call[]): Promised[] {
  const promises: Promised[] = []
  /** By connection: the mark that was read last. */
  const asked = new Map<string, string>()
  for (const { name, path, args, beganAt } of calls) {
    if (!path.startsWith('socket:')) continue
    const mark = MARK.exec(args)?.[0]
    if (name === 'read') {
      if (mark !== undefined) asked.set(path, mark)
    } else if (KEPT_MM7.test(args) && mark !== undefined) {
      promises.push({ mark, repliedAt: beganAt })
    } else if (KEPT_MM4.test(args)) {
      const answered = asked.get(path)
      if (answered !== undefined) promises.push({ mark: answered, repliedAt: beganAt })
    }
  }
  return promises
}

/** What was said too early: no line for an honest gateway. `extentsOf` tells where bodies lie. */
export function auditPromises(
  calls: readonly Call[],
  promises: readonly Promised[],
  extentsOf: (mark: string) => readonly Extent[],
): string[] {
  const disk = calls.filter(({ path }) => path.startsWith('/'))
  const syncs = disk.filter(({ name }) => /^f(data)?sync$/.test(name))
  const writes = disk.filter(({ name }) => /write/.test(name))
  const log = writes.filter(({ path }) => path.endsWith('.db-wal'))
  // Only the first sync counts: after a failed one a later success says nothing.
  const isSynced = (write: Call, before: number) => {
    const first = syncs.find(({ path, beganAt }) => path === write.path && beganAt > write.endedAt)
    return first?.result === 0 && !first.injected && first.endedAt < before
  }
  return promises.flatMap(({ mark, repliedAt }) => {
    const row = log.find(({ args }) => args.includes(mark))
    if (row === undefined) return [`${mark} was promised and its row is nowhere`]
    const broken = isSynced(row, repliedAt) ? [] : [`${mark} was promised before its row was safe`]
    const late = extentsOf(mark).some((extent) => {
      const pieces = writes.filter((write) => isPieceOf(write, extent))
      const bytes = pieces.reduce((sum, write) => sum + overlap(write, extent), 0)
      return bytes < extent.length || !pieces.every((write) => isSynced(write, repliedAt))
    })
    return late ? [...broken, `${mark} was promised before its bytes were safe`] : broken
  })
}

function isPieceOf(write: Call, extent: Extent): boolean {
  return write.path.endsWith(`/${extent.segment}.seg`) && overlap(write, extent) > 0
}

/** Bytes of the extent this call wrote. */
function overlap(write: Call, { offset, length }: Extent): number {
  const start = offsetOf(write)
  return Math.min(start + write.result, offset + length) - Math.max(start, offset)
}

/** The last argument of a positioned write. */
function offsetOf({ args }: Call): number {
  return Number(/, ([0-9]+)(?: <unfinished \.\.\.>)?\)[^"]*$/.exec(args)?.[1] ?? -1)
}
