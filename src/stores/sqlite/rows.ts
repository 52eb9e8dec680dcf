/** Column lists that more than one part selects, and the row functions that go with them. */
import type { SqlDatabase, SqlRow } from './driver.ts'
import type { WireMessage } from './wire.ts'

/** Ids exceed what a JavaScript number holds, so they leave the database as text. */
const MESSAGE_ID = "printf('%018d', message_id) AS message_id"

export const DELIVERY_COLUMNS = `id, ${MESSAGE_ID}, idx, recipient_kind, recipient, lane, state,
  next_at, expires_at, attempts, token, version, leased_at, remote_id, expects, submitted_at,
  reason`

export const NOTICE_COLUMNS = 'id, delivery_id, lane, attempts, token, body'

/** A nullable number from a row. */
export function numberOf(row: SqlRow | undefined, column: string): number | undefined {
  const value = row?.[column]
  return typeof value === 'number' ? value : undefined
}

/** Finds a message's body by its id. */
export function prepareMessage(db: SqlDatabase): (messageId: string) => WireMessage | undefined {
  const select = db.prepare('SELECT body, inline FROM message WHERE id = ?')
  return (messageId) => {
    const row = select.get(messageId)
    return row === undefined ? undefined : messageOf(row)
  }
}

/** The body and the inline bytes of a row that has both. */
export function messageOf(row: SqlRow): WireMessage {
  const { body, inline } = row
  return { body: String(body), inline: inline instanceof Uint8Array ? inline : undefined }
}
