/** The product as a child process: the same command, tried from outside. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Ran } from './world.ts'

/** Program and first words: Node and the file of the command. */
export type Command = readonly string[]

/** Settings of the caller's own gateway must not decide ours. */
function cleanEnv(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('CARILLON_'))
  return Object.fromEntries(kept)
}

function start(command: Command, words: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const [program = process.execPath, ...first] = command
  return spawn(program, [...first, ...words], {
    env: cleanEnv(env),
    // No file of the folder the caller stands in is our configuration.
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs a command to its end and keeps what it says. */
export function runCommand(
  command: Command,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ran> {
  const child = start(command, words, env)
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ...said, code: null, stderr: error.message }))
    child.on('close', (code) => resolve({ ...said, code }))
  })
}

/** A process that is just being killed may still write for a moment. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5 } as const

/** A gateway of our own, with the sandbox on, free ports and a folder that goes with it. */
export interface OwnGateway {
  readonly kind: 'running'
  readonly data: string
  /** Tells it to stop and does not wait. */
  leave(): void
  /** Ends it; what it kept is thrown away. */
  close(): Promise<void>
}

export interface NotStarted {
  readonly kind: 'failed'
  readonly because: string
}

/** Starts it, with these settings last, and waits until it is ready. */
export function openOwnGateway(
  command: Command,
  env: NodeJS.ProcessEnv,
  more: readonly string[] = [],
): Promise<OwnGateway | NotStarted> {
  const data = mkdtempSync(join(tmpdir(), 'carillon-conformance-'))
  const settings = [
    'sandbox.enabled=true',
    'sandbox.smtpPort=0',
    // Whatever disk the temporary folder is on.
    'store.diskReserveBytes=0',
    // What still runs at the end is nobody's.
    'shutdown.deadlineMs=0',
    ...more,
  ]
  const doors = ['--http-port', '0', '--smtp-port', '0', '--smpp-port', '0', '--admin-port', '0']
  const words = ['start', '--json', '--data', data, '--log-level', 'error', ...doors]
  const child = start(command, [...words, ...settings.flatMap((each) => ['--set', each])], env)
  // Whatever ends us first ends it, too.
  const takeAlong = () => {
    child.kill('SIGKILL')
    rmSync(data, REMOVAL)
  }
  process.once('exit', takeAlong)
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve())
    child.on('close', () => resolve())
  })
  const gone = ended.then(() => {
    process.off('exit', takeAlong)
    rmSync(data, REMOVAL)
  })
  return new Promise((resolve) => {
    void gone.then(() => resolve({ kind: 'failed', because: said.trim() }))
    if (child.stdout === null) return
    createInterface({ input: child.stdout }).once('line', () =>
      resolve({
        kind: 'running',
        data,
        leave: () => void child.kill('SIGTERM'),
        close() {
          child.kill('SIGTERM')
          return gone
        },
      }),
    )
  })
}
