/**
 * Checks what clients and peers present. A password costs one scrypt per distinct credential and is
 * then remembered under a key of this process alone; unknown users cost the same as known ones; and
 * guessing cannot fill the thread pool, which the disk needs too.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account, Directory, SecretHash } from '../core/directory.ts'
import { hashKey, matchesPassword } from './secret.ts'

/** What came of a check. `busy`: too many wait; refuse for now without judging. */
export type Verdict = 'match' | 'mismatch' | 'busy'

export interface BasicCredentials {
  readonly user: string
  readonly password: string
}

export interface CredentialLimits {
  /** Verdicts remembered, matches and mismatches each. */
  readonly rememberedMax: number
  /** scrypt runs at once: below the four threads of the pool. */
  readonly concurrency: number
  /** Checks waiting for their run. */
  readonly waitingMax: number
}

const DEFAULT_LIMITS: CredentialLimits = { rememberedMax: 10_000, concurrency: 2, waitingMax: 200 }

/** Longer passwords are refused unread: nobody has one, and hashing it costs. */
const PASSWORD_CHARACTERS_MAX = 1024

/**
 * Stands in where there is no such user, so that the answer takes as long. Of the cost
 * `hashPassword` uses; no password is known for it.
 */
const NOBODY = `scrypt$16384$8$1$${'A'.repeat(22)}$${'A'.repeat(43)}`

export interface Credentials {
  /**
   * Whether these are the expected credentials. `expected` absent: there is no such user, which
   * takes the same work to say.
   */
  verify(
    expected: { readonly user: string; readonly passwordHash: SecretHash } | undefined,
    given: BasicCredentials,
  ): Promise<Verdict>
}

/** The account a key belongs to. The look-up is by digest, so its timing tells nothing. */
export function findAccountByKey(directory: Directory, key: string): Account | undefined {
  return directory.accountByVaspIdHash.get(hashKey(key))
}

/** A checker with its memory. `matches` is injected by tests that count its runs. */
export function createCredentials(
  limits: CredentialLimits = DEFAULT_LIMITS,
  matches: (password: string, stored: SecretHash) => Promise<boolean> = matchesPassword,
): Credentials {
  const key = randomBytes(32)
  const remembered = { match: new Set<string>(), mismatch: new Set<string>() } as const
  const underWay = new Map<string, Promise<Verdict>>()
  const waiting: (() => void)[] = []
  let running = 0

  const digest = (...fields: readonly string[]): Buffer => {
    const hmac = createHmac('sha256', key)
    for (const field of fields) hmac.update(`${Buffer.byteLength(field)}:`).update(field)
    return hmac.digest()
  }

  const run = async (name: string, password: string, stored: SecretHash): Promise<Verdict> => {
    if (running >= limits.concurrency) {
      if (waiting.length >= limits.waitingMax) return 'busy'
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      const verdict = (await matches(password, stored)) ? 'match' : 'mismatch'
      remember(remembered[verdict], name, limits.rememberedMax)
      return verdict
    } finally {
      // Hands its place on, so that nobody slips in between.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }

  const checkPassword = (password: string, stored: SecretHash): Promise<Verdict> => {
    const name = digest(stored, password).toString('base64url')
    for (const verdict of ['match', 'mismatch'] as const) {
      if (remembered[verdict].has(name)) {
        remember(remembered[verdict], name, limits.rememberedMax)
        return Promise.resolve(verdict)
      }
    }
    const same = underWay.get(name)
    if (same !== undefined) return same
    const check = run(name, password, stored).finally(() => underWay.delete(name))
    underWay.set(name, check)
    return check
  }

  return {
    async verify(expected, given) {
      if (given.password.length > PASSWORD_CHARACTERS_MAX) return 'mismatch'
      const user = timingSafeEqual(digest(expected?.user ?? ''), digest(given.user))
      const verdict = await checkPassword(given.password, expected?.passwordHash ?? NOBODY)
      if (verdict === 'busy') return 'busy'
      return user && expected !== undefined ? verdict : 'mismatch'
    },
  }
}

/** Puts a name at the young end and drops the oldest beyond the limit. */
function remember(names: Set<string>, name: string, max: number): void {
  names.delete(name)
  names.add(name)
  if (names.size <= max) return
  for (const oldest of names) {
    names.delete(oldest)
    return
  }
}
