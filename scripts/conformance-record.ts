/**
 * What a conformance run saw, without what differs from run to run (ids, dates, durations): it only
 * changes when behaviour does. `node dist/scripts/conformance-record.js` runs and writes it; a test
 * runs again and compares.
 */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Face } from '../src/conformance/provocation.ts'
import { referenceFolder } from './reference-folder.ts'

/** A row as `carillon conformance --json` prints it, of what is kept. */
export interface RecordedRow {
  readonly dialect: string
  readonly surface: string
  readonly code: string
  readonly state: 'seen' | 'failed' | 'pending'
  readonly via: string
  readonly given: string
  /** Sandbox number it is sent to. */
  readonly to?: string
  readonly seen: Face | null
}

/** The lines of `carillon conformance --json`, the sum left out. */
export function recordOf(lines: string): readonly RecordedRow[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedRow | { readonly total: number })
    .flatMap((row) => {
      if ('total' in row) return []
      const { dialect, surface, code, state, via, given, to, seen } = row
      const sentTo = to === undefined ? {} : { to }
      return [{ dialect, surface, code, state, via, given, ...sentTo, seen }]
    })
}

/** One row on a line, so that a change is one line. */
export function printRecord(rows: readonly RecordedRow[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`
}

/** docs/reference/conformance.json */
export function recordFile(): string {
  return join(referenceFolder(), 'conformance.json')
}

/** The record in the repository. */
export function readRecord(): readonly RecordedRow[] {
  return JSON.parse(readFileSync(recordFile(), 'utf8')) as readonly RecordedRow[]
}

/** Runs the command of this build to its end. */
export function runConformance(words: readonly string[] = []) {
  const main = fileURLToPath(new URL('../src/cli/main.js', import.meta.url))
  const child = spawn(process.execPath, [main, 'conformance', '--json', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    lines += text
  })
  return new Promise<{ readonly code: number | null; readonly lines: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, lines }))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { lines } = await runConformance()
  writeFileSync(recordFile(), printRecord(recordOf(lines)))
}
