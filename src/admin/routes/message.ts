import type { HeldPart } from '../../engine/ports/store.ts'
import { viewStory } from '../message-view.ts'
import { problem } from '../problem.ts'
import { isMessageId } from '../query.ts'
import type { AdminRoute } from '../route.ts'

/** All there is to know about one message. */
export const messageRoute = {
  method: 'GET',
  path: '/admin/messages/:id',
  summary: 'One message with its deliveries, events and notices, and why it waits.',
  query: { account: 'Only if it belongs to this account, by id.' },
  answer:
    '`message`, `deliveries`, `events`, `notices`, and `waiting`: for each recipient without a ' +
    'result its `index` and, as `because`, one sentence that says what is waited for and until when.',
  async handle({ params: { id = '' }, query }, { store, explainWait }) {
    const missing = problem('not-found', `There is no message ${JSON.stringify(id.slice(0, 40))}.`)
    if (!isMessageId(id)) return missing
    const story = await store.read({ query: 'message', messageId: id })
    const account = query.get('account')
    const part = story === undefined ? await store.read({ query: 'waiting-part', id }) : undefined
    if (
      part !== undefined &&
      (account ?? part.submission.accountId) === part.submission.accountId
    ) {
      return problem('not-found', waitOf(part))
    }
    // Another account's message answers like one that does not exist.
    if (story === undefined) return missing
    if (account !== null && story.message.accountId !== account) return missing
    return { json: viewStory(story, explainWait) }
  },
} as const satisfies AdminRoute

/** A part is no message yet: what it is and how long it waits to become one. */
function waitOf({ id, sequence, total, expiresAt }: HeldPart): string {
  const until = new Date(expiresAt).toISOString()
  return `${id} is part ${sequence} of ${total}; it waits for the others until ${until}.`
}
