/** Query parameters: read strictly, because a mistyped filter that is ignored shows too much. */
import { nearestName } from '../config/nearest-name.ts'
import { problem } from './problem.ts'
import type { AdminRoute, Reply } from './route.ts'

const MESSAGE_ID = /^[0-9]{18}$/

/** A reply that refuses a parameter the route does not have, or has twice. */
export function objectToQuery(route: AdminRoute, query: URLSearchParams): Reply | undefined {
  const known = Object.keys(route.query ?? {})
  for (const name of new Set(query.keys())) {
    if (!known.includes(name)) {
      const near = nearestName(name, known)
      const meant = near === undefined ? '' : ` Did you mean ${near}?`
      return problem('parameter-wrong', `There is no parameter ${JSON.stringify(name)}.${meant}`)
    }
    if (query.getAll(name).length > 1) return problem('parameter-wrong', `${name} is given twice.`)
  }
  return undefined
}

/** A whole number between 1 and `max`, or the reply that refuses it. */
export function readLimit(
  query: URLSearchParams,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number | Reply {
  const text = query.get('limit')
  if (text === null) return fallback
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= max) return limit
  return problem('parameter-wrong', `limit must be a whole number from 1 to ${max}.`)
}

/** True for the text of a message id. */
export function isMessageId(text: string): boolean {
  return MESSAGE_ID.test(text)
}
