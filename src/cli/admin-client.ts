/** Talks to the admin door of the gateway that runs on a data folder. */
import { request } from 'node:http'
import { adminTokenPath, readAdminToken } from '../config/admin-token.ts'
import type { Environment } from '../config/given-values.ts'
import { loadConfig } from '../config/load.ts'
import { type RunInfo, readRunFile } from '../config/run-file.ts'
import { EXIT } from './exit-code.ts'
import { CommandFailure } from './failure.ts'

/** Options of every command that asks a running gateway. */
export const CLIENT_OPTIONS = {
  data: { type: 'text', value: 'DIR', help: 'data folder of the gateway to ask (.carillon)' },
  config: { type: 'text', value: 'FILE', help: 'its configuration (carillon.toml, if there)' },
} as const

export interface ClientWishes {
  readonly data: string | undefined
  readonly config: string | undefined
}

export interface AdminAnswer {
  readonly status: number
  /** Parsed JSON. */
  readonly body: unknown
}

export interface AdminDoor {
  /** Fails for 401, 403 and 5xx; other answers are the caller's to judge. */
  ask(method: 'GET', path: string): Promise<AdminAnswer>
  /** The same, with POST and a body. */
  send(path: string, body: AdminBody): Promise<AdminAnswer>
}

export interface AdminClient extends AdminDoor {
  readonly run: RunInfo
}

export interface AdminBody {
  readonly text: string
  readonly mediaType: string
}

/** A value as JSON. */
export function jsonBody(value: unknown): AdminBody {
  return { text: JSON.stringify(value), mediaType: 'application/json' }
}

const ANSWER_TIMEOUT_MS = 30_000

/** Where the data folder and the token are, by the same rules as `start`. */
export function locate(wishes: ClientWishes, env: Environment) {
  const flags = wishes.data === undefined ? {} : { data: wishes.data }
  const file = wishes.config
  const { config } = loadConfig({ env, flags, ...(file !== undefined && { file }) })
  return { config, data: config.data, tokenPath: adminTokenPath(config) }
}

/** Finds the running gateway. */
export function openAdminClient(wishes: ClientWishes, env: Environment): AdminClient {
  const { data, tokenPath } = locate(wishes, env)
  const run = readRunFile(data)
  const address = run?.addresses.admin
  if (run === undefined || address === undefined) {
    throw new CommandFailure(
      EXIT.unavailable,
      `no gateway runs on ${data}`,
      'Start one with npm start, or name its folder with --data.',
    )
  }
  return { run, ...openAdminDoor(address, tokenPath) }
}

export interface AdminAddress {
  readonly host: string
  readonly port: number
}

/** The admin door at an address, with the token of this file. */
export function openAdminDoor(address: AdminAddress, tokenPath: string): AdminDoor {
  const token = readAdminToken(tokenPath)
  const call = async (method: string, path: string, body: AdminBody | undefined) => {
    const answer = await exchange({ ...address, method, path, token, body })
    if (answer.status === 401 || answer.status === 403) {
      throw new CommandFailure(
        EXIT.noPermission,
        `the gateway refused the token in ${tokenPath}`,
        'Is this the folder the gateway was started with?',
      )
    }
    if (answer.status >= 500) throw new CommandFailure(EXIT.temporary, problemText(answer))
    return answer
  }
  return {
    ask: (method, path) => call(method, path, undefined),
    send: (path, body) => call('POST', path, body),
  }
}

/** What an RFC 9457 problem says. */
export function problemText({ status, body }: AdminAnswer): string {
  if (typeof body === 'object' && body !== null) {
    const { detail, title } = body as { readonly detail?: unknown; readonly title?: unknown }
    const words = [title, detail].filter((each) => typeof each === 'string')
    if (words.length > 0) return words.join(': ')
  }
  return `the gateway answered ${status}`
}

interface Exchange {
  readonly host: string
  readonly port: number
  readonly method: string
  readonly path: string
  readonly token: string
  readonly body: AdminBody | undefined
}

function exchange({ host, port, method, path, token, body }: Exchange): Promise<AdminAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host,
        port,
        method,
        path,
        agent: false,
        timeout: ANSWER_TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': body.mediaType }),
        },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: response.statusCode ?? 0, body: parseJson(text) })
        })
      },
    )
    call.on('timeout', () => call.destroy(new Error('no answer in time')))
    call.on('error', (error) => {
      const text = `the gateway's admin door ${host}:${port} does not answer: ${error.message}`
      reject(new CommandFailure(EXIT.unavailable, text))
    })
    call.end(body?.text)
  })
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return text
  }
}
