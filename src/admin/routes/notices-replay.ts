import { problem } from '../problem.ts'
import { type AdminRoute, findAccount } from '../route.ts'

/** For the moment a client is back. */
export const noticesReplayRoute = {
  method: 'POST',
  path: '/admin/notices/replay',
  summary: 'Makes parked reports due again: all of them, or those of one account.',
  query: { account: 'Only of this account, by id.' },
  answer: '`count`: how many became due.',
  async handle({ query }, parts) {
    const account = query.get('account')
    if (account !== null && findAccount(parts, account) === undefined) {
      return problem('not-found', `There is no account ${JSON.stringify(account.slice(0, 80))}.`)
    }
    const { store, kick, now } = parts
    const nextAt = now()
    const [{ count }] = await store.commit([
      { op: 'replay-notices', nextAt, ...(account !== null && { accountId: account }) },
    ])
    const lanes = await store.read({ query: 'lanes' })
    for (const lane of lanes.notices) kick.notice(lane, nextAt)
    return { json: { count } }
  },
} as const satisfies AdminRoute
