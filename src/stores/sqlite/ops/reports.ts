/** Finds deliveries by the names far ends know them by; keeps reports that came too early. */
import type { RemoteNames } from '../../../engine/ports/store.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { DELIVERY_COLUMNS, prepareMessage } from '../rows.ts'
import type { WireReceive, WireResults } from '../wire.ts'

export interface Reports {
  receive(op: WireReceive): WireResults['receive']
  /** Makes a name known and returns the reports that were waiting for it, oldest first. */
  link(names: RemoteNames, deliveryId: number): SqlRow[]
  unpark(ids: readonly number[]): void
  /** Leaves parked reports to their own id. */
  unspell(ids: readonly number[]): void
}

export function prepareReports(db: SqlDatabase): Reports {
  const find = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE id =
       (SELECT delivery_id FROM remote WHERE route = ? AND remote_id = ?)`,
  )
  const findMessage = prepareMessage(db)
  const park = db.prepare(
    'INSERT INTO parked_report (route, remote_id, at, body, aliases) VALUES (?, ?, ?, ?, ?)',
  )
  const link = db.prepare(
    'INSERT OR REPLACE INTO remote (route, remote_id, delivery_id) VALUES (?, ?, ?)',
  )
  const waiting = db.prepare(
    'SELECT id, remote_id, at, body FROM parked_report WHERE route = ? AND remote_id = ?',
  )
  const waitsAny = db.prepare('SELECT 1 FROM parked_report WHERE route = ? LIMIT 1')
  const dropAliases = db.prepare('UPDATE parked_report SET aliases = NULL WHERE id = ?')
  const remove = db.prepare('DELETE FROM parked_report WHERE id = ?')

  return {
    receive(op) {
      const delivery = find.get(op.route, op.remoteId)
      if (delivery === undefined) {
        if (!op.park) return { kind: 'unknown' }
        const aliases = op.aliases === undefined ? null : JSON.stringify(op.aliases)
        park.run(op.route, op.remoteId, op.at, op.body, aliases)
        return { kind: 'parked' }
      }
      const row = findMessage.get(Number(delivery.message))
      if (row === undefined) throw new Error(`delivery ${delivery.id} without its message`)
      return { kind: 'found', delivery, message: row }
    },
    link({ route, remoteId, otherIds = [] }, deliveryId) {
      const ids = [remoteId, ...otherIds]
      for (const id of ids) link.run(route, id, deliveryId)
      // Nearly always nothing waits.
      if (waitsAny.get(route) === undefined) return []
      const rows = ids.flatMap((id) => waiting.all(route, id))
      for (const { id } of rows) dropAliases.run(Number(id))
      return rows.sort((one, other) => Number(one.id) - Number(other.id))
    },
    unpark(ids) {
      for (const id of ids) remove.run(id)
    },
    unspell(ids) {
      for (const id of ids) dropAliases.run(id)
    },
  }
}
