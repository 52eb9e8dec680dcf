/** Finds deliveries by the names far ends know them by; keeps reports that came too early. */
import { type RemoteNames, SAME_NUMBER_DIGITS } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { DELIVERY_COLUMNS, prepareMessage } from '../rows.ts'
import type { WireReceive, WireResults } from '../wire.ts'

export interface Reports {
  receive(op: WireReceive): WireResults['receive']
  /** Makes a name known and returns the reports that were waiting for it, oldest first. */
  link(names: RemoteNames, deliveryId: number): SqlRow[]
  unpark(ids: readonly number[]): void
}

export function prepareReports(db: SqlDatabase): Reports {
  const find = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE id =
       (SELECT delivery_id FROM remote WHERE route = ? AND remote_id = ?)`,
  )
  const findAlias = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE id =
       (SELECT delivery_id FROM remote WHERE route = ?1 AND remote_id = ?2) AND
       (?3 IS NULL OR substr(recipient, ?4) = substr(?3, ?4))`,
  )
  function findAny({ route, remoteId, aliases = [], recipient }: WireReceive) {
    const exact = find.get(route, remoteId)
    if (exact !== undefined) return { delivery: exact, remoteId }
    for (const name of aliases) {
      const delivery = findAlias.get(route, name, recipient ?? null, -SAME_NUMBER_DIGITS)
      if (delivery !== undefined) return { delivery, remoteId: name }
    }
    return undefined
  }
  const findMessage = prepareMessage(db)
  const park = db.prepare(
    'INSERT INTO parked_report (route, remote_id, at, body) VALUES (?, ?, ?, ?)',
  )
  const link = db.prepare(
    'INSERT OR REPLACE INTO remote (route, remote_id, delivery_id) VALUES (?, ?, ?)',
  )
  const waiting = db.prepare(
    'SELECT id, remote_id, at, body FROM parked_report WHERE route = ? AND remote_id = ?',
  )
  const waitsAny = db.prepare('SELECT 1 FROM parked_report WHERE route = ? LIMIT 1')
  const rename = db.prepare(
    `UPDATE parked_report SET remote_id = ?1 WHERE route = ?2 AND remote_id = ?3 AND
       (json_extract(body, '$.recipient') IS NULL OR
        substr(json_extract(body, '$.recipient'), ?4) =
          (SELECT substr(recipient, ?4) FROM delivery WHERE id = ?5))`,
  )
  const remove = db.prepare('DELETE FROM parked_report WHERE id = ?')

  return {
    receive(op) {
      const found = findAny(op)
      if (found === undefined) {
        if (!op.park) return { kind: 'unknown' }
        park.run(op.route, op.remoteId, op.at, op.body)
        return { kind: 'parked' }
      }
      const { delivery, remoteId } = found
      const row = findMessage.get(Number(delivery.message))
      if (row === undefined) throw new Error(`delivery ${delivery.id} without its message`)
      return { kind: 'found', delivery, message: row, remoteId }
    },
    link({ route, remoteId, otherIds = [], aliases = [] }, deliveryId) {
      const ids = [remoteId, ...otherIds]
      for (const id of ids) link.run(route, id, deliveryId)
      // Nearly always nothing waits, and there are many spellings.
      if (waitsAny.get(route) === undefined) return []
      for (const [alias, id] of aliases) {
        rename.run(id, route, alias, -SAME_NUMBER_DIGITS, deliveryId)
      }
      const rows = ids.flatMap((id) => waiting.all(route, id))
      return rows.sort((one, other) => Number(one.id) - Number(other.id))
    },
    unpark(ids) {
      for (const id of ids) remove.run(id)
    },
  }
}
