/** What every store must do. SQLite and memory run this same suite, one theme per file. */
import { describe, test } from 'node:test'
import type { Store } from '../engine/ports/store.ts'
import { accepting } from './suite/accepting.suite.ts'
import { claiming } from './suite/claiming.suite.ts'
import { forgetting } from './suite/forgetting.suite.ts'
import { outbox } from './suite/outbox.suite.ts'
import { parts } from './suite/parts.suite.ts'
import { questions } from './suite/questions.suite.ts'
import { reopening } from './suite/reopening.suite.ts'
import { reports } from './suite/reports.suite.ts'
import { revising } from './suite/revising.suite.ts'
import { settling } from './suite/settling.suite.ts'

/** A store made for one test. */
export interface OpenedStore {
  readonly store: Store
  /** Closes the store and opens it again on the same files. */
  reopen(): Promise<Store>
  /** Closes what is open and removes the files. */
  dispose(): Promise<void>
}

export interface StoreUnderTest {
  /** A fresh store with nothing in it. */
  readonly open: () => Promise<OpenedStore>
  /** Titles of promises this store does not make, with the reason. */
  readonly skips?: Readonly<Record<string, string>>
}

/** Declares one promise of a store. */
export type It = (title: string, body: (opened: OpenedStore) => Promise<void>) => void

const THEMES = {
  accepting,
  claiming,
  settling,
  'messages in parts': parts,
  revising,
  'reports from far ends': reports,
  'the outbox': outbox,
  questions,
  forgetting,
  reopening,
} satisfies Record<string, (it: It) => void>

export function describeStore(name: string, { open, skips = {} }: StoreUnderTest): void {
  const it: It = (title, body) => {
    const because = skips[title]
    if (because !== undefined) {
      test.skip(`${title}: ${because}`)
      return
    }
    test(title, async () => {
      const opened = await open()
      try {
        await body(opened)
      } finally {
        await opened.dispose()
      }
    })
  }
  describe(name, () => {
    for (const [theme, declare] of Object.entries(THEMES)) describe(theme, () => declare(it))
  })
}
