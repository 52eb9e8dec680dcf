/** What people and metrics ask: may walk many rows, so a reading thread answers, never the writer. */
import type { DeliveryState } from '../../../core/delivery-state.ts'
import type { MessageEvent } from '../../../core/event.ts'
import type { MessageId } from '../../../core/message.ts'
import type { Notice } from '../../../engine/ports/report-sender.ts'
import type { AnswerOf, MessageStory, Query } from '../../../engine/ports/store.ts'
import { isMessageId } from '../../message-id.ts'
import { decodeDelivery, decodeMessage } from '../decode.ts'
import type { SqlDatabase, SqlRow } from '../driver.ts'
import { DELIVERY_COLUMNS } from '../rows.ts'
import type { EngineQuery } from './engine.ts'

/** Queries a reading thread answers. */
export type PeopleQuery = Exclude<Query, EngineQuery>

export function preparePeopleQueries(db: SqlDatabase): (query: PeopleQuery) => unknown {
  const story = prepareStory(db)
  const page = preparePage(db)
  const backlog = prepareBacklog(db)
  const parked = db.prepare(
    'SELECT id, attempts, body FROM notice WHERE parked = 1 ORDER BY id LIMIT ?',
  )
  return (query): AnswerOf<PeopleQuery> => {
    switch (query.query) {
      case 'message':
        return isMessageId(query.messageId) ? story(query.messageId) : undefined
      case 'messages':
        return page(query)
      case 'backlog':
        return backlog()
      case 'parked-notices':
        return parked.all(query.limit).map((row) => ({
          id: Number(row.id),
          attempts: Number(row.attempts),
          notice: JSON.parse(String(row.body)) as Notice,
        }))
    }
  }
}

function prepareStory(db: SqlDatabase): (messageId: MessageId) => MessageStory | undefined {
  const find = db.prepare(
    'SELECT number, deliveries, events, body, inline FROM message WHERE id = ?',
  )
  const byPart = db.prepare(
    `SELECT printf('%018d', message.id) AS message_id, number, deliveries, events, message.body,
       inline FROM part JOIN message ON number = message WHERE part.id = ?`,
  )
  const deliveries = db.prepare(
    `SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE id BETWEEN ? AND ? ORDER BY id`,
  )
  const events = db.prepare('SELECT body AS events FROM event WHERE message = ? ORDER BY seq')
  const notices = db.prepare(
    `SELECT attempts, due_at, parked, body FROM notice
     WHERE delivery_id BETWEEN ? AND ? ORDER BY id`,
  )
  return (named) => {
    const row = find.get(named) ?? byPart.get(named)
    if (row === undefined) return undefined
    const { first, last } = rangeOf(row)
    const message = decodeMessage(row)
    return {
      message,
      deliveries: deliveries
        .all(first, last)
        .map((delivery) => decodeDelivery(delivery, message.id)),
      events: [row, ...events.all(first)].flatMap(eventsOf),
      notices: notices.all(first, last).map((notice) => ({
        notice: JSON.parse(String(notice.body)) as Notice,
        attempts: Number(notice.attempts),
        ...(notice.parked === 1 ? {} : { nextAt: Number(notice.due_at) }),
        parked: notice.parked === 1,
      })),
    }
  }
}

/** Ids of a message's deliveries. */
function rangeOf(row: SqlRow): { readonly first: number; readonly last: number } {
  const first = Number(row.number)
  return { first, last: first + Number(row.deliveries) - 1 }
}

function eventsOf({ events }: SqlRow): MessageEvent[] {
  return typeof events === 'string' ? (JSON.parse(events) as MessageEvent[]) : []
}

type PageQuery = Extract<Query, { query: 'messages' }>

function preparePage(db: SqlDatabase): (query: PageQuery) => AnswerOf<PageQuery> {
  const columns = 'number, deliveries, body, inline'
  const all = db.prepare(`SELECT ${columns} FROM message WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const ofAccount = db.prepare(
    `SELECT ${columns} FROM message WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const states = db.prepare('SELECT state FROM delivery WHERE id BETWEEN ? AND ? ORDER BY id')
  return ({ limit, accountId, before }) => {
    if (before !== undefined && !isMessageId(before)) return []
    // One more than eighteen digits can say.
    const below = before ?? '1000000000000000000'
    const rows =
      accountId === undefined ? all.all(below, limit) : ofAccount.all(accountId, below, limit)
    return rows.map((row) => {
      const { first, last } = rangeOf(row)
      return {
        message: decodeMessage(row),
        states: states.all(first, last).map(({ state }) => state as DeliveryState),
      }
    })
  }
}

type BacklogAnswer = AnswerOf<{ readonly query: 'backlog'; readonly now: number }>

function prepareBacklog(db: SqlDatabase): () => BacklogAnswer {
  // Numbers are given in the order of acceptance, so the smallest is the oldest.
  const deliveries = db.prepare(
    `SELECT waiting.lane, state, count, next_at, message.accepted_at FROM (
       SELECT lane, state, count(*) AS count, min(message) AS oldest, min(next_at) AS next_at
       FROM delivery INDEXED BY delivery_due WHERE next_at IS NOT NULL GROUP BY lane, state
     ) AS waiting JOIN message ON message.number = waiting.oldest
     ORDER BY lane, state`,
  )
  const notices = db.prepare(
    `SELECT lane, sum(parked = 0) AS count, sum(parked) AS parked
     FROM notice GROUP BY lane ORDER BY lane`,
  )
  return () => ({
    deliveries: deliveries.all().map((row) => ({
      lane: String(row.lane),
      state: row.state as DeliveryState,
      count: Number(row.count),
      oldestAt: Number(row.accepted_at),
      ...(row.next_at === null ? {} : { nextAt: Number(row.next_at) }),
    })),
    notices: notices.all().map((row) => ({
      lane: String(row.lane),
      count: Number(row.count),
      parked: Number(row.parked),
    })),
  })
}
