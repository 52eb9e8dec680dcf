/** What the figures were measured on. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, type as systemName, totalmem } from 'node:os'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly kernel: string
  /** Type of the file system the data lies in. */
  readonly fileSystem: string
  readonly node: string
  /** Load average of the last minute, before the run: an idle machine has 0. */
  readonly loadBefore: number
}

export function describeMachine(folder: string): Machine {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: `${systemName()} ${release()}`,
    fileSystem: fileSystemOf(folder),
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  }
}

function fileSystemOf(folder: string): string {
  try {
    const [, line = ''] = execFileSync('df', ['-PT', folder], { encoding: 'utf8' }).split('\n')
    const [device, type] = line.split(/\s+/)
    return `${type} on ${device}`
  } catch {
    return 'unknown'
  }
}

/** Resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  try {
    const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')
    return Number(pages) * PAGE_BYTES
  } catch {
    const kib = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
    return Number(kib) * 1024
  }
}

/** On the machines that have /proc and run Node: x86-64, and arm64 in its usual configuration. */
const PAGE_BYTES = 4096
