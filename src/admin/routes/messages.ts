import { viewMessage } from '../message-view.ts'
import { problem } from '../problem.ts'
import { isMessageId, readLimit } from '../query.ts'
import type { AdminRoute } from '../route.ts'

const LIMIT = { fallback: 50, max: 1000 } as const

/** The newest messages, page by page. */
export const messagesRoute = {
  method: 'GET',
  path: '/admin/messages',
  summary: 'Messages, the newest first.',
  query: {
    limit: `How many, 1 to ${LIMIT.max}; ${LIMIT.fallback} when absent.`,
    account: 'Only of this account, by id.',
    before: 'Only older than this message, by id: the last id of one page begins the next.',
  },
  answer: '`messages`: each a `message` and the `states` of its deliveries, by recipient.',
  async handle({ query }, { store }) {
    const limit = readLimit(query, LIMIT)
    if (typeof limit !== 'number') return limit
    const before = query.get('before')
    if (before !== null && !isMessageId(before)) {
      return problem('parameter-wrong', 'before must be a message id: 18 digits.')
    }
    const accountId = query.get('account')
    const found = await store.read({
      query: 'messages',
      limit,
      ...(accountId !== null && { accountId }),
      ...(before !== null && { before }),
    })
    const messages = found.map(({ message, states }) => ({ message: viewMessage(message), states }))
    return { json: { messages } }
  },
} as const satisfies AdminRoute
