import { describeStore } from '../store.suite.ts'
import { REOPENING } from '../suite/reopening.suite.ts'
import { openMemoryStore } from './store.ts'

describeStore('memory store', {
  open: async () => {
    const store = openMemoryStore()
    return {
      store,
      reopen: () => Promise.reject(new Error('a memory store forgets')),
      dispose: () => store.close(),
    }
  },
  skips: Object.fromEntries(REOPENING.map((title) => [title, 'it forgets with its process'])),
})
