/** The operators' token: made at the first start, so that there never is a default one. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from './config-schema.ts'
import { OperatorError } from './operator-error.ts'

const TOKEN_BYTES = 32
const OWNER_ONLY = 0o600
const TOKEN = /^[A-Za-z0-9_-]{22,200}$/

/** Where the token lies. */
export function adminTokenPath(config: Pick<Config, 'data' | 'admin'>): string {
  return config.admin.tokenFile ?? join(config.data, 'admin.token')
}

/** Reads the token, making it first where there is none. */
export function openAdminToken(path: string): string {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    writeWhole(path, `${token}\n`)
    return token
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw unusable(path, error)
  }
  return readAdminToken(path)
}

/**
 * The file is there whole or not at all, whenever the process is killed. Fails when it exists: two
 * gateways that start at once get the same token.
 */
function writeWhole(path: string, text: string): void {
  const fresh = `${path}.${process.pid}`
  try {
    writeFileSync(fresh, text, { mode: OWNER_ONLY, flush: true })
    chmodSync(fresh, OWNER_ONLY)
    linkSync(fresh, path)
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** Reads the token of a gateway that has been started before. */
export function readAdminToken(path: string): string {
  let token: string
  let mode: number
  try {
    token = readFileSync(path, 'utf8').trim()
    mode = statSync(path).mode
  } catch (error) {
    throw unusable(path, error)
  }
  if (!TOKEN.test(token)) {
    throw new OperatorError(
      'admin-token-wrong',
      `${path}: holds no token (22 or more letters, digits, dashes and underscores)`,
      'Delete the file: the next start makes a new one.',
    )
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new OperatorError(
      'admin-token-exposed',
      `${path}: others than its owner may read it`,
      `Delete it for a fresh one, or run: chmod 600 ${path}`,
    )
  }
  return token
}

function unusable(path: string, error: unknown): OperatorError {
  const because = error instanceof Error ? error.message : String(error)
  return new OperatorError(
    'admin-token-unreadable',
    `${path}: ${because}`,
    'Check who owns the data folder.',
  )
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
