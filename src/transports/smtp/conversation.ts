/**
 * One SMTP conversation without its socket: each command line gives a reply and says what follows it.
 *
 * States: before hello, idle, MAIL accepted, RCPT accepted; EHLO, HELO, RSET and the end of a message
 * lead back to idle, STARTTLS to before hello.
 */

import {
  type ParsedCommand,
  parseCommand,
  type SmtpCommand,
  type SmtpParams,
} from '../../codecs/smtp/command.ts'
import { isPositive, type SmtpReply } from '../../codecs/smtp/reply.ts'
import {
  decodePlain,
  decodeSaslLine,
  LOGIN_PASSWORD_PROMPT,
  LOGIN_USER_PROMPT,
} from '../../codecs/smtp/sasl.ts'
import type {
  Awaitable,
  SmtpDataSink,
  SmtpEnvelope,
  SmtpHandler,
  SmtpPeer,
  SmtpSession,
} from './handler.ts'
import * as say from './replies.ts'
import type { SmtpServerLimits } from './server-options.ts'

/** What to send, and what comes next on the line. */
export type Step =
  | { readonly next: 'command' | 'close' | 'tls'; readonly reply: SmtpReply }
  | { readonly next: 'data'; readonly reply: SmtpReply; readonly sink: SmtpDataSink }
  | ChunkStep

/** So many bytes follow, whatever becomes of them (RFC 3030 §2). */
export interface ChunkStep {
  readonly next: 'chunk'
  readonly bytes: number
  readonly last: boolean
  /** Where the message begins, or why the chunk is thrown away; absent: the message goes on. */
  readonly into?: SmtpDataSink | SmtpReply
}

/** What a conversation knows of its surroundings. */
export interface ConversationSettings {
  readonly hostname: string
  readonly handler: SmtpHandler
  readonly limits: SmtpServerLimits
  /** Whether STARTTLS can be had at all. */
  readonly startTls: boolean
  readonly allowPlainAuth: boolean
}

type AuthLine = (line: string) => Awaitable<Step>

/** The state of one conversation. */
export class Conversation implements SmtpSession {
  readonly id: number
  peer: SmtpPeer
  helloName: string | undefined
  user: string | undefined
  readonly hangUp: () => void
  private readonly settings: ConversationSettings
  private from: string | undefined
  private params: SmtpParams = new Map()
  private recipients: string[] = []
  private authLine: AuthLine | undefined
  private authFailures = 0
  private chunks: 'none' | 'open' | 'lost' = 'none'

  constructor(id: number, peer: SmtpPeer, settings: ConversationSettings, hangUp: () => void) {
    this.id = id
    this.peer = peer
    this.settings = settings
    this.hangUp = hangUp
  }

  /** Whether the next line belongs to an AUTH exchange; such lines may be longer. */
  get expectsAuthLine(): boolean {
    return this.authLine !== undefined
  }

  /** A message has begun that comes in chunks. */
  get chunking(): boolean {
    return this.chunks === 'open'
  }

  /** Forgets the transaction, if any. */
  reset(): void {
    this.from = undefined
    this.recipients = []
    this.chunks = 'none'
  }

  /** The message in chunks came to nothing: what follows of it is refused until RSET. */
  loseChunks(): void {
    this.chunks = 'lost'
  }

  /** The connection is encrypted now: all that was said in clear is void (RFC 3207 §4.2). */
  secured(peer: SmtpPeer): void {
    this.peer = peer
    this.helloName = undefined
    this.user = undefined
    this.reset()
  }

  /** Takes one line without its CRLF. May throw what the handler throws. */
  answer(line: string): Awaitable<Step> {
    if (this.authLine !== undefined) {
      const take = this.authLine
      this.authLine = undefined
      return line === '*' ? command(say.AUTH_CANCELLED) : take(line)
    }
    const parsed = parseCommand(line)
    return parsed.kind === 'command' ? this.obey(parsed.command) : notUnderstood(parsed)
  }

  private obey(given: SmtpCommand): Awaitable<Step> {
    switch (given.verb) {
      case 'EHLO':
      case 'HELO':
        return this.hello(given.verb, given.name)
      case 'MAIL':
        return this.mail(given.from, given.params)
      case 'RCPT':
        return this.rcpt(given.to, given.params)
      case 'DATA':
        return this.data()
      case 'RSET':
        this.reset()
        return command(say.OK)
      case 'NOOP':
        return command(say.OK)
      case 'HELP':
        return command(say.HELP)
      case 'VRFY':
        return command(say.CANNOT_VERIFY)
      case 'STARTTLS':
        return this.startTls()
      case 'AUTH':
        return this.auth(given.mechanism, given.initial)
      case 'BDAT':
        return this.chunk(given.bytes, given.last)
      case 'QUIT':
        return { next: 'close', reply: say.BYE }
    }
  }

  private hello(verb: 'EHLO' | 'HELO', name: string): Step {
    this.reset()
    this.helloName = name
    const { hostname, limits } = this.settings
    if (verb === 'HELO') return command(say.hello(hostname))
    const offers = [
      'PIPELINING',
      `SIZE ${limits.messageBytesMax}`,
      '8BITMIME',
      'CHUNKING',
      'ENHANCEDSTATUSCODES',
    ]
    if (this.settings.startTls && this.peer.tls === undefined) offers.push('STARTTLS')
    if (this.authOffered) offers.push('AUTH PLAIN LOGIN')
    return command(say.hello(hostname, ...offers))
  }

  private get authOffered(): boolean {
    const { handler, allowPlainAuth } = this.settings
    return handler.auth !== undefined && (this.peer.tls !== undefined || allowPlainAuth)
  }

  private mail(from: string, params: SmtpParams): Awaitable<Step> {
    if (this.helloName === undefined) return command(say.HELLO_FIRST)
    if (this.from !== undefined) return command(say.NESTED_MAIL)
    const objection = this.paramsObjection(params)
    if (objection !== undefined) return command(objection)
    return after(this.settings.handler.mail(from, params, this), (given) => {
      const reply = given ?? say.SENDER_OK
      if (isPositive(reply)) {
        this.from = from
        this.params = params
      }
      return command(reply)
    })
  }

  private paramsObjection(params: SmtpParams): SmtpReply | undefined {
    for (const [keyword, value] of params) {
      if (keyword === 'SIZE') {
        if (!/^\d{1,20}$/.test(value)) return say.PARAMETERS_BROKEN
        if (Number(value) > this.settings.limits.messageBytesMax) return say.TOO_LARGE
      } else if (keyword === 'BODY') {
        if (!/^(7BIT|8BITMIME)$/i.test(value)) return say.PARAMETER_UNKNOWN
      } else if (keyword !== 'AUTH' || !this.authOffered) {
        return say.PARAMETER_UNKNOWN
      }
    }
    return undefined
  }

  private rcpt(to: string, params: SmtpParams): Awaitable<Step> {
    if (this.from === undefined) return command(say.MAIL_FIRST)
    if (params.size > 0) return command(say.PARAMETER_UNKNOWN)
    if (this.recipients.length >= this.settings.limits.recipientsMax) {
      return command(say.TOO_MANY_RECIPIENTS)
    }
    return after(this.settings.handler.rcpt(to, params, this), (given) => {
      const reply = given ?? say.NO_RELAY
      if (isPositive(reply)) this.recipients.push(to)
      return command(reply)
    })
  }

  private data(): Awaitable<Step> {
    if (this.chunks !== 'none') {
      return command(this.chunks === 'open' ? say.CHUNKS_OPEN : say.CHUNKS_BROKEN)
    }
    const envelope = this.takeEnvelope()
    if ('code' in envelope) return command(envelope)
    return after(this.settings.handler.data(this, envelope), (given) =>
      'code' in given ? command(given) : { next: 'data', reply: say.START_MAIL, sink: given },
    )
  }

  /** What MAIL and RCPT said, once; or what is missing. */
  private takeEnvelope(): SmtpEnvelope | SmtpReply {
    if (this.from === undefined) return say.MAIL_FIRST
    if (this.recipients.length === 0) return say.NO_RECIPIENTS
    const envelope: SmtpEnvelope = { from: this.from, params: this.params, to: this.recipients }
    this.reset()
    return envelope
  }

  private chunk(bytes: number, last: boolean): Awaitable<Step> {
    const step = { next: 'chunk', bytes, last } as const
    if (this.chunks === 'lost') return { ...step, into: say.CHUNKS_BROKEN }
    if (this.chunks === 'open') {
      if (last) this.chunks = 'none'
      return step
    }
    const envelope = this.takeEnvelope()
    if ('code' in envelope) return { ...step, into: envelope }
    return after(this.settings.handler.data(this, envelope), (into) => {
      if ('code' in into) this.chunks = last ? 'none' : 'lost'
      else if (!last) this.chunks = 'open'
      return { ...step, into }
    })
  }

  private startTls(): Step {
    if (this.peer.tls !== undefined) return command(say.TLS_ALREADY)
    if (!this.settings.startTls) return command(say.NOT_IMPLEMENTED)
    return { next: 'tls', reply: say.GO_AHEAD_TLS }
  }

  private auth(mechanism: string, initial: string | undefined): Awaitable<Step> {
    if (this.settings.handler.auth === undefined) return command(say.NOT_IMPLEMENTED)
    if (!this.authOffered) return command(say.ENCRYPTION_REQUIRED)
    if (this.helloName === undefined) return command(say.HELLO_FIRST)
    if (this.user !== undefined || this.from !== undefined) return command(say.AUTH_NOT_NOW)
    if (mechanism === 'PLAIN') {
      return initial === undefined
        ? this.prompt('', (line) => this.plain(line))
        : this.plain(initial)
    }
    if (mechanism !== 'LOGIN') return command(say.MECHANISM_UNKNOWN)
    return initial === undefined
      ? this.prompt(LOGIN_USER_PROMPT, (line) => this.loginUser(line))
      : this.loginUser(initial)
  }

  private prompt(text: string, take: AuthLine): Step {
    this.authLine = take
    return command(say.prompt(text))
  }

  private plain(line: string): Awaitable<Step> {
    const found = decodePlain(line)
    return found === undefined
      ? command(say.AUTH_BROKEN)
      : this.authenticate(found.user, found.password)
  }

  private loginUser(line: string): Awaitable<Step> {
    const user = decodeSaslLine(line)
    if (user === undefined || user === '') return command(say.AUTH_BROKEN)
    return this.prompt(LOGIN_PASSWORD_PROMPT, (next) => {
      const password = decodeSaslLine(next)
      return password === undefined ? command(say.AUTH_BROKEN) : this.authenticate(user, password)
    })
  }

  private async authenticate(user: string, password: string): Promise<Step> {
    const right = (await this.settings.handler.auth?.(user, password, this.peer)) === true
    if (right) {
      this.user = user
      return command(say.AUTHENTICATED)
    }
    this.authFailures++
    const last = this.authFailures >= this.settings.limits.authFailuresMax
    return { next: last ? 'close' : 'command', reply: say.AUTH_FAILED }
  }
}

function command(reply: SmtpReply): Step {
  return { next: 'command', reply }
}

function notUnderstood(parsed: Exclude<ParsedCommand, { kind: 'command' }>): Step {
  if (parsed.kind === 'foreign') return { next: 'close', reply: say.NOT_SMTP }
  if (parsed.kind === 'unknown') return command(say.UNKNOWN_COMMAND)
  if (parsed.because === 'path-broken') {
    return command(parsed.verb === 'MAIL' ? say.SENDER_BROKEN : say.RECIPIENT_BROKEN)
  }
  return command(say.PARAMETERS_BROKEN)
}

/** Goes on at once with a value, later with a promise: no turn of the loop is lost without need. */
function after<T, R>(value: Awaitable<T>, next: (value: T) => R): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}
