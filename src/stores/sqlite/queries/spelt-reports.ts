/** Parked reports whose own id can no longer become known, and what their other spellings name. */
import type { QueryAnswers, SpeltReport } from '../../../engine/ports/store.ts'
import { decodeParked } from '../decode.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'

export function prepareSpeltReports(
  db: SqlDatabase,
): (limit: number) => QueryAnswers['spelt-reports'] {
  const ready = db.prepare(
    `WITH busy AS (
       SELECT lane, min(leased_at) AS since FROM delivery INDEXED BY delivery_leased
       WHERE leased_at IS NOT NULL AND state = 'attempting' GROUP BY lane)
     SELECT parked.* FROM parked_report AS parked LEFT JOIN busy ON busy.lane = parked.route
     WHERE parked.aliases IS NOT NULL AND (busy.since IS NULL OR busy.since > parked.at)
     ORDER BY parked.id LIMIT ?`,
  )
  const count = db.prepare(
    `SELECT count(*) AS count FROM parked_report INDEXED BY parked_report_spelt
     WHERE aliases IS NOT NULL`,
  )
  const named = db.prepare(
    `SELECT id, recipient FROM delivery WHERE state = 'submitted' AND id =
       (SELECT delivery_id FROM remote WHERE route = ? AND remote_id = ?)`,
  )

  function withCandidates(row: SqlRow): SpeltReport {
    const aliases = JSON.parse(String(row.aliases)) as readonly string[]
    const route = String(row.route)
    const candidates = aliases.flatMap((remoteId) => {
      const delivery = named.get(route, remoteId)
      if (delivery === undefined) return []
      return [{ deliveryId: Number(delivery.id), remoteId, recipient: String(delivery.recipient) }]
    })
    return { route, parked: decodeParked(row), candidates }
  }

  return (limit) => {
    const rows = ready.all(limit)
    return {
      ready: rows.map(withCandidates),
      waiting: Number(count.get()?.count ?? 0) > rows.length,
    }
  }
}
