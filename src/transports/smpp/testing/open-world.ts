/** A server for tests, with a handler that lets everybody in and keeps what it is given. */

import type { TestContext } from 'node:test'
import { createResponse } from '../../../codecs/smpp/create-body.ts'
import { connectSmpp } from '../client.ts'
import type { SmppClientOptions } from '../client-options.ts'
import type {
  MessageRequest,
  SmppAnswer,
  SmppClosed,
  SmppServerHandler,
  SmppSession,
} from '../handler.ts'
import type { SmppProblem } from '../problem.ts'
import { openSmppServer, type SmppServer } from '../server.ts'
import type { SmppServerOptions } from '../server-options.ts'
import { createManualClock, type ManualClock } from './manual-clock.ts'
import { bindBody, openRawClient, type RawPeer } from './raw-peer.ts'

/** A yes with a message_id where the response has one. */
export function yes(body: MessageRequest, messageId = 'm1'): SmppAnswer {
  const response = createResponse(body.command)
  return {
    commandStatus: 0,
    response: 'messageId' in response ? { ...response, messageId } : response,
  }
}

/** A server and what its handler saw. */
export interface World {
  readonly server: SmppServer
  readonly port: number
  readonly clock: ManualClock
  readonly requests: readonly MessageRequest[]
  readonly problems: readonly SmppProblem[]
  /** Sessions in the order in which they bound. */
  readonly bound: readonly SmppSession[]
  /** The end of the next session that was bound. */
  ended(): Promise<SmppClosed>
  /** A raw client that has bound. */
  client(command?: Parameters<typeof bindBody>[0]): Promise<RawPeer>
}

/** Opens one; `handler` replaces single members. */
export async function openWorld(
  t: TestContext,
  options: Partial<Omit<SmppServerOptions, 'handler'>> = {},
  handler: Partial<SmppServerHandler> = {},
): Promise<World> {
  const clock = createManualClock()
  const requests: MessageRequest[] = []
  const problems: SmppProblem[] = []
  const bound: SmppSession[] = []
  const ends: SmppClosed[] = []
  let wake = () => {}
  const server = await openSmppServer({
    host: '127.0.0.1',
    port: 0,
    systemId: 'carillon',
    clock,
    onProblem: (problem) => problems.push(problem),
    ...options,
    handler: {
      bind: () => ({ commandStatus: 0 }),
      request(body) {
        requests.push(body)
        return yes(body, `m${requests.length}`)
      },
      bound: (session) => void bound.push(session),
      closed: (_session, closed) => {
        ends.push(closed)
        wake()
      },
      ...handler,
    },
  })
  t.after(() => server.close({ deadlineMs: 0 }))
  const { port } = server.address
  return {
    server,
    port,
    clock,
    requests,
    problems,
    bound,
    async ended() {
      for (;;) {
        const found = ends.shift()
        if (found !== undefined) return found
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async client(command) {
      const peer = await openRawClient(port)
      t.after(() => peer.socket.destroy())
      peer.send(bindBody(command), 1)
      await peer.next()
      return peer
    },
  }
}

/** Binds our own client to a port; fails the test if it is not let in. */
export async function bindTo(
  t: TestContext,
  port: number,
  options: Partial<SmppClientOptions> = {},
): Promise<SmppSession> {
  const connected = await connectSmpp({
    host: '127.0.0.1',
    port,
    bindAs: 'transceiver',
    systemId: 'client',
    password: 'secret',
    handler: { request: (body) => yes(body) },
    ...options,
  })
  if (connected.kind !== 'bound') throw new Error(JSON.stringify(connected))
  t.after(() => connected.session.hangUp())
  return connected.session
}
