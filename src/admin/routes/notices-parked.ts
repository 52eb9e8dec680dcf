import { readLimit } from '../query.ts'
import type { AdminRoute } from '../route.ts'

const LIMIT = { fallback: 100, max: 1000 } as const

/** Reports that could not be told to their clients. */
export const noticesParkedRoute = {
  method: 'GET',
  path: '/admin/notices/parked',
  summary: 'Reports to clients whose attempts are used up: kept until somebody replays them.',
  query: { limit: `How many, 1 to ${LIMIT.max}; ${LIMIT.fallback} when absent.` },
  answer: '`notices`: each `id`, `attempts`, `notice`.',
  async handle({ query }, { store }) {
    const limit = readLimit(query, LIMIT)
    if (typeof limit !== 'number') return limit
    return { json: { notices: await store.read({ query: 'parked-notices', limit }) } }
  },
} as const satisfies AdminRoute
