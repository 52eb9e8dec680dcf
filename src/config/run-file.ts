/**
 * How a command finds the gateway that runs on a data folder: written when it is ready, removed when
 * it stops. A crash leaves it behind, so a reader asks whether the process still lives.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const RUN_FILE = 'run.json'

/** What a running gateway says about itself. */
export interface RunInfo {
  readonly pid: number
  readonly version: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  /** Bound addresses by door (`http`, `smtp`, `admin`), as a client would connect to them. */
  readonly addresses: Readonly<Record<string, { readonly host: string; readonly port: number }>>
}

/** Writes it in one step: a reader sees all of it or none. */
export function writeRunFile(data: string, info: RunInfo): void {
  mkdirSync(data, { recursive: true })
  const path = join(data, RUN_FILE)
  const fresh = `${path}.${info.pid}`
  writeFileSync(fresh, `${JSON.stringify(info, undefined, 2)}\n`)
  renameSync(fresh, path)
}

/** The gateway that runs on this folder, or `undefined` when none does. */
export function readRunFile(data: string): RunInfo | undefined {
  const info = parseRunInfo(readIfThere(join(data, RUN_FILE)))
  return info !== undefined && isAlive(info.pid) ? info : undefined
}

/** Removes it, if it is this process's own. */
export function removeRunFile(data: string, pid: number): void {
  const path = join(data, RUN_FILE)
  if (parseRunInfo(readIfThere(path))?.pid === pid) rmSync(path, { force: true })
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function parseRunInfo(text: string): RunInfo | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const info = value as Partial<RunInfo>
    const whole = Number.isSafeInteger(info.pid) && typeof info.addresses === 'object'
    return whole ? (info as RunInfo) : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Another user's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
