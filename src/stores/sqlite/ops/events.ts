/** The list of what happened to a message: one row per op that said something. */
import type { MessageId } from '../../../core/message.ts'
import type { SqlDatabase } from '../driver.ts'
import type { WireEvents } from '../wire.ts'

export interface EventLog {
  /** The first events of a message that is being stored. */
  begin(messageId: MessageId, events: WireEvents | undefined): void
  /** Adds to a message that is known; says nothing about one that is not. */
  append(messageId: MessageId, events: WireEvents | undefined): void
}

export function prepareEventLog(db: SqlDatabase): EventLog {
  const first = db.prepare('INSERT INTO event (message_id, seq, body) VALUES (?, 0, ?)')
  const next = db.prepare(
    `INSERT INTO event (message_id, seq, body)
     SELECT message.id, (SELECT coalesce(max(seq), -1) + 1 FROM event WHERE message_id = message.id), ?
     FROM message WHERE message.id = ?`,
  )
  return {
    begin(messageId, events) {
      if (events !== undefined) first.run(messageId, events.body)
    },
    append(messageId, events) {
      if (events !== undefined) next.run(events.body, messageId)
    },
  }
}
