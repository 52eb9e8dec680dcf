/**
 * The directory as it is used, made once per stored snapshot. Outbound secrets are stored as
 * references (`env:NAME`, `file:PATH`) and read here. In the sandbox its world is laid over what is
 * stored, never written to it, and every carrier is the simulated one: nothing leaves the machine.
 * Entries that need no change stay the same objects, so that no connector is replaced for nothing.
 */
import { isSecretReference, resolveSecret, type SecretSources } from '../config/secret.ts'
import {
  type Account,
  type Carrier,
  type Directory,
  type DirectoryData,
  indexDirectory,
} from '../core/directory.ts'
import { directoryEntries } from '../engine/directory-holder.ts'

/** A login whose password may be a reference. */
interface Login {
  readonly user: string
  readonly password: string
}

/** The world of the sandbox, and where its carrier listens. */
export interface Overlay {
  readonly directory: DirectoryData
  readonly address: { readonly host: string; readonly port: number }
}

/** `problem` is told of references that lead nowhere. */
export function createDirectoryView(
  sources: SecretSources,
  overlay: Overlay | undefined,
  problem: (entry: string, because: string) => void,
): (directory: Directory) => Directory {
  const views = new WeakMap<Directory, Directory>()

  function resolve(entry: string, login: Login): Login {
    const resolved = resolveSecret(login.password, sources)
    if (resolved.kind === 'ok') return { user: login.user, password: resolved.secret }
    // The peer will refuse us and say so; the reason stands in our log.
    problem(entry, resolved.because)
    return login
  }

  function accountView(account: Account): Account {
    const { mm7 } = account
    const login = mm7?.callbackBasic
    if (mm7 === undefined || login === undefined || !isSecretReference(login.password)) {
      return account
    }
    return { ...account, mm7: { ...mm7, callbackBasic: resolve(`account ${account.id}`, login) } }
  }

  function carrierView(carrier: Carrier): Carrier {
    const { mm4 } = carrier
    if (overlay !== undefined) return simulated(carrier, overlay)
    if (mm4.auth === undefined || !isSecretReference(mm4.auth.password)) return carrier
    return { ...carrier, mm4: { ...mm4, auth: resolve(`carrier ${carrier.name}`, mm4.auth) } }
  }

  function viewOf(stored: Directory): Directory {
    const data = overlay === undefined ? stored : laidOver(stored, overlay.directory)
    const accounts = data.accounts.map(accountView)
    const carriers = data.carriers.map(carrierView)
    const same =
      data === stored &&
      accounts.every((account, index) => account === data.accounts[index]) &&
      carriers.every((carrier, index) => carrier === data.carriers[index])
    return same ? stored : indexDirectory({ ...data, accounts, carriers })
  }

  return (directory) => {
    const known = views.get(directory)
    if (known !== undefined) return known
    const view = viewOf(directory)
    views.set(directory, view)
    return view
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
  }
}

/** The same carrier, played by the sandbox. */
function simulated(carrier: Carrier, { address }: Overlay): Carrier {
  const { auth: _login, ...mm4 } = carrier.mm4
  return {
    ...carrier,
    mm4: {
      ...mm4,
      host: address.host,
      port: address.port,
      tls: 'off',
      fromAddresses: ['127.0.0.1', '::1'],
    },
  }
}
