/** Parts of messages: keeping them, and letting them go as a message. */
import type { OpResults } from '../../../engine/ports/store.ts'
import { decodePartSet } from '../decode.ts'
import type { SqlDatabase } from '../driver.ts'
import { PART_ID } from '../rows.ts'
import type { WireHoldPart } from '../wire.ts'

export interface Parts {
  hold(op: WireHoldPart): OpResults['hold-part']
  /** Whether the set that began with this part waits. */
  waiting(first: string): boolean
  /** The set is the message with this number from now on. */
  became(first: string, message: number): void
}

export function prepareParts(db: SqlDatabase): Parts {
  const sameKey = db.prepare(
    `SELECT ${PART_ID}, printf('%018d', first) AS first, total, sequence, fingerprint, expires_at,
       message FROM part WHERE key = ? AND expires_at > ?`,
  )
  const taken = db.prepare(
    'SELECT 1 FROM part WHERE id = ?1 UNION ALL SELECT 1 FROM message WHERE id = ?1',
  )
  const insert = db.prepare(
    `INSERT INTO part (id, key, first, total, sequence, fingerprint, expires_at, body, account)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const sets = db.prepare(
    'SELECT count(*) AS count FROM part WHERE account = ? AND message IS NULL AND id = first',
  )
  const bodies = db.prepare(
    'SELECT body FROM part WHERE first = ? AND message IS NULL ORDER BY sequence',
  )
  const anyWaiting = db.prepare('SELECT 1 FROM part WHERE first = ? AND message IS NULL')
  const become = db.prepare(
    'UPDATE part SET message = ?2, body = NULL WHERE first = ?1 AND message IS NULL',
  )

  return {
    hold({ id, key, total, sequence, fingerprint, at, expiresAt, body, account, setsMax }) {
      const rows = sameKey.all(key, at)
      const same = rows.find(
        (row) =>
          row.sequence === sequence && row.total === total && row.fingerprint === fingerprint,
      )
      if (same !== undefined) return { kind: 'duplicate', id: String(same.part_id) }
      const others = rows.filter(({ message }) => message === null)
      const [other] = others
      const contradicts =
        other !== undefined &&
        (other.total !== total || others.some((row) => row.sequence === sequence))
      if (contradicts) return { kind: 'conflict' }
      if (taken.get(id) !== undefined) return { kind: 'id-taken' }
      if (other === undefined && Number(sets.get(account)?.count) >= setsMax) {
        return { kind: 'full' }
      }
      const first = other === undefined ? id : String(other.first)
      const until = other === undefined ? expiresAt : Number(other.expires_at)
      insert.run(id, key, first, total, sequence, fingerprint, until, body, account)
      if (others.length + 1 < total) return { kind: 'held' }
      return { kind: 'complete', set: decodePartSet(first, bodies.all(first)) }
    },
    waiting: (first) => anyWaiting.get(first) !== undefined,
    became(first, message) {
      become.run(first, message)
    },
  }
}
