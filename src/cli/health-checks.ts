/** What `doctor` looks at: each check is one fact, whether it is in order, and what to do. */
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Config } from '../config/config-schema.ts'
import { printMoment } from './time-words.ts'

export interface Finding {
  readonly name: string
  readonly state: 'good' | 'poor' | 'bad'
  readonly what: string
  readonly advice?: string
}

const PROBE_BYTES = 4096
const PROBE_COUNT = 25
/** Beyond this a gateway accepts less than some fifty messages a second, one by one. */
const FSYNC_SLOW_MS = 20
/** File systems of other machines keep their own time. */
const CLOCK_SKEW_MS = 2000
const MIB = 1024 * 1024
/** No clock that is right says less. */
const BUILT_AFTER_MS = Date.UTC(2025, 0, 1)

function good(name: string, what: string): Finding {
  return { name, state: 'good', what }
}

/** ^20.19.0 || >=22.13.0, and what is best. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const known = (major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major > 22
  if (!known) {
    const advice = 'Install Node 24 or 26 from https://nodejs.org.'
    return { name: 'node', state: 'bad', what: `${version} is not supported`, advice }
  }
  return good('node', major < 24 ? `${version}; 24 and 26 are faster` : version)
}

/** The driver the store would take. */
export function checkDriver(): Finding {
  if (isBuiltin('node:sqlite')) return good('sqlite', 'built into this Node')
  try {
    createRequire(import.meta.url).resolve('@photostructure/sqlite')
    return good('sqlite', '@photostructure/sqlite')
  } catch {
    return {
      name: 'sqlite',
      state: 'bad',
      what: 'this Node has none built in, and @photostructure/sqlite is not installed',
      advice: 'Run npm ci --ignore-scripts, or take Node 22.13 or newer.',
    }
  }
}

/** Writable, how fast it keeps, and whether its clock agrees with ours. */
export function checkFolder(data: string): readonly Finding[] {
  const path = join(data, `.doctor-${process.pid}`)
  let made: string | undefined
  try {
    made = mkdirSync(data, { recursive: true })
    writeFileSync(path, '')
    const skewMs = Math.abs(statSync(path).mtimeMs - Date.now())
    const p50Ms = syncTimeMs(path)
    const slow = p50Ms > FSYNC_SLOW_MS
    return [
      good('data folder', `${data} is writable`),
      {
        name: 'fsync',
        state: slow ? 'poor' : 'good',
        what: `${p50Ms.toFixed(2)} ms for ${PROBE_BYTES} bytes (median of ${PROBE_COUNT})`,
        ...(slow && { advice: 'Every message waits for the disk: a faster one accepts more.' }),
      },
      clockFinding(skewMs),
    ]
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    const advice = 'Give the folder to the user who runs the gateway, or name another.'
    return [{ name: 'data folder', state: 'bad', what: because, advice }]
  } finally {
    rmSync(path, { force: true })
    if (made !== undefined) removeIfEmpty(data)
  }
}

/** Looking leaves nothing behind, unless somebody has moved in meanwhile. */
function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder)
}

function clockFinding(skewMs: number): Finding {
  const now = Date.now()
  if (now < BUILT_AFTER_MS) {
    const advice = 'Set it: message times, expiry and retries depend on it.'
    return { name: 'clock', state: 'bad', what: `${printMoment(now)} cannot be`, advice }
  }
  if (skewMs <= CLOCK_SKEW_MS) return good('clock', printMoment(now))
  const what = `the data folder's clock differs by ${Math.round(skewMs)} ms`
  return { name: 'clock', state: 'poor', what, advice: 'Is it a network file system?' }
}

function syncTimeMs(path: string): number {
  const file = openSync(path, 'w')
  const bytes = Buffer.alloc(PROBE_BYTES)
  const times: number[] = []
  for (let i = 0; i < PROBE_COUNT; i++) {
    const since = process.hrtime.bigint()
    writeSync(file, bytes)
    fdatasyncSync(file)
    times.push(Number(process.hrtime.bigint() - since) / 1e6)
  }
  closeSync(file)
  return times.sort((a, b) => a - b)[PROBE_COUNT >> 1] ?? 0
}

/** Free space against the reserve below which messages are refused. */
export function checkDisk({ data, store }: Config): Finding {
  try {
    const { bavail, blocks, bsize } = statfsSync(existsSync(data) ? data : '.')
    const freeBytes = bavail * bsize
    const shareBytes = blocks * bsize * store.diskReserveShare
    const reserveBytes = Math.min(store.diskReserveBytes, shareBytes)
    const what = `${mib(freeBytes)} MiB free, ${mib(reserveBytes)} MiB kept in reserve`
    if (freeBytes > 2 * reserveBytes) return good('disk', what)
    const low = freeBytes <= reserveBytes
    return {
      name: 'disk',
      state: low ? 'bad' : 'poor',
      what,
      advice: low ? 'New messages are refused until there is room.' : 'Make room soon.',
    }
  } catch (error) {
    return { name: 'disk', state: 'poor', what: error instanceof Error ? error.message : '' }
  }
}

function mib(bytes: number): string {
  return Math.round(bytes / MIB).toLocaleString('en')
}

/** Whether a door's port can be bound. */
export function checkPort(door: string, host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const name = `port ${port}`
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      resolve({
        name,
        state: 'bad',
        what: `${door}: ${taken ? 'another program listens there' : error.message}`,
        advice: `Set another: --set ${door}.port=0, or stop that program.`,
      })
    })
    probe.listen(port, host, () => {
      probe.close(() => resolve(good(name, `${door}: free`)))
    })
  })
}
