import type { AdminRoute } from '../route.ts'

/** What the gateway is, since when, and how it fares. */
export const statusRoute = {
  method: 'GET',
  path: '/admin/status',
  summary: 'Version, start, readiness and live facts of the gateway.',
  answer:
    '`version`, `startedAt`, `now`, `ready`, `checks` (each `name`, `ok`, `because`), `facts`.',
  handle: (_request, parts) => ({ json: { ...parts.status(), now: parts.now() } }),
} as const satisfies AdminRoute
