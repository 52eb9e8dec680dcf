import type { AdminRoute } from '../route.ts'

/** Whether new messages are taken; a balancer sends clients elsewhere when not. */
export const readyzRoute = {
  method: 'GET',
  path: '/readyz',
  summary: 'Whether the gateway takes messages: status 200, or 503 when it does not.',
  open: true,
  query: { verbose: 'Present: every check with its reason.' },
  answer: '`ready`; with `verbose` also `checks` (each `name`, `ok`, `because`).',
  handle({ query }, parts) {
    const { ready, checks } = parts.status()
    const json = query.has('verbose') ? { ready, checks } : { ready }
    return { status: ready ? 200 : 503, json }
  },
} as const satisfies AdminRoute
