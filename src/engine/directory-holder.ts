/**
 * The current provisioning directory. One snapshot at a time: an import is checked whole, committed
 * whole and only then shown, so a decision never sees half of a change and a refused import leaves
 * everything as it was.
 */
import {
  type Application,
  type Block,
  blockKey,
  type Directory,
  type DirectoryData,
  indexDirectory,
  ledgerOf,
} from '../core/directory.ts'
import type { Op, Store } from './ports/store.ts'

export type DirectoryKind = 'account' | 'number' | 'carrier' | 'route' | 'block' | 'application'

/** One entry as stored: unique by kind and name. */
export interface DirectoryEntry {
  readonly kind: DirectoryKind
  readonly name: string
  readonly value: unknown
}

/** Why a directory cannot be used: which entry, which of its fields, what is wrong. */
export interface DirectoryObjection {
  readonly kind: DirectoryKind
  readonly name: string
  /** Dotted path inside the entry. */
  readonly field: string
  readonly message: string
  readonly hint?: string
}

/** `merge` keeps entries the import does not name; `replace` deletes them, but no opt-outs. */
export type ImportMode = 'merge' | 'replace'

/** Entries as `kind name`. */
export interface DirectoryChanges {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export type Applied =
  | ({ readonly kind: 'applied' } & DirectoryChanges)
  | { readonly kind: 'refused'; readonly objections: readonly DirectoryObjection[] }

export type DirectoryListener = (directory: Directory, before: Directory) => void

/** A block that appears or, without `block`, goes. */
export interface BlockChange {
  /** As `blockKey` makes it. */
  readonly key: string
  readonly block?: Block
}

/** Writes directory entries beside something else. */
export type PutDirectory = Extract<Op, { readonly op: 'put-directory' }>

/** Where subscribers' opt-outs are kept. */
export interface OptOutLedger {
  /**
   * Changes blocks in the commit that `keep` makes of the op it is given; none where nothing changes.
   * They count from the moment it answers `kept`, without a new snapshot; else they are as they
   * were. `changes` is asked when it is its turn, after imports and changes before it.
   */
  amend<Result extends { readonly kept: boolean }>(
    changes: () => readonly BlockChange[],
    keep: (op: PutDirectory | undefined) => Promise<Result>,
  ): Promise<Result>
}

export interface DirectoryHolder extends OptOutLedger {
  /** The present snapshot; read it anew for each decision. */
  current(): Directory
  /** Called after each change, with the new and the previous snapshot. Returns how to stop. */
  onChange(listener: DirectoryListener): () => void
  /** What would stand against this import, without making it. */
  judge(data: DirectoryData, mode: ImportMode): readonly DirectoryObjection[]
  /** Imports are made one after the other. Rejects when the store does; nothing changed then. */
  apply(data: DirectoryData, mode: ImportMode): Promise<Applied>
}

/** Reads the directory a store holds. `check` judges every later directory before it is used. */
export async function openDirectoryHolder(
  store: Pick<Store, 'read' | 'commit'>,
  check: (data: DirectoryData) => readonly DirectoryObjection[],
): Promise<DirectoryHolder> {
  const stored = directoryOf(await store.read({ query: 'directory' }))
  let ledger = ledgerOf(stored.blocks)
  let directory = indexDirectory(stored, ledger)
  const listeners = new Set<DirectoryListener>()
  let last: Promise<unknown> = Promise.resolve()

  function outcomeOf(data: DirectoryData, mode: ImportMode) {
    const before = byKey(directoryEntries(directory))
    const imported = byKey(directoryEntries(data))
    const kept = mode === 'merge' ? before : optOutsAmong(before)
    const after = new Map([...kept, ...imported])
    const next = directoryOf([...after.values()])
    return { before, after, next, objections: check(next) }
  }

  async function applyNow(data: DirectoryData, mode: ImportMode): Promise<Applied> {
    const { before, after, next, objections } = outcomeOf(data, mode)
    if (objections.length > 0) return { kind: 'refused', objections }
    const changes = compare(before, after)
    const written = [...changes.added, ...changes.changed].flatMap((key) => after.get(key) ?? [])
    const deleted = changes.removed.flatMap((key) => before.get(key) ?? [])
    const entries = [...written, ...deleted.map(({ kind, name }) => ({ kind, name }))]
    if (entries.length === 0) return { kind: 'applied', ...changes }
    await store.commit([{ op: 'put-directory', entries }])
    const previous = directory
    ledger = ledgerOf(next.blocks)
    directory = indexDirectory(next, ledger)
    for (const listener of listeners) listener(directory, previous)
    return { kind: 'applied', ...changes }
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = last.then(work)
    // A failed change is its caller's to hear of; the next one still gets its turn.
    last = done.catch(() => undefined)
    return done
  }

  async function amendNow<Result extends { readonly kept: boolean }>(
    changesNow: () => readonly BlockChange[],
    keep: (op: PutDirectory | undefined) => Promise<Result>,
  ): Promise<Result> {
    const changes = changesNow()
    if (changes.length === 0) return keep(undefined)
    const result = await keep(putBlocks(changes))
    if (!result.kept) {
      // What was not kept may have been written all the same: a repeated request is one commit, too.
      const present = changes.map(({ key }) => ({ key, ...optionalBlock(ledger.get(key)) }))
      await store.commit([putBlocks(present)])
      return result
    }
    for (const { key, block } of changes) {
      if (block === undefined) ledger.delete(key)
      else ledger.set(key, block)
    }
    return result
  }

  return {
    current: () => directory,
    amend: (changes, keep) => inTurn(() => amendNow(changes, keep)),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    judge: (data, mode) => outcomeOf(data, mode).objections,
    apply: (data, mode) => inTurn(() => applyNow(data, mode)),
  }
}

function putBlocks(changes: readonly BlockChange[]): PutDirectory {
  const entries = changes.map(({ key, block }) => ({
    kind: 'block',
    name: key,
    ...(block === undefined ? {} : { value: block }),
  }))
  return { op: 'put-directory', entries }
}

function optionalBlock(block: Block | undefined): Pick<BlockChange, 'block'> {
  return block === undefined ? {} : { block }
}

/** A file written last week does not know who said STOP since. */
function optOutsAmong(entries: EntriesByKey): EntriesByKey {
  const blocks = [...entries].filter(([, { kind }]) => kind === 'block')
  return new Map(blocks.filter(([, { value }]) => (value as Block).byRecipient === true))
}

/** Every entry of a directory under the name it is stored by. */
export function directoryEntries(data: DirectoryData): readonly DirectoryEntry[] {
  return [
    ...data.accounts.map((value) => ({ kind: 'account', name: value.id, value }) as const),
    ...data.numbers.map((value) => ({ kind: 'number', name: value.number, value }) as const),
    ...data.carriers.map((value) => ({ kind: 'carrier', name: value.name, value }) as const),
    ...data.routes.map((value) => ({ kind: 'route', name: value.name, value }) as const),
    ...data.blocks.map((value) => ({ kind: 'block', name: blockKey(value), value }) as const),
    ...(data.applications ?? []).map(
      (value) => ({ kind: 'application', name: value.id, value }) as const,
    ),
  ]
}

/**
 * The directory stored entries make. What is stored was checked when it was imported. Ordered by
 * name, so that a decision between equals falls the same way before and after a restart.
 */
function directoryOf(
  entries: readonly { readonly kind: string; readonly name: string; readonly value: unknown }[],
): DirectoryData {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1))
  const valuesOf = (kind: DirectoryKind): readonly unknown[] =>
    sorted.filter((entry) => entry.kind === kind).map((entry) => entry.value)
  return {
    accounts: valuesOf('account') as DirectoryData['accounts'],
    numbers: valuesOf('number') as DirectoryData['numbers'],
    carriers: valuesOf('carrier') as DirectoryData['carriers'],
    routes: valuesOf('route') as DirectoryData['routes'],
    blocks: valuesOf('block') as DirectoryData['blocks'],
    applications: valuesOf('application') as readonly Application[],
  }
}

type EntriesByKey = ReadonlyMap<string, DirectoryEntry>

function byKey(entries: readonly DirectoryEntry[]): EntriesByKey {
  return new Map(entries.map((entry) => [`${entry.kind} ${entry.name}`, entry]))
}

function compare(before: EntriesByKey, after: EntriesByKey): DirectoryChanges {
  const added: string[] = []
  const changed: string[] = []
  for (const [key, entry] of after) {
    const earlier = before.get(key)
    if (earlier === undefined) added.push(key)
    else if (!sameValue(earlier.value, entry.value)) changed.push(key)
  }
  const removed = [...before.keys()].filter((key) => !after.has(key))
  return { added, changed, removed }
}

/** Equality of stored values: plain data, whatever the order of its keys. */
function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))]
  if (left.size !== right.size) return false
  return [...left].every(([key, value]) => right.has(key) && sameValue(value, right.get(key)))
}
