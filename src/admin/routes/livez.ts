import type { AdminRoute } from '../route.ts'

/** Answers as long as the process turns; a supervisor restarts it when this fails. */
export const livezRoute = {
  method: 'GET',
  path: '/livez',
  summary: 'Whether the process is alive.',
  open: true,
  answer: '`alive`, always true: no answer is the other answer.',
  handle: () => ({ json: { alive: true } }),
} as const satisfies AdminRoute
