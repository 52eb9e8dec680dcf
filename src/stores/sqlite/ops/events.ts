/** What happened to a message after it was stored: one row per op that said something. */

import type { OpResults } from '../../../engine/ports/store.ts'
import type { SqlDatabase } from '../driver.ts'
import { numberOf } from '../rows.ts'
import type { WireAppend, WireEvents } from '../wire.ts'
import type { Outbox } from './outbox.ts'
import type { Reports } from './reports.ts'

/** Adds events to the message with this number. */
export type AppendEvents = (message: number, events: WireEvents | undefined) => void

export function prepareAppendEvents(db: SqlDatabase): AppendEvents {
  const append = db.prepare(
    `INSERT INTO event (message, seq, body)
     VALUES (?1, (SELECT coalesce(max(seq), 0) + 1 FROM event WHERE message = ?1), ?2)`,
  )
  return (message, events) => {
    if (events !== undefined) append.run(message, events.body)
  }
}

/** Evidence that changes no delivery. Says nothing about a message that is not known. */
export function prepareAppend(
  db: SqlDatabase,
  append: AppendEvents,
  reports: Reports,
  outbox: Outbox,
): (op: WireAppend) => OpResults['append'] {
  const find = db.prepare('SELECT number FROM message WHERE id = ?')
  return ({ messageId, events, unpark, tell }) => {
    const number = numberOf(find.get(messageId), 'number')
    if (number !== undefined) {
      append(number, events)
      if (tell !== undefined) outbox.add(number, tell.deliveryId, tell.notices)
    }
    reports.unpark(unpark)
    return { kind: 'done' }
  }
}
