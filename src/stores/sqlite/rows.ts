/** Column lists that more than one part selects, and the row functions that go with them. */
import type { SqlDatabase, SqlRow, SqlStatement } from './driver.ts'

/** Message ids exceed what a JavaScript number holds, so they leave the database as text. */
export const MESSAGE_ID = "printf('%018d', message.id) AS message_id"

/** The same of a part. */
export const PART_ID = "printf('%018d', part.id) AS part_id"

/**
 * A delivery as one text, which costs less to read and to post than a column each; `decodeDelivery`
 * reads it. `message` is the message's number, not its id.
 */
export const DELIVERY_COLUMNS = `id, message, json_array(id, idx, recipient_kind, recipient, lane,
  state, next_at, expires_at, attempts, token, version, leased_at, remote_id, expects, submitted_at,
  reason) AS delivery`

export const NOTICE_COLUMNS = 'id, delivery_id, lane, attempts, token, body'

/** A nullable number from a row. */
export function numberOf(row: SqlRow | undefined, column: string): number | undefined {
  const value = row?.[column]
  return typeof value === 'number' ? value : undefined
}

/** Finds a message by its number: `body` and `inline`. */
export function prepareMessage(db: SqlDatabase): SqlStatement {
  return db.prepare('SELECT body, inline FROM message WHERE number = ?')
}
