import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../engine/ports/store.ts'
import { describeStore } from '../store.suite.ts'
import { openSqliteStore } from './store.ts'

function onFatal(error: Error): void {
  throw error
}

describeStore('SQLite store', {
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'carillon-store-'))
    const path = join(folder, 'store.db')
    let current: Store = await openSqliteStore({ path, onFatal })
    return {
      store: current,
      async reopen() {
        await current.close()
        current = await openSqliteStore({ path, onFatal })
        return current
      },
      async dispose() {
        await current.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
})
