import type { AdminRoute } from '../route.ts'

/** Lanes that hold something. */
export const lanesRoute = {
  method: 'GET',
  path: '/admin/lanes',
  summary: 'Lanes that hold deliveries or notices.',
  answer: '`deliveries` and `notices`: names of lanes.',
  handle: async (_request, { store }) => ({ json: await store.read({ query: 'lanes' }) }),
} as const satisfies AdminRoute
