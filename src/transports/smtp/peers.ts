/**
 * The connections to every peer, by name: requests, responses and reports to one peer share them.
 * A peer whose settings change gets new connections; the old ones finish what they carry.
 */
import type { SmtpMail, SmtpPoolOptions } from './client-options.ts'
import type { SmtpPool } from './pool.ts'
import type { SendResult } from './send-result.ts'

export interface SmtpPeers {
  /** Hands one mail to a peer. Never throws. An unknown peer is a mail that was not sent. */
  send(peer: string, mail: SmtpMail, signal?: AbortSignal): Promise<SendResult>
  close(deadlineMs?: number): Promise<void>
}

interface Held {
  readonly source: unknown
  readonly pool: SmtpPool
}

/**
 * `find` gives the present settings of a peer and a `source` that stays identical while they do; no
 * settings: it cannot be spoken to now.
 */
export function createSmtpPeers(
  find: (
    peer: string,
  ) => { readonly source: unknown; pool(): SmtpPoolOptions | undefined } | undefined,
): SmtpPeers {
  const held = new Map<string, Held>()
  let code: typeof import('./pool.ts') | undefined
  const retiring = new Set<Promise<void>>()
  let closed = false

  function retire(pool: SmtpPool, deadlineMs?: number): void {
    const closing = pool.close(deadlineMs).finally(() => retiring.delete(closing))
    retiring.add(closing)
  }

  function poolOf(
    peer: string,
    { openSmtpPool }: typeof import('./pool.ts'),
  ): SmtpPool | undefined {
    const found = closed ? undefined : find(peer)
    const known = held.get(peer)
    if (known !== undefined && known.source === found?.source) return known.pool
    if (known !== undefined) {
      held.delete(peer)
      retire(known.pool)
    }
    if (found === undefined) return undefined
    const options = found.pool()
    if (options === undefined) return undefined
    const pool = openSmtpPool(options)
    held.set(peer, { source: found.source, pool })
    return pool
  }

  return {
    async send(peer, mail, signal) {
      // Loaded with the first mail: a start does not wait for it.
      code ??= await import('./pool.ts')
      const pool = poolOf(peer, code)
      if (pool !== undefined) return pool.send(mail, signal)
      const detail = closed ? 'we are closing' : `${peer} is no peer that can be reached`
      return { kind: 'not-sent', phase: 'connect', because: 'connect-failed', detail }
    },
    async close(deadlineMs) {
      closed = true
      for (const { pool } of held.values()) retire(pool, deadlineMs)
      held.clear()
      await Promise.all(retiring)
    },
  }
}
