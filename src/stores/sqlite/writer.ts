/**
 * The one writer. Runs a batch of commits as one transaction, so that they share one sync.
 *
 * A commit that throws takes nothing with it but itself: the batch is rolled back and its commits
 * run again one by one. A full disk refuses the commits of the batch, and the next one tries anew.
 * Any other answer of the disk is the end: after a failed sync nobody knows what is kept, and later
 * syncs would succeed as if nothing had happened.
 */
import type { MessageId } from '../../core/message.ts'
import { type SqlDatabase, sqliteCode } from './driver.ts'
import { type Ledger, openLedger } from './ledger.ts'
import { prepareAccept } from './ops/accept.ts'
import { prepareClaims } from './ops/claim.ts'
import { prepareCheckEnd } from './ops/ending.ts'
import { prepareAppend, prepareAppendEvents } from './ops/events.ts'
import { prepareOutbox } from './ops/outbox.ts'
import { prepareParts } from './ops/parts.ts'
import { type Forgetting, prepareForgetting } from './ops/purge.ts'
import { prepareReports } from './ops/reports.ts'
import { prepareRevise } from './ops/revise.ts'
import { prepareSettle } from './ops/settle.ts'
import {
  prepareMakeDue,
  preparePutDirectory,
  preparePutState,
  prepareRelocate,
} from './ops/upkeep.ts'
import { openRequests, type Requests } from './requests.ts'
import type { GroupOutcome, WireOp, WireResult } from './wire.ts'

/** The disk or the file is broken. The process must stop; nothing may be answered any more. */
export class StoreBrokenError extends Error {
  override readonly name = 'StoreBrokenError'
}

export interface Writer {
  /** What became of each group. Throws `StoreBrokenError` and must not be used again then. */
  run(groups: readonly (readonly WireOp[])[]): GroupOutcome[]
  discard(messageIds: readonly MessageId[]): void
}

type Group = readonly WireOp[]

const SQLITE_FULL = 13
/** Result codes after which the state of the file is unknown. */
const BROKEN: Readonly<Record<number, string>> = {
  8: 'READONLY',
  10: 'IOERR',
  11: 'CORRUPT',
  14: 'CANTOPEN',
  26: 'NOTADB',
}

export function createWriter(db: SqlDatabase): Writer {
  const ledger = openLedger(db)
  const requests = openRequests(db)
  const forgetting = prepareForgetting(db, ledger, requests)
  const perform = preparePerform(db, ledger, requests, forgetting)
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')

  function transaction<Result>(body: () => Result): Result {
    try {
      begin.run()
      const result = body()
      ledger.write()
      requests.write()
      commit.run()
      ledger.keep()
      requests.keep()
      return result
    } catch (error) {
      ledger.forget()
      requests.forget()
      // SQLite has rolled back by itself after some failures; then there is nothing left to undo.
      try {
        rollback.run()
      } catch {}
      throw brokenBy(error) ?? error
    }
  }

  function alone(group: Group): GroupOutcome {
    try {
      return { kind: 'done', results: transaction(() => group.map(perform)) }
    } catch (error) {
      return refusal(error)
    }
  }

  return {
    run(groups) {
      try {
        return transaction(() =>
          groups.map((group): GroupOutcome => ({ kind: 'done', results: group.map(perform) })),
        )
      } catch (error) {
        const outcome = refusal(error)
        if (outcome.kind === 'full' || groups.length === 1) return groups.map(() => outcome)
        return groups.map(alone)
      }
    },
    discard(messageIds) {
      transaction(() => {
        for (const messageId of messageIds) forgetting.discard(messageId)
      })
    },
  }
}

function brokenBy(error: unknown): StoreBrokenError | undefined {
  const broken = BROKEN[sqliteCode(error) ?? 0]
  return broken === undefined ? undefined : new StoreBrokenError(`${broken}: ${textOf(error)}`)
}

function refusal(error: unknown): GroupOutcome {
  if (error instanceof StoreBrokenError) throw error
  const kind = sqliteCode(error) === SQLITE_FULL ? 'full' : 'failed'
  return { kind, because: textOf(error) }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function preparePerform(
  db: SqlDatabase,
  ledger: Ledger,
  requests: Requests,
  forgetting: Forgetting,
): (op: WireOp) => WireResult {
  const append = prepareAppendEvents(db)
  const checkEnd = prepareCheckEnd(db)
  const outbox = prepareOutbox(db, append, checkEnd)
  const reports = prepareReports(db)
  const claims = prepareClaims(db)
  const parts = prepareParts(db)
  const accept = prepareAccept(db, ledger, requests, outbox, parts, checkEnd)
  const settle = prepareSettle(db, append, outbox, reports, checkEnd)
  const add = prepareAppend(db, append, reports, outbox)
  const revise = prepareRevise(db, ledger, append, checkEnd)
  const putDirectory = preparePutDirectory(db)
  const putState = preparePutState(db)
  const makeDue = prepareMakeDue(db)
  const relocate = prepareRelocate(db, ledger)

  return (op) => {
    switch (op.op) {
      case 'accept':
        return accept(op)
      case 'hold-part':
        return parts.hold(op)
      case 'claim':
        return claims.due(op)
      case 'claim-expired':
        return claims.expired(op)
      case 'settle':
        return settle(op)
      case 'append':
        return add(op)
      case 'revise':
        return revise(op)
      case 'receive':
        return reports.receive(op)
      case 'unspell':
        reports.unspell(op.ids)
        return { kind: 'done' }
      case 'claim-notices':
        return outbox.claim(op)
      case 'settle-notice':
        return outbox.settle(op)
      case 'replay-notices':
        return outbox.replay(op)
      case 'make-due':
        return makeDue(op)
      case 'put-directory':
        return putDirectory(op)
      case 'put-state':
        return putState(op)
      case 'purge':
        return forgetting.purge(op)
      case 'relocate':
        return relocate(op)
    }
  }
}
