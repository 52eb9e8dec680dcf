/** The opt-outs of subscribers, for operators: to see, and to take back what was a mistake. */
import { type Block, blockKey, type Directory } from '../core/directory.ts'
import type { DirectoryHolder } from '../engine/directory-holder.ts'
import type { Store } from '../engine/ports/store.ts'

/** Which opt-outs are meant; what is absent is any. Numbers are digits without plus. */
export interface OptOutChoice {
  readonly number?: string
  readonly account?: string
  readonly sender?: string
}

/** The opt-outs that are meant, in no order. */
export function optOutsOf({ blocks }: Pick<Directory, 'blocks'>, choice: OptOutChoice): Block[] {
  return blocks.filter(
    ({ byRecipient, number, account, sender }) =>
      byRecipient === true &&
      (choice.number === undefined || choice.number === number) &&
      (choice.account === undefined || choice.account === account) &&
      (choice.sender === undefined || choice.sender === sender),
  )
}

/** Takes them out of the ledger; answers what was there. */
export async function removeOptOuts(
  holder: Pick<DirectoryHolder, 'amend' | 'current'>,
  store: Pick<Store, 'commit'>,
  choice: OptOutChoice,
): Promise<readonly Block[]> {
  let removed: readonly Block[] = []
  await holder.amend(
    () => {
      removed = optOutsOf(holder.current(), choice)
      return removed.map((block) => ({ key: blockKey(block) }))
    },
    async (op) => {
      if (op !== undefined) await store.commit([op])
      return { kept: true }
    },
  )
  return removed
}
