/** The gateway as operators run it: a process of its own on a data folder, which a test may kill. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { endWithUs } from './end-with-us.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

export interface GatewayStart {
  readonly data: string
  /** 0 or absent: any free one. */
  readonly httpPort?: number
  readonly smtpPort?: number
  readonly smppPort?: number
  /** Options of the configuration, as `--set` takes them. */
  readonly set?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** A command that runs the gateway under itself: a tracer, a namespace. */
  readonly under?: readonly string[]
}

interface Address {
  readonly host: string
  readonly port: number
}

export interface Ready {
  readonly pid: number
  readonly addresses: Readonly<Record<'http' | 'smtp' | 'smpp' | 'admin', Address>>
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface GatewayProcess {
  /** What it said when it was ready; rejects when it ended before. */
  readonly ready: Promise<Ready>
  readonly exited: Promise<Exit>
  /** What it has written to standard error so far. */
  said(): string
  /** SIGKILL: nothing is flushed and no handler runs. Resolves when it is gone. */
  kill(): Promise<Exit>
  /** SIGTERM to the gateway itself, also where it runs under another command. */
  stop(): Promise<Exit>
}

export function startGateway(options: GatewayStart): GatewayProcess {
  const { data, httpPort = 0, smtpPort = 0, smppPort = 0, set = [], env = {}, under = [] } = options
  const doors = {
    'http-port': httpPort,
    'smtp-port': smtpPort,
    'smpp-port': smppPort,
    'admin-port': 0,
  }
  const words = [
    ...under,
    process.execPath,
    ...[MAIN, 'start', '--json', '--no-sandbox', '--data', data, '--log-level', 'error'],
    ...Object.entries(doors).flatMap(([name, port]) => [`--${name}`, String(port)]),
    ...set.flatMap((option) => ['--set', option]),
  ]
  const [command = '', ...args] = words
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: killing a tracer alone would set free what it traces.
    detached: true,
  })
  const killGroup = () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid, 'SIGKILL')
  }
  const ended = endWithUs(child.pid)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => {
      ended()
      resolve({ code, signal })
    })
  })
  const ready = readyOf(child, exited, () => said)
  // Whoever kills it before it is ready does not ask.
  ready.catch(() => {})
  return {
    ready,
    exited,
    said: () => said,
    kill() {
      killGroup()
      return exited
    },
    async stop() {
      process.kill((await ready).pid, 'SIGTERM')
      return exited
    },
  }
}

function readyOf(child: ChildProcess, exited: Promise<Exit>, said: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)))
    }
    exited.then(({ code, signal }) =>
      reject(new Error(`ended with ${code ?? signal} before it was ready:\n${said()}`)),
    )
  })
}

/** A port that stays the gateway's own over restarts: below those the system hands out itself. */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** Asks the admin door; the token lies in the data folder. */
export async function askAdmin(
  data: string,
  { addresses }: Ready,
  path: string,
  directory?: unknown,
): Promise<unknown> {
  const token = readFileSync(join(data, 'admin.token'), 'utf8').trim()
  const answer = await fetch(`http://127.0.0.1:${addresses.admin.port}${path}`, {
    method: directory === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(directory === undefined ? {} : { body: JSON.stringify(directory) }),
  })
  const body = await answer.text()
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${body}`)
  return JSON.parse(body)
}
