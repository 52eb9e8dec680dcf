/** From nothing to a connection ready for MAIL: TCP, greeting, hello, TLS, authentication. */

import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import {
  NO_EXTENSIONS,
  parseExtensions,
  type SmtpExtensions,
} from '../../codecs/smtp/extensions.ts'
import { isPositive, type ReceivedReply } from '../../codecs/smtp/reply.ts'
import { encodePlain, encodeSaslLine } from '../../codecs/smtp/sasl.ts'
import { describeError } from '../describe-error.ts'
import type { SmtpClientOptions, SmtpTimeouts } from './client-options.ts'
import type { Cut } from './cut.ts'
import { lostBefore, refusedByClient, refusedByPeer } from './results.ts'
import type { SendNotSent, SendRefused } from './send-result.ts'
import { Wire } from './wire.ts'

/** A connection on which mail can be sent. */
export interface ReadyConnection {
  readonly kind: 'ready'
  readonly wire: Wire
  readonly extensions: SmtpExtensions
  readonly secure: boolean
}

type Failure = SendRefused | SendNotSent

/** HELO may be understood where EHLO is not (RFC 5321 §3.2). */
const EHLO_UNKNOWN = new Set([500, 502, 504])

/** Connects and introduces itself. A `cut` ends it at once. */
export async function openConnection(
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
  cut: Cut,
): Promise<ReadyConnection | Failure> {
  const opened = await attempt(options, timeouts, cut)
  const handshakeFailed = opened.kind === 'not-sent' && opened.because === 'tls-failed'
  if (options.tls !== 'opportunistic' || !handshakeFailed) return opened
  return attempt({ ...options, tls: 'off' }, timeouts, cut)
}

async function attempt(
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
  cut: Cut,
): Promise<ReadyConnection | Failure> {
  const reached = await reach(options, timeouts, cut)
  if ('kind' in reached) return reached
  const wire = new Wire(reached.socket)
  cut.onMade(() => wire.abort('aborted', 'aborted by the caller'))
  const introduced = await introduce(wire, { ...options, host: reached.host }, timeouts)
  cut.onMade(undefined)
  if (introduced.kind === 'refused') void wire.quit(timeouts.quitMs)
  else if (introduced.kind === 'not-sent') wire.abort('closed', introduced.detail)
  return introduced
}

interface Reached {
  readonly socket: Socket
  readonly host: string
}

/** The first host that takes the connection. */
async function reach(
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
  cut: Cut,
): Promise<Reached | SendNotSent> {
  const found = (await options.findHosts?.()) ?? { kind: 'hosts', hosts: [options.host] }
  if (found.kind !== 'hosts') {
    const because = found.kind === 'none' ? 'no-such-host' : 'connect-failed'
    return { kind: 'not-sent', phase: 'connect', because, detail: found.detail }
  }
  let failed: SendNotSent | undefined
  for (const host of found.hosts) {
    if (cut.made) break
    const socket = await connect({ ...options, host }, timeouts, cut)
    if (!('kind' in socket)) return { socket, host }
    // One that leads nowhere among others that are only down does not make the domain a dead one.
    if (failed === undefined || failed.because === 'no-such-host') failed = socket
  }
  const detail = 'aborted by the caller'
  return failed ?? { kind: 'not-sent', phase: 'connect', because: 'aborted', detail }
}

function connect(
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
  cut: Cut,
): Promise<Socket | SendNotSent> {
  const { host, port, localAddress } = options
  const place = { host, port, ...(localAddress === undefined ? {} : { localAddress }) }
  const implicit = options.tls === 'implicit'
  return new Promise((resolve) => {
    const socket = implicit ? connectTls({ ...place, ...tlsSettings(options) }) : connectTcp(place)
    const fail = (because: SendNotSent['because'], detail: string) => {
      settled()
      socket.on('error', () => undefined)
      socket.destroy()
      resolve({ kind: 'not-sent', phase: 'connect', because, detail })
    }
    let connected = false
    const onError = (error: Error) =>
      fail(connected ? 'tls-failed' : unreached(error), describeError(error))
    const timer = setTimeout(
      () => fail('timeout', `no connection in ${timeouts.connectMs} ms`),
      timeouts.connectMs,
    )
    const settled = () => {
      clearTimeout(timer)
      cut.onMade(undefined)
      socket.removeListener('error', onError)
    }
    socket.once('connect', () => {
      connected = true
    })
    socket.once(implicit ? 'secureConnect' : 'connect', () => {
      settled()
      socket.setNoDelay(true)
      resolve(socket)
    })
    socket.on('error', onError)
    cut.onMade(() => fail('aborted', 'aborted by the caller'))
  })
}

/** `ENOTFOUND` is the resolver's word that there is no such name; silence is `EAI_AGAIN`. */
function unreached(error: NodeJS.ErrnoException): 'no-such-host' | 'connect-failed' {
  return error.code === 'ENOTFOUND' ? 'no-such-host' : 'connect-failed'
}

function tlsSettings(options: SmtpClientOptions) {
  const { host, tls, tlsOptions } = options
  // SNI carries names only; `host` is what the certificate of an address is held against. Over a
  // socket that is open already Node would look for `localhost` in it instead.
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return { host, ...servername, rejectUnauthorized: tls !== 'opportunistic', ...tlsOptions }
}

async function introduce(
  wire: Wire,
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
): Promise<ReadyConnection | Failure> {
  const greeting = await wire.hear(timeouts.greetingMs)
  if (greeting.kind === 'lost') return lostBefore('greeting', greeting)
  if (!isPositive(greeting.reply)) return refusedByPeer('greeting', greeting.reply)
  let hello = await sayHello(wire, options, timeouts)
  if ('kind' in hello) return hello
  let secure = options.tls === 'implicit'
  if (options.tls === 'required' || (options.tls === 'opportunistic' && hello.startTls)) {
    const upgraded = await startTls(wire, hello, options, timeouts)
    if (typeof upgraded !== 'boolean') return upgraded
    secure = upgraded
    if (secure) {
      hello = await sayHello(wire, options, timeouts)
      if ('kind' in hello) return hello
    }
  }
  const failed = await authenticate(wire, hello, secure, options, timeouts)
  return failed ?? { kind: 'ready', wire, extensions: hello, secure }
}

async function sayHello(
  wire: Wire,
  { helloName }: SmtpClientOptions,
  { helloMs }: SmtpTimeouts,
): Promise<SmtpExtensions | Failure> {
  wire.write(`EHLO ${helloName}\r\n`)
  const ehlo = await wire.hear(helloMs)
  if (ehlo.kind === 'lost') return lostBefore('ehlo', ehlo)
  if (isPositive(ehlo.reply)) return parseExtensions(ehlo.reply)
  if (!EHLO_UNKNOWN.has(ehlo.reply.code)) return refusedByPeer('ehlo', ehlo.reply)
  wire.write(`HELO ${helloName}\r\n`)
  const helo = await wire.hear(helloMs)
  if (helo.kind === 'lost') return lostBefore('ehlo', helo)
  return isPositive(helo.reply) ? NO_EXTENSIONS : refusedByPeer('ehlo', helo.reply)
}

/** `true`: encrypted; `false`: the peer would not, and clear is good enough. */
async function startTls(
  wire: Wire,
  extensions: SmtpExtensions,
  options: SmtpClientOptions,
  timeouts: SmtpTimeouts,
): Promise<boolean | Failure> {
  if (!extensions.startTls) return tlsFailed('STARTTLS is not offered')
  wire.write('STARTTLS\r\n')
  const heard = await wire.hear(timeouts.tlsMs)
  if (heard.kind === 'lost') return lostBefore('tls', heard)
  if (heard.reply.code !== 220) {
    return options.tls === 'opportunistic' ? false : refusedByPeer('tls', heard.reply)
  }
  // What came in clear must not be taken for something said under TLS.
  if (wire.hasInput) return tlsFailed('the peer spoke between STARTTLS and the handshake')
  const failure = await handshake(wire, options, timeouts.tlsMs)
  if (failure === undefined) return true
  return wire.lost?.because === 'aborted' ? lostBefore('tls', wire.lost) : tlsFailed(failure)
}

function handshake(
  wire: Wire,
  options: SmtpClientOptions,
  tlsMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => wire.abort('timeout', `no TLS in ${tlsMs} ms`), tlsMs)
    const done = (failure: string | undefined) => {
      clearTimeout(timer)
      wire.whenLost(undefined)
      resolve(failure)
    }
    wire.whenLost(() => done(wire.lost?.detail ?? 'connection lost'))
    const secured = wire.replaceSocket((socket) =>
      connectTls({ socket, ...tlsSettings(options) }),
    ) as TLSSocket
    secured.once('secureConnect', () => done(undefined))
  })
}

async function authenticate(
  wire: Wire,
  { authMechanisms }: SmtpExtensions,
  secure: boolean,
  { auth, allowPlainAuth }: SmtpClientOptions,
  { authMs }: SmtpTimeouts,
): Promise<Failure | undefined> {
  if (auth === undefined) return undefined
  if (!secure && allowPlainAuth !== true) {
    return refusedByClient('auth', 538, '5.7.11', 'will not send a password in clear')
  }
  const plain = authMechanisms.includes('PLAIN')
  if (!plain && !authMechanisms.includes('LOGIN')) {
    return refusedByClient('auth', 504, '5.5.4', 'peer offers neither AUTH PLAIN nor LOGIN')
  }
  const lines = plain
    ? [`AUTH PLAIN ${encodePlain(auth)}`]
    : ['AUTH LOGIN', encodeSaslLine(auth.user), encodeSaslLine(auth.password)]
  let reply: ReceivedReply | undefined
  for (const line of lines) {
    wire.write(`${line}\r\n`)
    const heard = await wire.hear(authMs)
    if (heard.kind === 'lost') return lostBefore('auth', heard)
    reply = heard.reply
    if (reply.code !== 334) break
  }
  return reply === undefined || isPositive(reply) ? undefined : refusedByPeer('auth', reply)
}

function tlsFailed(detail: string): SendNotSent {
  return { kind: 'not-sent', phase: 'tls', because: 'tls-failed', detail }
}
