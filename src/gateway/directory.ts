/** The live directory with the checks that a stored or imported one must pass. */
import { checkDirectory } from '../admin/directory-check.ts'
import { SPOKEN } from '../dialects/spoken.ts'
import { type DirectoryHolder, openDirectoryHolder } from '../engine/directory-holder.ts'
import type { Store } from '../engine/ports/store.ts'

export function openDirectory(store: Store): Promise<DirectoryHolder> {
  const facts = { dialects: SPOKEN.map(({ name }) => name) }
  return openDirectoryHolder(store, (data) => checkDirectory(data, facts))
}
