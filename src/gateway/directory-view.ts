/**
 * The directory as it is used, made once per stored snapshot. Outbound secrets are stored as
 * references (`env:NAME`, `file:PATH`) and read here. In the sandbox its world is laid over what is
 * stored, never written to it, and every carrier is the simulated one: nothing leaves the machine.
 * Entries that need no change stay the same objects, so that no connector is replaced for nothing.
 */
import { isSecretReference, resolveSecret, type SecretSources } from '../config/secret.ts'
import {
  type Carrier,
  type Mm4Peer,
  type Mm7Upstream,
  speaksMm4,
  speaksSmpp,
} from '../core/carrier.ts'
import {
  type Account,
  type Block,
  type BlockLedger,
  blockKey,
  type Directory,
  type DirectoryData,
  indexDirectory,
  ledgerOf,
} from '../core/directory.ts'
import type { SmppPeer } from '../core/smpp-peer.ts'
import { directoryEntries } from '../engine/directory-holder.ts'

/** A login whose password may be a reference. */
interface Login {
  readonly user: string
  readonly password: string
}

/** The world of the sandbox, and who plays a carrier in it. */
export interface Overlay {
  readonly directory: DirectoryData
  playMm4(peer: Mm4Peer, name: string): Mm4Peer
  playMm7(upstream: Mm7Upstream, name: string): Mm7Upstream
  playSmpp(peer: SmppPeer): SmppPeer
}

/** `problem` is told of references that lead nowhere. */
export function createDirectoryView(
  sources: SecretSources,
  overlay: Overlay | undefined,
  problem: (entry: string, because: string) => void,
): (directory: Directory) => Directory {
  const views = new WeakMap<Directory, Directory>()

  function resolve(entry: string, login: Login): Login {
    if (!isSecretReference(login.password)) return login
    const resolved = resolveSecret(login.password, sources)
    if (resolved.kind === 'ok') return { user: login.user, password: resolved.secret }
    // The peer will refuse us and say so; the reason stands in our log.
    problem(entry, resolved.because)
    return login
  }

  function accountView(account: Account): Account {
    const { mm4, mm7 } = account
    const entry = `account ${account.id}`
    const callback = mm7?.callbackBasic
    const auth = mm4?.auth
    return {
      ...account,
      ...(mm7 !== undefined && callback !== undefined && isSecretReference(callback.password)
        ? { mm7: { ...mm7, callbackBasic: resolve(entry, callback) } }
        : {}),
      ...(mm4 !== undefined && auth !== undefined && isSecretReference(auth.password)
        ? { mm4: { ...mm4, auth: resolve(entry, auth) } }
        : {}),
    }
  }

  function hasReference({ mm4, mm7 }: Account): boolean {
    return [mm7?.callbackBasic, mm4?.auth].some(
      (login) => login !== undefined && isSecretReference(login.password),
    )
  }

  function carrierView(carrier: Carrier): Carrier {
    const entry = `carrier ${carrier.name}`
    if (speaksMm4(carrier)) {
      const { mm4 } = carrier
      if (overlay !== undefined) return { ...carrier, mm4: overlay.playMm4(mm4, carrier.name) }
      if (mm4.auth === undefined || !isSecretReference(mm4.auth.password)) return carrier
      return { ...carrier, mm4: { ...mm4, auth: resolve(entry, mm4.auth) } }
    }
    if (speaksSmpp(carrier)) {
      const { smpp } = carrier
      if (overlay !== undefined) return { ...carrier, smpp: overlay.playSmpp(smpp) }
      if (!isSecretReference(smpp.password)) return carrier
      const { password } = resolve(entry, { user: smpp.systemId, password: smpp.password })
      return { ...carrier, smpp: { ...smpp, password } }
    }
    const { mm7, name } = carrier
    if (overlay !== undefined) return { ...carrier, mm7: overlay.playMm7(mm7, name) }
    const resolved = upstreamView(entry, mm7)
    return resolved === mm7 ? carrier : { ...carrier, mm7: resolved }
  }

  function upstreamView(entry: string, mm7: Mm7Upstream): Mm7Upstream {
    const { basic, vaspId } = mm7
    const login = basic !== undefined && isSecretReference(basic.password) ? basic : undefined
    if (login === undefined && !isSecretReference(vaspId)) return mm7
    return {
      ...mm7,
      vaspId: resolve(entry, { user: '', password: vaspId }).password,
      ...(login === undefined ? {} : { basic: resolve(entry, login) }),
    }
  }

  function viewOf(stored: Directory): Directory {
    const data = overlay === undefined ? stored : laidOver(stored, overlay.directory)
    const accounts = data.accounts.map((account) =>
      hasReference(account) ? accountView(account) : account,
    )
    const carriers = data.carriers.map(carrierView)
    const same =
      data === stored &&
      accounts.every((account, index) => account === data.accounts[index]) &&
      carriers.every((carrier, index) => carrier === data.carriers[index])
    if (same) return stored
    const blocked =
      overlay === undefined ? stored.blocked : chained(overlay.directory.blocks, stored.blocked)
    return indexDirectory({ ...data, accounts, carriers }, blocked)
  }

  return (directory) => {
    const known = views.get(directory)
    if (known !== undefined) return known
    const view = viewOf(directory)
    views.set(directory, view)
    return view
  }
}

/** Blocks of the sandbox before those that are stored, which go on changing. */
function chained(world: readonly Block[], stored: BlockLedger): BlockLedger {
  const first = ledgerOf(world)
  return {
    get: (key) => first.get(key) ?? stored.get(key),
    has: (key) => first.has(key) || stored.has(key),
    get size() {
      return first.size + stored.size
    },
    *values() {
      yield* first.values()
      for (const block of stored.values()) if (!first.has(blockKey(block))) yield block
    },
  }
}

/** What is stored, with the sandbox's entries in place of those of the same name. */
function laidOver(stored: DirectoryData, world: DirectoryData): DirectoryData {
  const names = new Set(directoryEntries(world).map(({ kind, name }) => `${kind} ${name}`))
  const kept = new Set(
    directoryEntries(stored).flatMap(({ kind, name, value }) =>
      names.has(`${kind} ${name}`) ? [] : [value],
    ),
  )
  const over = <Entry>(mine: readonly Entry[], theirs: readonly Entry[]): readonly Entry[] => [
    ...mine.filter((entry) => kept.has(entry)),
    ...theirs,
  ]
  return {
    accounts: over(stored.accounts, world.accounts),
    numbers: over(stored.numbers, world.numbers),
    carriers: over(stored.carriers, world.carriers),
    routes: over(stored.routes, world.routes),
    blocks: over(stored.blocks, world.blocks),
    applications: over(stored.applications ?? [], world.applications ?? []),
  }
}
