import { problem } from '../problem.ts'
import type { AdminRoute } from '../route.ts'

/** For the moment a carrier is back: nobody has to wait for the retry plan. */
export const laneRetryRoute = {
  method: 'POST',
  path: '/admin/lanes/:lane/retry',
  summary: 'Makes every waiting delivery of a lane due now.',
  answer: '`count`: how many became due.',
  async handle({ params: { lane = '' } }, { store, kick, now }) {
    const lanes = await store.read({ query: 'lanes' })
    if (!lanes.deliveries.includes(lane)) {
      return problem('not-found', `No lane ${JSON.stringify(lane.slice(0, 80))} holds a delivery.`)
    }
    const at = now()
    const [{ count }] = await store.commit([{ op: 'make-due', lane, now: at }])
    kick.delivery(lane, at)
    return { json: { count } }
  },
} as const satisfies AdminRoute
