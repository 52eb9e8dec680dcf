/** The SMPP door: a message centre (SMSC) for the clients (ESMEs) of our accounts. */
import type { Server } from 'node:net'
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import { createResponse } from '../../codecs/smpp/create-body.ts'
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
  /** Listens already at host and port, and is taken over. */
  readonly listening?: Server
}

export interface SmppListener {
  readonly address: { readonly host: string; readonly port: number }
  close(deadlineMs: number): Promise<void>
}

/** Requests of ours that may wait for room in one session's window. */
const WAITING_MAX = 10_000
const DOOR = 'smpp'
/** SMPP 5.0 §4.2.5: a refusal may say more than its status. */
const TEXTS_SINCE = 0x50
/** Responses that name a message of ours. */
const HANDED_IN: ReadonlySet<string> = new Set([
  'submit_sm_resp',
  'data_sm_resp',
  'submit_multi_resp',
])

export async function openSmppListener(
  options: SmppListenerOptions,
  parts: SmppDoorParts,
): Promise<SmppListener> {
  const { clients, clock, observer } = parts
  const pace = createPace(parts.rates)

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

  function answerOf(
    said: SmppAnswer | Objection,
    client: Client,
    { command }: MessageRequest,
    { peerVersion = 0 }: SmppSession,
  ): SmppAnswer {
    if (!isObjection(said)) return said
    const { reason, commandStatus } = said
    const dialect = parts.findDialect(client.account.dialect)
    const row = reason === undefined || dialect === undefined ? undefined : faceOf(dialect, reason)
    observer.refused(DOOR, row?.code ?? printStatus(commandStatus))
    // Earlier versions have no body in a refusal (SMPP 3.4 §4.4.2).
    if (row === undefined || peerVersion < TEXTS_SINCE) return { commandStatus }
    return { commandStatus, ...worded(command, `${row.code} ${row.text}`) }
  }

  /** Where a yes came too late for its client, the message remembers it. */
  async function noteLost(said: SmppAnswer | Objection, session: SmppSession): Promise<void> {
    if (isObjection(said) || clients.accountOf(session) !== undefined) return
    const { response } = said
    if (response !== undefined && HANDED_IN.has(response.command) && 'messageId' in response) {
      await parts.answerLost(response.messageId)
    }
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
      const answer = (said: SmppAnswer | Objection) => answerOf(said, client, body, session)
      if (!pace.pass(client, clock.now())) return answer(refused('call-rate-exceeded'))
      try {
        const said = await perform(body, client)
        await noteLost(said, session)
        return answer(said)
      } catch (error) {
        parts.alarm(`smpp ${body.command} of ${client.account.id}`, error)
        return answer(refused('internal-error'))
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
    ...(options.listening === undefined ? {} : { listening: options.listening }),
    onProblem: ({ kind, address, detail }) => {
      if (kind === 'handler-failed') parts.alarm(`smpp from ${address}`, new Error(detail))
    },
  })
  return {
    address: server.address,
    close: (deadlineMs) => server.close({ deadlineMs }),
  }
}

/** A response that says the dialect's own code, where it has room for words. */
function worded(
  command: MessageRequest['command'],
  additionalStatusInfoText: string,
): Pick<SmppAnswer, 'response'> {
  const response = createResponse(command)
  if (!('tlvs' in response)) return {}
  return { response: { ...response, tlvs: { additionalStatusInfoText } } }
}
