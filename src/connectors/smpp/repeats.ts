/**
 * Messages of handsets that a centre brings a second time. A `deliver_sm` has nothing that stays the same
 * when it is repeated but its octets, and people do write "yes" twice. So an equal message is a repeat only
 * where the protocol gives the centre a reason to repeat: it cannot have read our answer, because the bind
 * broke with the answer unread, or it may have lost patience, because the answer took long. One repeat is
 * taken for each such message, for a while. Lost with the process.
 */
import { hash } from 'node:crypto'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { encodePdu } from '../../codecs/smpp/encode.ts'
import type { DataSm, DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { SmppSession } from '../../transports/smpp/handler.ts'

/** What is looked at of a session. */
export type HeardOver = Pick<SmppSession, 'requests'>

export interface Repeats {
  /** Keeps a message, unless it is kept already; resolves with how it is answered. */
  take(body: DeliverSm | DataSm, session: HeardOver, keep: () => Promise<number>): Promise<number>
  /** The session is over: what it has not read it never will. */
  closed(session: HeardOver): void
}

/** No centre gives an answer up sooner. */
const PATIENCE_MS = 5_000
/** A centre that lost its bind, or its patience, comes again within this. */
const REPEATED_WITHIN_MS = 300_000
/** Messages remembered; the oldest goes first, and its repeat would be a message. */
const MESSAGES_MAX = 10_000

/** One message that was kept, or is being kept. */
interface Taken {
  readonly mark: string
  readonly session: HeardOver
  readonly since: number
  readonly status: Promise<number>
  /** Requests sent to the centre before the answer; absent while there is none. */
  answeredAfter?: number
  /** The centre has a reason to repeat it since this moment. */
  doubtedAt?: number
}

/** `now`: milliseconds. */
export function createRepeats(now: () => number): Repeats {
  /** In the order they came. */
  const taken = new Set<Taken>()
  const byMark = new Map<string, Taken[]>()

  function forget(one: Taken): void {
    taken.delete(one)
    const others = byMark.get(one.mark)?.filter((other) => other !== one) ?? []
    if (others.length === 0) byMark.delete(one.mark)
    else byMark.set(one.mark, others)
  }

  function remember(one: Taken): void {
    taken.add(one)
    byMark.set(one.mark, [...(byMark.get(one.mark) ?? []), one])
    for (const oldest of taken) {
      if (taken.size <= MESSAGES_MAX && !isSettled(oldest, now())) return
      forget(oldest)
    }
  }

  function begin(mark: string, session: HeardOver, status: Promise<number>): Promise<number> {
    const one: Taken = { mark, session, since: now(), status }
    remember(one)
    return status.then(
      (commandStatus) => {
        one.answeredAfter = session.requests.sent
        const late = now() - one.since >= PATIENCE_MS
        // What was refused is no message of ours: the next is judged anew.
        if (commandStatus !== COMMAND_STATUS.ESME_ROK) forget(one)
        else if (late) one.doubtedAt ??= now()
        return commandStatus
      },
      (error) => {
        forget(one)
        throw error
      },
    )
  }

  return {
    take(body, session, keep) {
      const mark = markOf(body)
      const first = byMark.get(mark)?.find((one) => isDoubted(one, now()))
      if (first === undefined) {
        // What this may have repeated over another bind, nothing after it repeats.
        const elsewhere = byMark.get(mark)?.filter((one) => one.session !== session) ?? []
        for (const one of elsewhere) forget(one)
        return begin(mark, session, keep())
      }
      forget(first)
      return begin(mark, session, first.status)
    },
    closed(session) {
      for (const one of taken) {
        if (one.session === session && !isRead(one)) one.doubtedAt ??= now()
      }
    },
  }
}

/** The centre has answered a request that was sent after the answer. */
function isRead({ answeredAfter, session }: Taken): boolean {
  return answeredAfter !== undefined && session.requests.answered > answeredAfter
}

function isDoubted({ doubtedAt, answeredAfter, since }: Taken, at: number): boolean {
  if (doubtedAt !== undefined) return at - doubtedAt <= REPEATED_WITHIN_MS
  return answeredAfter === undefined && at - since >= PATIENCE_MS
}

/** Nothing is to be expected of it any more. */
function isSettled(one: Taken, at: number): boolean {
  return one.doubtedAt === undefined ? isRead(one) : at - one.doubtedAt > REPEATED_WITHIN_MS
}

/** All of it but its sequence number, which a repeat need not keep. */
function markOf(body: DeliverSm | DataSm): string {
  const encoded = encodePdu({ commandStatus: 0, sequenceNumber: 1, body })
  const octets = encoded.kind === 'bytes' ? encoded.bytes : JSON.stringify(body)
  return hash('sha256', octets, 'base64')
}
