/**
 * The connectors the directory asks for, made when they are first needed and replaced when their
 * entry changes. A connector that is replaced finishes what it is doing.
 */
import { type Carrier, speaksSmpp } from '../core/carrier.ts'
import type { Account, Directory } from '../core/directory.ts'
import { clientLane, smsClientLane } from '../engine/parts.ts'
import type { Connector } from '../engine/ports/connector.ts'

/** How each kind of way out is made. `undefined`: this entry has no way out now. */
export interface WayMakers {
  carrier(carrier: Carrier): Connector | undefined
  client(account: Account): Connector | undefined
  /** For short messages, to an account that binds. */
  smsClient(account: Account): Connector | undefined
}

export interface WaysOut {
  find(lane: string): Connector | undefined
  /** Opens the ways over which far ends call us, message or no message; new ones at each refresh. */
  openStanding(): void
  /** The directory changed: entries that differ lose their connector. */
  refresh(): void
  close(): Promise<void>
}

interface Held {
  /** The directory value it was made for; snapshots share values that did not change. */
  readonly source: Source['entry']
  readonly connector: Connector | undefined
}

/** What a way out is made from. */
type Source =
  | { readonly kind: 'carrier'; readonly entry: Carrier }
  | { readonly kind: 'client' | 'smsClient'; readonly entry: Account }

const CLIENT = clientLane('')
const SMS_CLIENT = smsClientLane('')

export function createWaysOut(
  directory: () => Directory,
  makers: WayMakers,
  problem: (lane: string, error: unknown) => void,
): WaysOut {
  const held = new Map<string, Held>()
  const retiring = new Set<Promise<void>>()
  let standing = false

  function sourceOf(lane: string): Source | undefined {
    if (lane.startsWith(CLIENT)) {
      const entry = directory().accountById.get(lane.slice(CLIENT.length))
      return entry === undefined ? undefined : { kind: 'client', entry }
    }
    if (lane.startsWith(SMS_CLIENT)) {
      const entry = directory().accountById.get(lane.slice(SMS_CLIENT.length))
      return entry === undefined ? undefined : { kind: 'smsClient', entry }
    }
    const entry = directory().carrierByName.get(lane)
    return entry?.enabled === true && entry.paused !== true ? { kind: 'carrier', entry } : undefined
  }

  function make(source: Source): Connector | undefined {
    const connector =
      source.kind === 'carrier' ? makers.carrier(source.entry) : makers[source.kind](source.entry)
    connector?.open().catch((error) => problem(connector.name, error))
    return connector
  }

  function retire(lane: string, connector: Connector | undefined): void {
    if (connector === undefined) return
    const closing = connector
      .close()
      .catch((error) => problem(lane, error))
      .finally(() => retiring.delete(closing))
    retiring.add(closing)
  }

  function find(lane: string): Connector | undefined {
    const source = sourceOf(lane)
    const known = held.get(lane)
    if (known !== undefined && known.source === source?.entry) return known.connector
    if (known !== undefined) retire(lane, known.connector)
    if (source === undefined) {
      held.delete(lane)
      return undefined
    }
    const connector = make(source)
    held.set(lane, { source: source.entry, connector })
    return connector
  }

  function openStanding(): void {
    standing = true
    for (const carrier of directory().carriers) if (speaksSmpp(carrier)) find(carrier.name)
  }

  return {
    find,
    openStanding,
    refresh() {
      for (const lane of [...held.keys()]) find(lane)
      if (standing) openStanding()
    },
    async close() {
      standing = false
      for (const [lane, { connector }] of held) retire(lane, connector)
      held.clear()
      await Promise.all(retiring)
    },
  }
}
