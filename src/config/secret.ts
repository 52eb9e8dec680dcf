/**
 * Secrets as they are kept. API keys have high entropy and are stored as SHA-256; passwords people
 * chose are stored with scrypt; what we must send ourselves is stored as a reference to where it
 * lies, or plain when the operator wrote it plain, and is never shown.
 */
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { SecretHash } from '../core/directory.ts'
import type { Environment } from './given-values.ts'

/** 16 MiB and some 40 ms per password: dear to guess, cheap enough once per credential. */
const COST = { N: 16_384, r: 8, p: 1 } as const
const SALT_BYTES = 16
const HASH_BYTES = 32
/** Hashes from elsewhere may not make one login cost more than this. */
const N_MAX = 131_072
const R_MAX = 16
const P_MAX = 8

/** Form of a stored password: `scrypt$N$r$p$salt$hash`, salt and hash in base64url. */
export const PASSWORD_HASH_PATTERN =
  '^scrypt\\$[0-9]{1,6}\\$[0-9]{1,2}\\$[0-9]\\$[A-Za-z0-9_-]{16,88}\\$[A-Za-z0-9_-]{22,88}$'

/** Form of a stored API key: SHA-256 in hex. */
export const KEY_HASH_PATTERN = '^[0-9a-f]{64}$'

/** SHA-256 of an API key, in hex. */
export function hashKey(key: string): SecretHash {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}

/** Hashes a password under a fresh salt. Runs in the thread pool: the loop goes on. */
export async function hashPassword(password: string): Promise<SecretHash> {
  const salt = randomBytes(SALT_BYTES)
  const hash = await derive(password, salt, HASH_BYTES, COST)
  const { N, r, p } = COST
  return `scrypt$${N}$${r}$${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** Whether this is the password behind a stored hash. A hash that cannot be read matches nothing. */
export async function matchesPassword(password: string, stored: SecretHash): Promise<boolean> {
  const parsed = parsePasswordHash(stored)
  if (parsed === undefined) return false
  const hash = await derive(password, parsed.salt, parsed.hash.length, parsed)
  return timingSafeEqual(hash, parsed.hash)
}

interface PasswordHash {
  readonly N: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
  readonly hash: Buffer
}

/** The parts of a stored password, if it is one and its cost is bearable. */
export function parsePasswordHash(stored: string): PasswordHash | undefined {
  if (!new RegExp(PASSWORD_HASH_PATTERN).test(stored)) return undefined
  const [, n = '', r = '', p = '', salt = '', hash = ''] = stored.split('$')
  const cost = { N: Number(n), r: Number(r), p: Number(p) }
  const powerOfTwo = cost.N > 1 && (cost.N & (cost.N - 1)) === 0
  const bearable = cost.N <= N_MAX && cost.r <= R_MAX && cost.p <= P_MAX
  if (!powerOfTwo || !bearable || cost.r < 1 || cost.p < 1) return undefined
  return { ...cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
}

function derive(
  password: string,
  salt: Buffer,
  bytes: number,
  { N, r, p }: Pick<PasswordHash, 'N' | 'r' | 'p'>,
): Promise<Buffer> {
  const maxmem = 256 * N * r
  return new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, { N, r, p, maxmem }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

/** Where references are looked up. */
export interface SecretSources {
  readonly env: Environment
  readonly readFile?: (path: string) => string
}

export type Resolved =
  | { readonly kind: 'ok'; readonly secret: string }
  | { readonly kind: 'missing'; readonly because: string }

/** True for `env:NAME` and `file:PATH`: where a secret lies, not the secret. */
export function isSecretReference(text: string): boolean {
  return /^(?:env|file):/.test(text)
}

/** The secret behind a reference; any other text is the secret itself. */
export function resolveSecret(text: string, sources: SecretSources): Resolved {
  if (text.startsWith('env:')) {
    const name = text.slice('env:'.length)
    const secret = sources.env[name]
    if (secret !== undefined && secret !== '') return { kind: 'ok', secret }
    return { kind: 'missing', because: `the environment has no variable ${name}` }
  }
  if (!text.startsWith('file:')) return { kind: 'ok', secret: text }
  const path = text.slice('file:'.length)
  try {
    const readFile = sources.readFile ?? ((file: string) => readFileSync(file, 'utf8'))
    // Editors end files with a line end that is no part of the secret.
    const secret = readFile(path).replace(/\r?\n$/, '')
    return secret === ''
      ? { kind: 'missing', because: `file ${path} is empty` }
      : { kind: 'ok', secret }
  } catch {
    return { kind: 'missing', because: `file ${path} cannot be read` }
  }
}
