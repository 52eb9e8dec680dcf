import type { AdminRoute } from '../route.ts'

/** For Prometheus. */
export const metricsRoute = {
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics in the text format of Prometheus.',
  open: true,
  answer: 'Text, version 0.0.4. No label ever holds a number or a message id.',
  handle: async (_request, parts) => ({
    text: await parts.metrics(),
    mediaType: 'text/plain; version=0.0.4; charset=utf-8',
  }),
} as const satisfies AdminRoute
