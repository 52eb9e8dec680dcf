/** Runs the command as people do: a process of its own, its streams read whole. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const MAIN = fileURLToPath(new URL(`../main.${EXTENSION}`, import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  /** The first line on stdout. */
  firstLine(): Promise<string>
}

/** Our own variables of the machine that runs the tests must not decide them. */
function cleanEnv(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('CARILLON_') && name !== 'NO_COLOR' && name !== 'FORCE_COLOR',
  )
  return { ...Object.fromEntries(kept), ...more }
}

/** Starts `carillon` with these words. */
export function startCli(words: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: options.cwd ?? tmpdir(),
    env: cleanEnv(options.env ?? {}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: ((line: string) => void)[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.includes('\n')) for (const tell of waiting.splice(0)) tell(firstOf(stdout))
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  const firstLine = () =>
    new Promise<string>((resolve, reject) => {
      if (stdout.includes('\n')) resolve(firstOf(stdout))
      else waiting.push(resolve)
      void ended.then(() => reject(new Error(`ended without a line: ${stderr}`)))
    })
  return { child, ended, firstLine }
}

function firstOf(text: string): string {
  return text.split('\n')[0] ?? ''
}

/** Runs `carillon` to its end. */
export function runCli(words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return startCli(words, options).ended
}

/** A folder that is gone after the test. */
export function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'carillon-cli-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
