/**
 * A foreign program as a child process: found or said to be missing, heard, and stopped with all it
 * forked. Nothing of the system's own instances of it is touched.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { endWithUs } from './end-with-us.ts'
import { until } from './inbox.ts'

/** Where Debian puts daemons; not in the PATH of every user. */
const DAEMON_FOLDERS = ['/usr/sbin', '/usr/lib/postfix/sbin', '/usr/lib/kannel/test']
/** After SIGTERM; then SIGKILL. */
const STOP_MS = 5_000
/** How much of what it says is kept, in characters. */
const SAID_MAX = 200_000

/** The full path of a program, if it is installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...DAEMON_FOLDERS]
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * For `skip` of a test: why it cannot run here, or false. Where the run was asked for as a whole
 * nothing is skipped: what is missing is a failure.
 */
export function missing(...names: readonly string[]): string | false {
  if (process.env.CARILLON_INTEROP === 'required') return false
  const absent = names.filter((name) => findProgram(name) === undefined)
  return absent.length > 0 && `not installed: ${absent.join(', ')} (npm run interop)`
}

/** The same for what is no program: a Debian package that another loads. */
export function missingPackage(name: string): string | false {
  if (process.env.CARILLON_INTEROP === 'required') return false
  return !existsSync(`/usr/share/doc/${name}`) && `not installed: ${name} (npm run interop)`
}

/** A temporary folder; whoever runs a program in it removes it when that has ended. */
export function createFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `carillon-${name}-`))
}

/** A temporary folder that is gone when the test ends. */
export function openFolder(t: { after(done: () => void): void }, name: string): string {
  const folder = createFolder(name)
  t.after(() => removeFolder(folder))
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

export interface PeerProcess {
  /** What it has written so far, to both. */
  said(): string
  readonly exited: Promise<number | null>
  /** Ends it and everything it forked. */
  stop(): Promise<void>
}

/** Starts a program by name; throws when it is not installed. */
export function startPeer(name: string, args: readonly string[], cwd: string): PeerProcess {
  const path = findProgram(name)
  if (path === undefined) throw new Error(`${name} is not installed: npm run interop`)
  // A group of its own, so that what it forks can be ended with it.
  const child = spawn(path, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const kill = () => signal(child, 'SIGKILL')
  const ended = endWithUs(child.pid)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-SAID_MAX)
    })
  }
  const exited = once(child, 'close').then(([code]) => code as number | null)
  return {
    said: () => said,
    exited,
    async stop() {
      const timer = setTimeout(kill, STOP_MS)
      signal(child, 'SIGTERM')
      await exited
      clearTimeout(timer)
      // What did not listen to its parent.
      kill()
      ended()
    },
  }
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, name)
  } catch {
    // Gone already.
  }
}

export interface Ran {
  readonly code: number | null
  readonly said: string
}

/** Runs a program to its end; ends it when it takes too long. */
export async function runPeer(
  name: string,
  args: readonly string[],
  { cwd = tmpdir(), timeoutMs = 60_000 } = {},
): Promise<Ran> {
  const peer = startPeer(name, args, cwd)
  const timer = setTimeout(() => void peer.stop(), timeoutMs)
  const code = await peer.exited
  clearTimeout(timer)
  await peer.stop()
  return { code, said: peer.said() }
}

/** Waits until somebody listens on a port of this machine; tells what the program said otherwise. */
export async function listening(port: number, { said }: Pick<PeerProcess, 'said'>): Promise<void> {
  await until(`somebody on port ${port}`, () => answers(port)).catch((error: Error) => {
    throw new Error(`${error.message}; it said:\n${said()}`)
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}
