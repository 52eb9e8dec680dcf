/**
 * The store in plain maps: for tests and the simulator, never for messages anybody waits for. The
 * suite beside it holds it to the same promises as the durable ones, but for outliving its process.
 */
import type { AnswerOf, Op, OpResults, Query, ResultsOf, Store } from '../../engine/ports/store.ts'
import {
  accept,
  claim,
  claimExpired,
  makeDue,
  receive,
  relocate,
  settle,
  unpark,
  unspell,
} from './deliveries.ts'
import { addEvents, forget, purge } from './history.ts'
import { createJournal, type Journal } from './journal.ts'
import { addNotices, claimNotices, replayNotices, settleNotice } from './notices.ts'
import { holdPart } from './parts.ts'
import { answer } from './queries.ts'
import { revise } from './revise.ts'
import { createTables, type Tables } from './tables.ts'

/** Opens an empty store. */
export function openMemoryStore(): Store {
  const tables = createTables()
  const journal = createJournal()
  let closed = false

  function check(): void {
    if (closed) throw new Error('the store is closed')
  }

  return {
    start: { recoveredLeases: 0, unverified: [], unusedReports: [], completeParts: [] },
    async commit<const Ops extends readonly Op[]>(ops: Ops): Promise<ResultsOf<Ops>> {
      check()
      try {
        const results = ops.map((op) => perform(tables, journal, op))
        journal.keep()
        return results as ResultsOf<Ops>
      } catch (error) {
        journal.undo()
        throw error
      }
    },
    async read<Q extends Query>(query: Q): Promise<AnswerOf<Q>> {
      check()
      return answer(tables, query) as AnswerOf<Q>
    },
    async discard(messageIds) {
      for (const messageId of messageIds) forget(tables, journal, messageId)
      journal.keep()
    },
    async close() {
      closed = true
    },
  }
}

function perform(t: Tables, journal: Journal, op: Op): OpResults[Op['op']] {
  switch (op.op) {
    case 'accept':
      return accept(t, journal, op)
    case 'hold-part':
      return holdPart(t, journal, op)
    case 'claim':
      return claim(t, journal, op)
    case 'claim-expired':
      return claimExpired(t, journal, op)
    case 'settle':
      return settle(t, journal, op)
    case 'append':
      addEvents(t, journal, op.messageId, op.events)
      unpark(t, journal, op.unpark)
      if (op.tell !== undefined && t.deliveries.has(op.tell.deliveryId)) {
        addNotices(t, journal, op.tell.deliveryId, op.tell.notices)
      }
      return { kind: 'done' }
    case 'revise':
      return revise(t, journal, op)
    case 'receive':
      return receive(t, journal, op)
    case 'unspell':
      unspell(t, journal, op.ids)
      return { kind: 'done' }
    case 'claim-notices':
      return claimNotices(t, journal, op)
    case 'settle-notice':
      return settleNotice(t, journal, op)
    case 'replay-notices':
      return replayNotices(t, journal, op)
    case 'make-due':
      return makeDue(t, journal, op)
    case 'put-directory':
      for (const { kind, name, value } of op.entries) {
        const key = JSON.stringify([kind, name])
        if (value === undefined) journal.drop(t.directory, key)
        else journal.put(t.directory, key, { kind, name, value })
      }
      return { kind: 'done' }
    case 'put-state':
      journal.put(t.state, op.name, op.value)
      return { kind: 'done' }
    case 'purge':
      return purge(t, journal, op)
    case 'relocate':
      return relocate(t, journal, op)
  }
}
