/** Notices when nothing is left to do for a message, so that `purge` need not look for it. */
import type { MessageId } from '../../../core/message.ts'
import type { SqlDatabase } from '../driver.ts'
import { numberOf } from '../rows.ts'

/** Called after a change that may have been the last of its message; `at` is when it happened. */
export type CheckEnd = (messageId: MessageId, at: number | undefined) => void

export function prepareCheckEnd(db: SqlDatabase): CheckEnd {
  const range = db.prepare(
    'SELECT accepted_at, first_delivery, deliveries FROM message WHERE id = ?',
  )
  const open = db.prepare(
    'SELECT 1 FROM delivery WHERE id BETWEEN ? AND ? AND next_at IS NOT NULL LIMIT 1',
  )
  const untold = db.prepare('SELECT 1 FROM notice WHERE delivery_id BETWEEN ? AND ? LIMIT 1')
  const insert = db.prepare('INSERT OR IGNORE INTO ended (at, message_id) VALUES (?, ?)')

  return (messageId, at) => {
    const message = range.get(messageId)
    const first = numberOf(message, 'first_delivery')
    const count = numberOf(message, 'deliveries')
    if (first === undefined || count === undefined) return
    const last = first + count - 1
    if (open.get(first, last) !== undefined || untold.get(first, last) !== undefined) return
    insert.run(at ?? numberOf(message, 'accepted_at') ?? 0, messageId)
  }
}
