/** What the engine asks: small answers, given by the writer between two batches. */
import type { AnswerOf, HeldPart, PartSet, Query } from '../../../engine/ports/store.ts'
import { decodeMessage, decodePartSet } from '../decode.ts'
import type { SqlDatabase, SqlStatement } from '../driver.ts'
import { MESSAGE_ID } from '../rows.ts'
import { prepareSpeltReports } from './spelt-reports.ts'

/** Queries the writer answers itself. */
export type EngineQuery = Extract<
  Query,
  {
    query:
      | 'lanes'
      | 'directory'
      | 'state'
      | 'segments'
      | 'segment-messages'
      | 'waiting-part'
      | 'late-parts'
      | 'spelt-reports'
  }
>

const KINDS: ReadonlySet<string> = new Set<EngineQuery['query']>([
  'lanes',
  'directory',
  'state',
  'segments',
  'segment-messages',
  'waiting-part',
  'late-parts',
  'spelt-reports',
])

export function isEngineQuery(query: Query): query is EngineQuery {
  return KINDS.has(query.query)
}

export function prepareEngineQueries(db: SqlDatabase): (query: EngineQuery) => unknown {
  const lanes = prepareLanes(db)
  const directory = db.prepare('SELECT kind, name, value FROM directory ORDER BY kind, name')
  const state = db.prepare('SELECT value FROM state WHERE name = ?')
  const segments = db.prepare('SELECT segment, live_bytes FROM segment ORDER BY segment')
  const ofSegment = prepareSegmentMessages(db)
  const waitingPart = db.prepare('SELECT body FROM part WHERE id = ? AND message IS NULL')
  const lateParts = prepareLateParts(db)
  const speltReports = prepareSpeltReports(db)

  return (query): AnswerOf<EngineQuery> => {
    switch (query.query) {
      case 'lanes':
        return lanes()
      case 'directory':
        return directory.all().map((row) => ({
          kind: String(row.kind),
          name: String(row.name),
          value: JSON.parse(String(row.value)) as unknown,
        }))
      case 'state': {
        const value = state.get(query.name)?.value
        return typeof value === 'string' ? value : undefined
      }
      case 'segments':
        return segments.all().map((row) => ({
          segment: Number(row.segment),
          liveBytes: Number(row.live_bytes),
        }))
      case 'segment-messages':
        return ofSegment(query.segment, query.limit)
      case 'waiting-part': {
        const row = waitingPart.get(query.id)
        return row === undefined ? undefined : (JSON.parse(String(row.body)) as HeldPart)
      }
      case 'late-parts':
        return lateParts(query.now, query.limit)
      case 'spelt-reports':
        return speltReports(query.limit)
    }
  }
}

/** Jumps from lane to lane through the index, so that a million queued deliveries cost nothing. */
function prepareLanes(db: SqlDatabase): () => AnswerOf<{ readonly query: 'lanes' }> {
  const nextDelivery = db.prepare(
    'SELECT min(lane) AS lane FROM delivery WHERE lane > ? AND next_at IS NOT NULL',
  )
  const nextNotice = db.prepare(
    'SELECT lane FROM notice WHERE lane > ? AND parked = 0 ORDER BY lane LIMIT 1',
  )
  return () => ({ deliveries: walk(nextDelivery), notices: walk(nextNotice) })
}

function walk(next: SqlStatement): string[] {
  const lanes: string[] = []
  for (let after = ''; ; ) {
    const lane = next.get(after)?.lane
    if (typeof lane !== 'string') return lanes
    lanes.push(lane)
    after = lane
  }
}

function prepareSegmentMessages(
  db: SqlDatabase,
): (segment: number, limit: number) => AnswerOf<Extract<Query, { query: 'segment-messages' }>> {
  const rows = db.prepare(
    `SELECT ${MESSAGE_ID}, body, inline FROM message WHERE number IN (
       SELECT DISTINCT message FROM extent WHERE segment = ? LIMIT ?)
     ORDER BY number`,
  )
  return (segment, limit) =>
    rows.all(segment, limit).map((row) => ({
      messageId: String(row.message_id),
      content: decodeMessage(row).content,
    }))
}

function prepareLateParts(db: SqlDatabase): (now: number, limit: number) => readonly PartSet[] {
  const late = db.prepare(
    `SELECT printf('%018d', part.first) AS first FROM part
     WHERE message IS NULL AND expires_at <= ? ORDER BY expires_at, part.first LIMIT ?`,
  )
  const bodies = db.prepare(
    'SELECT body FROM part WHERE first = ? AND message IS NULL ORDER BY sequence',
  )
  return (now, limit) => {
    const firsts = new Set(late.all(now, limit).map((row) => String(row.first)))
    return [...firsts].map((first) => decodePartSet(first, bodies.all(first)))
  }
}
