/**
 * Which message a request became. Digests are random, and a random row in a large table costs a
 * page write of its own, more than the message itself. So new ones are appended to a small table
 * and remembered in memory; a full generation then moves to the large table bit by bit, each bit
 * from one corner of the digests, so that the rows of a bit share pages.
 */
import type { SqlDatabase } from './driver.ts'
import { numberOf } from './rows.ts'

export interface Requests {
  /** The number of the message this request became. */
  find(digest: string): number | undefined
  /** From now on this request is that message. What it was before must have been dropped. */
  remember(digest: string, message: number): void
  /** Forgets the request if it still is that message. */
  drop(digest: string, message: number): void
  /** Moves what is due; part of the transaction. */
  write(): void
  /** The transaction was kept. */
  keep(): void
  /** The transaction was rolled back. */
  forget(): void
}

/** Requests in one generation. Two are in memory at most, about 2 MB each. */
const GENERATION_ROWS = 16_384

interface Generation {
  readonly messages: Map<string, number>
  /** Digests by their first character. */
  readonly corners: Map<string, string[]>
}

/** A generation on its way into the large table. */
interface Moving {
  readonly generation: Generation
  /** The newest message in it. */
  readonly upTo: number
  /** Corners that have not moved yet. */
  readonly left: readonly string[]
}

export function openRequests(db: SqlDatabase, generationRows = GENERATION_ROWS): Requests {
  const inTable = db.prepare('SELECT message FROM request WHERE digest = ?')
  const append = db.prepare('INSERT INTO request_fresh (message, digest) VALUES (?, ?)')
  const settle = db.prepare('INSERT OR REPLACE INTO request (digest, message) VALUES (?, ?)')
  const dropFresh = db.prepare('DELETE FROM request_fresh WHERE message = ? AND digest = ?')
  const dropSettled = db.prepare('DELETE FROM request WHERE digest = ? AND message = ?')
  const dropGeneration = db.prepare('DELETE FROM request_fresh WHERE message <= ?')

  let fresh = createGeneration()
  let newest = 0
  for (const row of db
    .prepare('SELECT message, digest FROM request_fresh ORDER BY message')
    .all()) {
    newest = Number(row.message)
    addTo(fresh, String(row.digest), newest)
  }
  let moving: Moving | undefined
  let movingKept: Moving | undefined
  /** Takes back what the present transaction did to memory. */
  let undoing: (() => void)[] = []

  function set(generation: Generation, digest: string, message: number | undefined): void {
    const { messages } = generation
    const before = messages.get(digest)
    if (message === undefined) messages.delete(digest)
    else addTo(generation, digest, message)
    undoing.push(() => {
      if (before === undefined) messages.delete(digest)
      else messages.set(digest, before)
    })
  }

  function moveCorner({ generation, upTo, left }: Moving): Moving | undefined {
    const [corner, ...later] = left
    const digests = generation.corners.get(corner ?? '') ?? []
    for (const digest of digests.sort()) {
      const message = generation.messages.get(digest)
      if (message !== undefined) settle.run(digest, message)
    }
    if (later.length > 0) return { generation, upTo, left: later }
    dropGeneration.run(upTo)
    return undefined
  }

  return {
    find: (digest) =>
      fresh.messages.get(digest) ??
      moving?.generation.messages.get(digest) ??
      numberOf(inTable.get(digest), 'message'),
    remember(digest, message) {
      append.run(message, digest)
      set(fresh, digest, message)
      newest = message
    },
    drop(digest, message) {
      dropFresh.run(message, digest)
      dropSettled.run(digest, message)
      for (const generation of [fresh, moving?.generation]) {
        if (generation?.messages.get(digest) === message) set(generation, digest, undefined)
      }
    },
    write() {
      if (moving !== undefined) moving = moveCorner(moving)
    },
    keep() {
      undoing = []
      if (moving === undefined && fresh.messages.size >= generationRows) {
        moving = { generation: fresh, upTo: newest, left: [...fresh.corners.keys()] }
        fresh = createGeneration()
      }
      movingKept = moving
    },
    forget() {
      for (const undo of undoing.reverse()) undo()
      undoing = []
      moving = movingKept
    },
  }
}

function createGeneration(): Generation {
  return { messages: new Map(), corners: new Map() }
}

function addTo({ messages, corners }: Generation, digest: string, message: number): void {
  const corner = digest.slice(0, 1)
  const digests = corners.get(corner)
  if (messages.has(digest)) {
    // Already in its corner.
  } else if (digests === undefined) {
    corners.set(corner, [digest])
  } else {
    digests.push(digest)
  }
  messages.set(digest, message)
}
