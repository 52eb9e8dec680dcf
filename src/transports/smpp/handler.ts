/**
 * What a user of SMPP sessions sees and answers for, at either end. A session knows PDUs and nothing
 * of messages: what a submit_sm means, and whether it is kept, is the handler's decision alone.
 */

import type { RequestName } from '../../codecs/smpp/command.ts'
import type { AlertNotification, Bind, BodyOf, SmppBody } from '../../codecs/smpp/pdu.ts'
import type { PeerTls } from '../peer-tls.ts'

/** A value now or later. */
export type Awaitable<T> = T | Promise<T>

/** What a client bound as (SMPP 3.4 §2.2): which way messages may go. */
export type BoundAs = 'transmitter' | 'receiver' | 'transceiver'

/** The other end of a connection. */
export interface SmppPeer {
  /** IP address of the socket; IPv4 is never in its mapped IPv6 form. */
  readonly address: string
  readonly port: number
  /** `undefined` while the connection is in clear. */
  readonly tls: PeerTls | undefined
}

/** Requests a handler may be given and a user may send; the session sees to all others itself. */
export type MessageRequestName = Exclude<
  RequestName,
  'bind_transmitter' | 'bind_receiver' | 'bind_transceiver' | 'unbind' | 'enquire_link'
>

/** A request that carries or concerns a message. */
export type MessageRequest = BodyOf<MessageRequestName>

/** The response to a request, or the generic_nack that stood in for it. */
export type ResponseTo<R extends { readonly command: RequestName }> =
  | BodyOf<`${R['command']}_resp`>
  | BodyOf<'generic_nack'>

/** Why nothing was sent. The request is not with the peer. */
export type NotSent =
  /** As many requests are without an answer as may be, and no more may wait. */
  | 'window-full'
  /** The session is not bound, or not any more. */
  | 'not-bound'
  /** Bound, but not the way this request goes (a deliver_sm to a transmitter). */
  | 'wrong-direction'
  /** A field does not fit: `detail` names it. */
  | 'unwritable'

/** How one request of ours ended. A value in every case. */
export type SmppReply<R extends { readonly command: RequestName } = MessageRequest> =
  /** The peer answered, for good or ill. */
  | {
      readonly kind: 'answered'
      readonly commandStatus: number
      readonly sequenceNumber: number
      readonly response: ResponseTo<R>
    }
  /** The bytes went out and no answer came: nobody knows. A late one goes to `handler.late`. */
  | {
      readonly kind: 'unanswered'
      readonly because: 'timeout' | 'closed'
      readonly sequenceNumber: number
      readonly detail: string
    }
  | { readonly kind: 'not-sent'; readonly because: NotSent; readonly detail: string }

/** Why a session ended. */
export type SmppEnd =
  /** In order: one side sent unbind and the other answered. */
  | 'unbound'
  | 'peer-closed'
  | 'socket-failed'
  /** No bind in time. */
  | 'session-init-timeout'
  | 'bind-refused'
  | 'bind-flood'
  /** The peer did not answer our enquire_link: it is gone, or half open. */
  | 'peer-silent'
  /** Nothing came for the inactivity time. */
  | 'inactive'
  /** The peer does not take what we send. */
  | 'peer-not-reading'
  /** The stream cannot be read on: a length that is none. */
  | 'not-smpp'
  | 'too-many-faults'
  /** Another connection took its place, because too many had not bound. */
  | 'crowded-out'
  /** The work under way did not end in time while we were closing. */
  | 'drain-timeout'
  /** We hung up. */
  | 'hung-up'

/** How a session ended. */
export interface SmppClosed {
  readonly because: SmppEnd
  readonly detail: string
}

/** A session as its user sees it; the values are those of the moment. */
export interface SmppSession {
  /** Unique within the server or process of the client, in order of arrival. */
  readonly id: number
  readonly peer: SmppPeer
  /** `undefined` before the bind was accepted. */
  readonly boundAs: BoundAs | undefined
  /** The system_id of the bind: who the client is. */
  readonly systemId: string | undefined
  /**
   * What the other side said it speaks: 0x34, 0x50; below 0x34 it understands no TLVs. `undefined`
   * before the bind, and where a centre did not say.
   */
  readonly peerVersion: number | undefined
  /** Whether requests may be sent: bound, and nobody is unbinding. */
  readonly open: boolean
  /** Requests of ours without an answer. */
  readonly outstanding: number
  /** Requests of ours that wait for room in the window. */
  readonly waiting: number
  /**
   * `sent`: requests of ours that were written so far, the session's own among them. `answered`: the
   * latest of them, by its place in that order, that the peer has answered; what was written before
   * it, answers of ours too, the peer has read.
   */
  readonly requests: { readonly sent: number; readonly answered: number }
  /** Requests of the peer that the handler has not answered. */
  readonly answering: number
  /**
   * Sends a request. Resolves with its answer, in whatever order answers come; never rejects.
   * `wait: false` answers `window-full` where it would otherwise wait for room.
   */
  request<R extends MessageRequest>(
    body: R,
    options?: { readonly wait?: boolean },
  ): Promise<SmppReply<R>>
  /**
   * Ends in order: takes no more, lets what is under way end, unbinds, closes. Resolves when the
   * connection is closed, at the latest soon after `deadlineMs`.
   */
  unbind(options?: { readonly deadlineMs?: number }): Promise<SmppClosed>
  /** Breaks the line without another word. */
  hangUp(): void
  /** Resolves once, when the session is over; never rejects. */
  readonly closed: Promise<SmppClosed>
}

/** How a request of the peer is answered. */
export interface SmppAnswer {
  /** 0 is yes, and means kept. */
  readonly commandStatus: number
  /** The response; left out, one without content is sent. Its command must be the request's. */
  readonly response?: SmppBody
}

/** No answer at all, as simulated peers do. The request leaves the window all the same. */
export const SILENCE = 'silence'

/** What either end's handler may have. Whatever throws or rejects is answered ESME_RSYSERR. */
export interface SmppHandler {
  /** A request of the peer. Say yes only after the message is kept. */
  request(body: MessageRequest, session: SmppSession): Awaitable<SmppAnswer | typeof SILENCE>
  /** An alert_notification came to us as a client. */
  alert?(body: AlertNotification, session: SmppSession): void
  /**
   * A response that nobody waits for: late, repeated or made up. A late submit_sm_resp brings the
   * message_id of what was reported `unanswered` under the same sequence number.
   */
  late?(
    answer: {
      readonly sequenceNumber: number
      readonly commandStatus: number
      readonly response: SmppBody
    },
    session: SmppSession,
  ): void
  /** The session is bound; requests may be sent. At a server, after `bind` said yes. */
  bound?(session: SmppSession): void
  /** A session that was bound is over. Called once for each `bound`. */
  closed?(session: SmppSession, closed: SmppClosed): void
}

/** Whether a client may bind. */
export interface BindVerdict {
  /** 0 lets the client in. */
  readonly commandStatus: number
  /** Bounds for this client in place of the server's. */
  readonly windowMax?: number
  readonly inboundWindowMax?: number
}

/** What a server's handler answers besides. */
export interface SmppServerHandler extends SmppHandler {
  /** A new connection; `false` closes it without a word. */
  connect?(peer: SmppPeer): boolean
  /** Whether this client may come in. Take the same time for yes and no: who waits learns nothing. */
  bind(body: Bind, session: SmppSession): Awaitable<BindVerdict>
}
