/** Notices when nothing is left to do for a message, so that `purge` need not look for it. */
import type { SqlDatabase } from '../driver.ts'

/**
 * Called after a change that may have been the last of the message with this number; `at` is when
 * it happened.
 */
export type CheckEnd = (message: number, at: number | undefined) => void

export function prepareCheckEnd(db: SqlDatabase): CheckEnd {
  const end = db.prepare(
    `INSERT OR IGNORE INTO ended (at, message)
     SELECT coalesce(?1, accepted_at), number FROM message WHERE number = ?2
       AND NOT EXISTS (SELECT 1 FROM delivery
         WHERE id BETWEEN number AND number + deliveries - 1 AND next_at IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM notice
         WHERE delivery_id BETWEEN number AND number + deliveries - 1)`,
  )
  return (message, at) => {
    end.run(at ?? null, message)
  }
}
