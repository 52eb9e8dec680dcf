/** The real gateway as a child process, started as an operator starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { jsonBody, openAdminClient, problemText } from '../src/cli/admin-client.ts'
import type { LoopReading } from './loop-probe.ts'

const here = dirname(fileURLToPath(import.meta.url))
const MAIN = resolve(here, '../src/cli/main.js')
const PROBE = resolve(here, 'loop-probe.js')

export interface GatewayWishes {
  readonly data: string
  /** Options of the configuration, `name=value`. */
  readonly set?: readonly string[]
  /** Loads the loop probe; not where memory or the start is measured. */
  readonly probe?: boolean
  /** A port that must not change over a restart; absent takes a free one. */
  readonly smtpPort?: number
  /** More for Node itself. */
  readonly nodeOptions?: readonly string[]
}

export interface GatewayProcess {
  readonly pid: number
  readonly httpPort: number
  readonly smtpPort: number
  readonly smppPort: number
  /** From spawning the process to its word that it listens, in milliseconds. */
  readonly startMs: number
  /** Puts a directory in, by the admin door. */
  provision(directory: object): Promise<void>
  /** What the loop probe saw since the last call. */
  readLoop(): Promise<LoopReading>
  stop(): Promise<void>
  /** SIGKILL. */
  kill(): Promise<void>
}

interface Ready {
  readonly pid: number
  readonly addresses: Readonly<Record<'http' | 'smtp' | 'smpp', { readonly port: number }>>
}

export async function startGateway(wishes: GatewayWishes): Promise<GatewayProcess> {
  const { data, set = [], probe = false, smtpPort = 0, nodeOptions = [] } = wishes
  const startedAt = performance.now()
  const child = spawn(
    process.execPath,
    [
      ...nodeOptions,
      ...(probe ? ['--import', PROBE] : []),
      MAIN,
      'start',
      '--json',
      '--no-sandbox',
      ...['--data', data, '--http-port', '0', '--smpp-port', '0', '--smtp-port', String(smtpPort)],
      ...['--admin-port', '0', '--log-level', 'error'],
      ...set.flatMap((option) => ['--set', option]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe', ...(probe ? ['ipc' as const] : [])] },
  )
  const ended = once(child, 'exit')
  const said = lastWords(child)
  const ready = await readyLine(child, said)
  const startMs = performance.now() - startedAt
  return {
    pid: ready.pid,
    httpPort: ready.addresses.http.port,
    smtpPort: ready.addresses.smtp.port,
    smppPort: ready.addresses.smpp.port,
    startMs,
    async provision(directory) {
      const admin = openAdminClient({ data, config: undefined }, process.env)
      const answer = await admin.send('/admin/directory?mode=merge', jsonBody(directory))
      if (answer.status === 200) return
      throw new Error(`${problemText(answer)} ${JSON.stringify(answer.body)}`)
    },
    async readLoop() {
      const answer = once(child, 'message')
      child.send('loop')
      return (await answer)[0] as LoopReading
    },
    async stop() {
      child.kill('SIGTERM')
      const [code] = await ended
      if (code !== 0) throw new Error(`the gateway stopped with ${code}\n${said()}`)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function readyLine(child: ChildProcess, said: () => string): Promise<Ready> {
  return new Promise((found, failed) => {
    if (child.stdout === null) throw new Error('the gateway has no standard output')
    createInterface({ input: child.stdout }).once('line', (line) => found(JSON.parse(line)))
    child.once('error', failed)
    child.once('exit', (code) => failed(new Error(`the gateway ended with ${code}\n${said()}`)))
  })
}

/** What it says on standard error is only worth telling when it ends badly. */
function lastWords(child: ChildProcess): () => string {
  let words = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-LAST_WORDS_MAX)
  })
  return () => words
}

/** In characters. */
const LAST_WORDS_MAX = 4000
