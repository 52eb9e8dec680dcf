/** The SMPP door: a message centre (SMSC) for the clients (ESMEs) of our accounts. */
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import { faceOf } from '../../dialects/face.ts'
import type {
  MessageRequest,
  SmppAnswer,
  SmppServerHandler,
  SmppSession,
} from '../../transports/smpp/handler.ts'
import { openSmppServer } from '../../transports/smpp/server.ts'
import type { GateTls } from '../../transports/tls-gate.ts'
import { judgeBind } from './bind.ts'
import type { Client, SmppDoorParts } from './door.ts'
import { cancel, query, replace } from './follow-up.ts'
import { isObjection, type Objection, objection, refused } from './objection.ts'
import { createPace } from './pace.ts'
import { submit } from './submit.ts'

export interface SmppListenerOptions {
  readonly host: string
  readonly port: number
  /** What we call ourselves towards clients. */
  readonly systemId: string
  readonly sessionsMax: number
  readonly sessionsPerAddressMax: number
  readonly bindTimeoutMs: number
  readonly enquireLinkMs: number
  readonly inactivityMs: number
  readonly responseTimeoutMs: number
  readonly tls?: GateTls
}

export interface SmppListener {
  readonly address: { readonly host: string; readonly port: number }
  close(deadlineMs: number): Promise<void>
}

/** Requests of ours that may wait for room in one session's window. */
const WAITING_MAX = 10_000
const DOOR = 'smpp'

export async function openSmppListener(
  options: SmppListenerOptions,
  parts: SmppDoorParts,
): Promise<SmppListener> {
  const { clients, clock, observer } = parts
  const pace = createPace()

  function clientOf(session: SmppSession): Client | undefined {
    const accountId = clients.accountOf(session)
    const account =
      accountId === undefined ? undefined : parts.directory().accountById.get(accountId)
    const access = account?.smpp
    if (account === undefined || access === undefined) return undefined
    return account.enabled && access.enabled ? { account, access } : undefined
  }

  function perform(
    body: MessageRequest,
    client: Client,
  ): Promise<SmppAnswer | Objection> | Objection {
    switch (body.command) {
      case 'submit_sm':
      case 'data_sm':
      case 'submit_multi': {
        const closed = parts.admission.refusal()
        if (closed !== undefined) return refused(closed)
        return submit(parts, client, body)
      }
      case 'query_sm':
        return query(parts, client, body)
      case 'cancel_sm':
        return cancel(parts, client, body)
      case 'replace_sm':
        return replace(parts, client, body)
      case 'deliver_sm':
        // Only a centre delivers; the session refuses it before it comes here.
        return objection(COMMAND_STATUS.ESME_RINVCMDID)
    }
  }

  function answerOf(said: SmppAnswer | Objection, client: Client): SmppAnswer {
    if (!isObjection(said)) return said
    const { reason, commandStatus } = said
    const dialect = parts.findDialect(client.account.dialect)
    const code =
      reason === undefined || dialect === undefined
        ? printStatus(commandStatus)
        : faceOf(dialect, reason).code
    observer.refused(DOOR, code)
    return { commandStatus }
  }

  const handler: SmppServerHandler = {
    bind: (body, session) => judgeBind(parts, body, session),
    bound(session) {
      const { systemId = '' } = session
      const account = parts.directory().accountBySystemId.get(systemId)
      // Binds are judged side by side: the last place may have been promised twice.
      if (account?.smpp === undefined || clients.count(account.id) >= account.smpp.sessionsMax) {
        void session.unbind()
        return
      }
      clients.add(account.id, session, account.smpp.deliverWindowMax)
      if (session.boundAs !== 'transmitter') parts.arrived(account.id)
    },
    closed: (session) => clients.remove(session),
    async request(body, session) {
      const client = clientOf(session)
      if (client === undefined) return { commandStatus: refused('account-disabled').commandStatus }
      if (!pace.pass(client, clock.now())) return answerOf(refused('call-rate-exceeded'), client)
      try {
        return answerOf(await perform(body, client), client)
      } catch (error) {
        parts.alarm(`smpp ${body.command} of ${client.account.id}`, error)
        return answerOf(refused('internal-error'), client)
      }
    },
  }

  const server = await openSmppServer({
    host: options.host,
    port: options.port,
    systemId: options.systemId,
    handler,
    limits: {
      sessionsMax: options.sessionsMax,
      sessionsPerAddressMax: options.sessionsPerAddressMax,
      sessionInitTimeoutMs: options.bindTimeoutMs,
      enquireLinkMs: options.enquireLinkMs,
      inactivityMs: options.inactivityMs,
      responseTimeoutMs: options.responseTimeoutMs,
      waitingMax: WAITING_MAX,
    },
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    onProblem: ({ kind, address, detail }) => {
      if (kind === 'handler-failed') parts.alarm(`smpp from ${address}`, new Error(detail))
    },
  })
  return {
    address: server.address,
    close: (deadlineMs) => server.close({ deadlineMs }),
  }
}
