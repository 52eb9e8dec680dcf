/** The operators' view: the admin API of a running gateway, and its history of a message. */
import { readAdminToken } from '../../src/config/admin-token.ts'
import type { Delivery, MessageStory } from '../../src/engine/ports/store.ts'
import { until } from './inbox.ts'

/** What `GET /admin/messages/:id` tells. */
export type Trace = MessageStory & {
  readonly waiting: readonly { readonly index: number; readonly because: string }[]
}

export interface Operators {
  get(path: string): Promise<{ readonly status: number; readonly body: string }>
  /** Rejects when the answer is not 200. */
  post(path: string, body?: unknown): Promise<unknown>
  trace(messageId: string): Promise<Trace>
  /** The gateway's time, epoch milliseconds. */
  now(): Promise<number>
  /** The trace, as soon as every delivery is in one of these states and everything was told. */
  settled(messageId: string, ...states: readonly Delivery['state'][]): Promise<Trace>
}

export function createOperators(port: number, tokenPath: string): Operators {
  const base = `http://127.0.0.1:${port}`
  const headers = { authorization: `Bearer ${readAdminToken(tokenPath)}` }

  async function get(path: string) {
    const answer = await fetch(base + path, { headers })
    return { status: answer.status, body: await answer.text() }
  }

  async function json<T>(path: string): Promise<T> {
    const { status, body } = await get(path)
    if (status !== 200) throw new Error(`${path}: ${status} ${body}`)
    return JSON.parse(body) as T
  }

  const trace = (messageId: string) => json<Trace>(`/admin/messages/${messageId}`)

  return {
    get,
    async post(path, body) {
      const answer = await fetch(base + path, {
        method: 'POST',
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`)
      return JSON.parse(text) as unknown
    },
    trace,
    async now() {
      return (await json<{ now: number }>('/admin/status')).now
    },
    settled(messageId, ...states) {
      let seen = ''
      const look = async () => {
        const story = await trace(messageId)
        seen = story.deliveries.map(({ state, reason }) => `${state} ${reason ?? ''}`).join(', ')
        const done = story.deliveries.every(({ state }) => states.includes(state))
        return done && story.notices.every(({ parked }) => parked) ? story : undefined
      }
      return until(`${states.join(' or ')} of ${messageId}`, look).catch((error: Error) => {
        throw new Error(`${error.message}; it is ${seen}`)
      })
    },
  }
}
