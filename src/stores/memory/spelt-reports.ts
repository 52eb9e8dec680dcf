/** Parked reports whose own id can no longer become known, and what their other spellings name. */
import type { QueryAnswers, SpeltReport } from '../../engine/ports/store.ts'
import { remoteName, type StoredReport, type Tables } from './tables.ts'

export function speltReports(t: Tables, limit: number): QueryAnswers['spelt-reports'] {
  const busySince = new Map<string, number>()
  for (const id of t.open.keys()) {
    const delivery = t.deliveries.get(id)
    if (delivery?.state !== 'attempting' || delivery.leasedAt === undefined) continue
    const { lane, leasedAt } = delivery
    busySince.set(lane, Math.min(leasedAt, busySince.get(lane) ?? leasedAt))
  }
  const spelt = [...t.reports.values()].filter((stored) => stored.aliases !== undefined)
  const ready = spelt
    .filter(({ route, at }) => (busySince.get(route) ?? Number.POSITIVE_INFINITY) > at)
    .sort((left, right) => left.id - right.id)
    .slice(0, limit)
    .map((stored) => withCandidates(t, stored))
  return { ready, waiting: spelt.length > ready.length }
}

function withCandidates(
  t: Tables,
  { id, route, remoteId, report, at, aliases = [] }: StoredReport,
): SpeltReport {
  const candidates = aliases.flatMap((alias) => {
    const delivery = t.deliveries.get(t.remotes.get(remoteName(route, alias)) ?? -1)
    if (delivery?.state !== 'submitted') return []
    return [{ deliveryId: delivery.id, remoteId: alias, recipient: delivery.recipient.text }]
  })
  return { route, parked: { id, remoteId, report, at }, candidates }
}
