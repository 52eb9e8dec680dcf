/**
 * The sessions of each account, and the way to send it something: by the session that has least to
 * do of those that take messages, so that a slow one slows nobody else.
 */
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { SmppReply, SmppSession } from '../../transports/smpp/handler.ts'

/** What is to be known of the session that will carry a request. */
export interface Telling {
  /** The client understands optional parameters (SMPP 3.4 §3.3). */
  readonly tlvs: boolean
}

/** Sessions by account. */
export interface SmppClients {
  /** A session was bound. `windowMax`: requests of ours without an answer in it. */
  add(accountId: string, session: SmppSession, windowMax: number): void
  remove(session: SmppSession): void
  /** Lets those go whose account may not bind any more; what they have under way ends. */
  review(mayStay: (accountId: string) => boolean): void
  /** The account a session belongs to. */
  accountOf(session: SmppSession): string | undefined
  /** Sessions of an account, whichever way they are bound. */
  count(accountId: string): number
  /** Requests an account takes at once now; 0 while no session of its takes any. */
  room(accountId: string): number
  /** Sends by one of its sessions; `undefined` while there is none. Never rejects. */
  send(accountId: string, body: (telling: Telling) => DeliverSm): Promise<SmppReply> | undefined
}

/** Versions below this know no optional parameters. */
const TLVS_SINCE = 0x34

interface Bound {
  readonly accountId: string
  readonly session: SmppSession
  readonly windowMax: number
}

export function createSmppClients(): SmppClients {
  const sessions = new Map<SmppSession, Bound>()
  const byAccount = new Map<string, Set<Bound>>()

  function takers(accountId: string): readonly Bound[] {
    const bound = byAccount.get(accountId)
    return bound === undefined
      ? []
      : [...bound].filter(({ session }) => session.open && session.boundAs !== 'transmitter')
  }

  return {
    add(accountId, session, windowMax) {
      const bound = { accountId, session, windowMax }
      sessions.set(session, bound)
      const others = byAccount.get(accountId)
      if (others === undefined) byAccount.set(accountId, new Set([bound]))
      else others.add(bound)
    },
    remove(session) {
      const bound = sessions.get(session)
      if (bound === undefined) return
      sessions.delete(session)
      const others = byAccount.get(bound.accountId)
      others?.delete(bound)
      if (others?.size === 0) byAccount.delete(bound.accountId)
    },
    review(mayStay) {
      for (const { accountId, session } of sessions.values()) {
        if (!mayStay(accountId)) void session.unbind()
      }
    },
    accountOf: (session) => sessions.get(session)?.accountId,
    count: (accountId) => byAccount.get(accountId)?.size ?? 0,
    room: (accountId) => takers(accountId).reduce((sum, { windowMax }) => sum + windowMax, 0),
    send(accountId, body) {
      let idlest: Bound | undefined
      for (const bound of takers(accountId)) {
        if (idlest === undefined || load(bound) < load(idlest)) idlest = bound
      }
      if (idlest === undefined) return undefined
      // The next of equals is taken first the next time.
      const others = byAccount.get(accountId)
      others?.delete(idlest)
      others?.add(idlest)
      const { session } = idlest
      const tlvs = (session.peerVersion ?? TLVS_SINCE) >= TLVS_SINCE
      return session.request(body({ tlvs }))
    },
  }
}

function load({ session, windowMax }: Bound): number {
  return (session.outstanding + session.waiting) / windowMax
}
