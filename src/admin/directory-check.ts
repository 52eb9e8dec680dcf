/**
 * What a whole directory must fulfil beyond the shape of its entries: every name that is used
 * exists, nothing that must be unique appears twice, addresses are addresses.
 */

import { isAddressEntry } from '../config/allow-list.ts'
import { nearestName } from '../config/nearest-name.ts'
import type { Carrier, Mm4Peer } from '../core/carrier.ts'
import { type Account, blockKey, type DirectoryData } from '../core/directory.ts'
import type { DirectoryKind, DirectoryObjection } from '../engine/directory-holder.ts'

export interface DirectoryCheckFacts {
  /** Dialects there are, by name. */
  readonly dialects: readonly string[]
}

/** Every objection against a directory; none when it may be used. */
export function checkDirectory(
  data: DirectoryData,
  facts: DirectoryCheckFacts,
): readonly DirectoryObjection[] {
  return [
    ...data.accounts.flatMap((account) => [...accountObjections(account, facts)]),
    ...sharedKeys(data.accounts),
    ...data.carriers.flatMap((carrier) => [...carrierObjections(carrier, facts)]),
    ...sharedCarrierIds(data.carriers),
    ...sharedCallbackKeys(data.carriers),
    ...sharedMm4Marks(data),
    ...sharedSystemIds(data.accounts),
    ...brokenReferences(data),
  ]
}

/** Entries a file names twice: in a directory the later would silently win. */
export function repeatedEntries(data: DirectoryData): readonly DirectoryObjection[] {
  return [
    ...repeats('account', data.accounts, (account) => account.id, 'id'),
    ...repeats('number', data.numbers, (own) => own.number, 'number'),
    ...repeats('carrier', data.carriers, (carrier) => carrier.name, 'name'),
    ...repeats('route', data.routes, (route) => route.name, 'name'),
    ...repeats('block', data.blocks, blockKey, 'number'),
    ...repeats('application', data.applications ?? [], (one) => one.id, 'id'),
  ]
}

function* repeats<T>(
  kind: DirectoryKind,
  entries: readonly T[],
  nameOf: (entry: T) => string,
  field: string,
): Generator<DirectoryObjection> {
  const seen = new Set<string>()
  for (const entry of entries) {
    const name = nameOf(entry)
    if (seen.has(name)) {
      yield { kind, name, field, message: `${kind} ${name} appears twice`, hint: 'Keep one.' }
    }
    seen.add(name)
  }
}

function* accountObjections(
  account: Account,
  facts: DirectoryCheckFacts,
): Generator<DirectoryObjection> {
  const entry = { kind: 'account', name: account.id } as const
  if (!facts.dialects.includes(account.dialect)) {
    yield {
      ...entry,
      field: 'dialect',
      ...noSuch('dialect', account.dialect, facts.dialects),
    }
  }
  for (const [i, address] of (account.mm7?.allowAddresses ?? []).entries()) {
    if (!isAddressEntry(address)) {
      yield { ...entry, field: `mm7.allowAddresses[${i}]`, ...noAddress(address) }
    }
  }
  if (account.mm4 !== undefined) yield* mm4Objections(entry, account.mm4, facts)
  for (const [i, address] of (account.smpp?.allowAddresses ?? []).entries()) {
    if (!isAddressEntry(address)) {
      yield { ...entry, field: `smpp.allowAddresses[${i}]`, ...noAddress(address) }
    }
  }
  const ids = new Set<string>()
  for (const [i, service] of account.services.entries()) {
    if (ids.has(service.id)) {
      yield { ...entry, field: `services[${i}].id`, message: `service ${service.id} appears twice` }
    }
    ids.add(service.id)
  }
}

/** Two accounts with one key could not be told apart. The key itself is never shown. */
function* sharedKeys(accounts: readonly Account[]): Generator<DirectoryObjection> {
  const owner = new Map<string, string>()
  for (const { id, mm7 } of accounts) {
    if (mm7 === undefined) continue
    const other = owner.get(mm7.vaspIdHash)
    if (other !== undefined && other !== id) {
      yield {
        kind: 'account',
        name: id,
        field: 'mm7.vaspId',
        message: `is the same as that of account ${other}`,
        hint: 'Give each account its own key.',
      }
    }
    owner.set(mm7.vaspIdHash, id)
  }
}

function* carrierObjections(
  carrier: Carrier,
  facts: DirectoryCheckFacts,
): Generator<DirectoryObjection> {
  const entry = { kind: 'carrier', name: carrier.name } as const
  const { mm4, mm7, smpp } = carrier
  if (mm4 !== undefined) yield* mm4Objections(entry, mm4, facts)
  if (smpp !== undefined) yield* delayObjections(entry, 'smpp', smpp)
  if (mm7 === undefined) return
  for (const [i, address] of (mm7.callback?.fromAddresses ?? []).entries()) {
    if (!isAddressEntry(address)) {
      yield { ...entry, field: `mm7.callback.fromAddresses[${i}]`, ...noAddress(address) }
    }
  }
  yield* delayObjections(entry, 'mm7', mm7)
  const { codes } = mm7
  if (codes !== undefined && !facts.dialects.includes(codes)) {
    yield { ...entry, field: 'mm7.codes', ...noSuch('dialect', codes, facts.dialects) }
  }
}

type Entry = Pick<DirectoryObjection, 'kind' | 'name'>

function* mm4Objections(
  entry: Entry,
  mm4: Mm4Peer,
  facts: DirectoryCheckFacts,
): Generator<DirectoryObjection> {
  for (const [i, address] of mm4.fromAddresses.entries()) {
    if (!isAddressEntry(address)) {
      yield { ...entry, field: `mm4.fromAddresses[${i}]`, ...noAddress(address) }
    }
  }
  yield* delayObjections(entry, 'mm4', mm4)
  const { codes } = mm4
  if (codes !== undefined && !facts.dialects.includes(codes)) {
    yield { ...entry, field: 'mm4.codes', ...noSuch('dialect', codes, facts.dialects) }
  }
}

function* delayObjections(
  entry: Entry,
  protocol: 'mm4' | 'mm7' | 'smpp',
  delays: { readonly retryDelayMsMin: number; readonly retryDelayMsMax: number },
): Generator<DirectoryObjection> {
  if (delays.retryDelayMsMin <= delays.retryDelayMsMax) return
  yield {
    ...entry,
    field: `${protocol}.retryDelayMsMin`,
    message: `must not be more than retryDelayMsMax (${delays.retryDelayMsMax})`,
  }
}

/** Two peers with one login or certificate could not be told apart. */
function* sharedMm4Marks({ accounts, carriers }: DirectoryData): Generator<DirectoryObjection> {
  const owner = new Map<string, string>()
  const peers = [
    ...carriers.map(({ name, mm4 }) => ({ kind: 'carrier' as const, name, mm4 })),
    ...accounts.map(({ id: name, mm4 }) => ({ kind: 'account' as const, name, mm4 })),
  ]
  for (const { kind, name, mm4 } of peers) {
    const marks = [
      ...(mm4?.peerAuth === undefined ? [] : [['peerAuth.user', mm4.peerAuth.user] as const]),
      ...(mm4?.certificates ?? []).map((mark, i) => [`certificates[${i}]`, mark] as const),
    ]
    for (const [field, mark] of marks) {
      const other = owner.get(mark)
      if (other !== undefined && other !== `${kind} ${name}`) {
        const message = `is the same as that of ${other}`
        yield { kind, name, field: `mm4.${field}`, message, hint: 'Give each peer its own.' }
      }
      owner.set(mark, `${kind} ${name}`)
    }
  }
}

/** Two accounts with one system_id could not be told apart. */
function* sharedSystemIds(accounts: readonly Account[]): Generator<DirectoryObjection> {
  const owner = new Map<string, string>()
  for (const { id, smpp } of accounts) {
    if (smpp === undefined) continue
    const other = owner.get(smpp.systemId)
    if (other !== undefined && other !== id) {
      yield {
        kind: 'account',
        name: id,
        field: 'smpp.systemId',
        message: `is the same as that of account ${other}`,
        hint: 'Give each account its own.',
      }
    }
    owner.set(smpp.systemId, id)
  }
}

/** Two upstreams with one key could not be told apart. The key itself is never shown. */
function* sharedCallbackKeys(carriers: readonly Carrier[]): Generator<DirectoryObjection> {
  const owner = new Map<string, string>()
  for (const { name, mm7 } of carriers) {
    const hash = mm7?.callback?.keyHash
    if (hash === undefined) continue
    const other = owner.get(hash)
    if (other !== undefined && other !== name) {
      yield {
        kind: 'carrier',
        name,
        field: 'mm7.callback.key',
        message: `is the same as that of carrier ${other}`,
        hint: 'Give each upstream its own key.',
      }
    }
    owner.set(hash, name)
  }
}

function* sharedCarrierIds(carriers: readonly Carrier[]): Generator<DirectoryObjection> {
  const owner = new Map<string, string>()
  for (const { name, ids } of carriers) {
    for (const [i, id] of ids.entries()) {
      const other = owner.get(id)
      if (other !== undefined && other !== name) {
        const message = `${id} is also an id of carrier ${other}`
        yield { kind: 'carrier', name, field: `ids[${i}]`, message }
      }
      owner.set(id, name)
    }
  }
}

function* brokenReferences(data: DirectoryData): Generator<DirectoryObjection> {
  const accounts = new Map(data.accounts.map((account) => [account.id, account]))
  const carriers = new Set(data.carriers.map((carrier) => carrier.name))
  for (const { number, account, service } of data.numbers) {
    if (account === undefined) continue
    const entry = { kind: 'number', name: number } as const
    const owner = accounts.get(account)
    if (owner === undefined) {
      yield { ...entry, field: 'account', ...noSuch('account', account, accounts.keys()) }
    } else if (service !== undefined && !owner.services.some(({ id }) => id === service)) {
      const services = owner.services.map(({ id }) => id)
      yield { ...entry, field: 'service', ...noSuch(`service of ${account}`, service, services) }
    }
  }
  for (const { id, carriers: only = [] } of data.accounts) {
    for (const [i, name] of only.entries()) {
      if (carriers.has(name)) continue
      const wrong = noSuch('carrier', name, carriers)
      yield { kind: 'account', name: id, field: `carriers[${i}]`, ...wrong }
    }
  }
  for (const { name, carrier, accounts: only = [] } of data.routes) {
    const entry = { kind: 'route', name } as const
    if (!carriers.has(carrier)) {
      yield { ...entry, field: 'carrier', ...noSuch('carrier', carrier, carriers) }
    }
    for (const [i, id] of only.entries()) {
      if (accounts.has(id)) continue
      yield { ...entry, field: `accounts[${i}]`, ...noSuch('account', id, accounts.keys()) }
    }
  }
  for (const { id, account } of data.applications ?? []) {
    if (account === undefined || accounts.has(account)) continue
    const wrong = noSuch('account', account, accounts.keys())
    yield { kind: 'application', name: id, field: 'account', ...wrong }
  }
  for (const block of data.blocks) {
    if (block.account === undefined || accounts.has(block.account)) continue
    const wrong = noSuch('account', block.account, accounts.keys())
    yield { kind: 'block', name: blockKey(block), field: 'account', ...wrong }
  }
}

function noSuch(
  what: string,
  name: string,
  known: Iterable<string>,
): Pick<DirectoryObjection, 'message' | 'hint'> {
  const near = nearestName(name, known)
  const hint = near === undefined ? undefined : `Did you mean "${near}"?`
  return { message: `there is no ${what} ${name}`, ...(hint !== undefined && { hint }) }
}

function noAddress(address: string): Pick<DirectoryObjection, 'message' | 'hint'> {
  return {
    message: `${JSON.stringify(address)} is no address and no CIDR range`,
    hint: 'Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.',
  }
}
