import { type OptOutChoice, optOutsOf } from '../opt-outs.ts'
import { problem } from '../problem.ts'
import type { AdminRoute } from '../route.ts'

const QUERY = {
  number: 'Only of this subscriber, with or without plus.',
  account: 'Only towards this account, by id.',
  sender: 'Only towards this number or short code of ours.',
} as const

/** Opt-outs shown at once. */
const SHOWN_MAX = 1000

/** Who said STOP, to whom, when. */
export const optOutsRoute = {
  method: 'GET',
  path: '/admin/opt-outs',
  summary: `Subscribers who want no more messages; ${SHOWN_MAX} at most.`,
  query: QUERY,
  answer: '`count` of all, and `optOuts`: `number`, `account`, `sender`, `because`.',
  handle({ query }, { directory }) {
    const found = optOutsOf(directory.current(), choiceOf(query))
    return { json: { count: found.length, optOuts: found.slice(0, SHOWN_MAX) } }
  },
} as const satisfies AdminRoute

/** For what was a mistake; a subscriber takes it back with START. */
export const optOutsRemoveRoute = {
  method: 'POST',
  path: '/admin/opt-outs/remove',
  summary: 'Takes the opt-outs of one subscriber back.',
  query: QUERY,
  answer: '`count`: how many were taken back.',
  async handle({ query }, { directory }) {
    const choice = choiceOf(query)
    // Everybody's at once would be a slip of the hand.
    if (choice.number === undefined) return problem('parameter-wrong', 'number is needed.')
    return { json: { count: (await directory.removeOptOuts(choice)).length } }
  },
} as const satisfies AdminRoute

function choiceOf(query: URLSearchParams): OptOutChoice {
  const digits = (name: string) => query.get(name)?.trim().replace(/^\+/, '')
  const [number, account, sender] = [digits('number'), query.get('account'), digits('sender')]
  return {
    ...(number === undefined ? {} : { number }),
    ...(account === null ? {} : { account }),
    ...(sender === undefined ? {} : { sender }),
  }
}
