import type { AdminRoute } from '../route.ts'

/** What waits where, and since when. */
export const queueRoute = {
  method: 'GET',
  path: '/admin/queue',
  summary: 'The backlog by lane and state, with its oldest entry and its next due time.',
  answer:
    '`now`; `deliveries`: each `lane`, `state`, `count`, `oldestAt`, `nextAt`; ' +
    '`notices`: each `lane`, `count`, `parked`.',
  async handle(_request, { store, now }) {
    const at = now()
    return { json: { now: at, ...(await store.read({ query: 'backlog', now: at })) } }
  },
} as const satisfies AdminRoute
