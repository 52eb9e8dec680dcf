/**
 * A client's way to a message centre: connect, TLS, bind, once. Trying again, and when, is for
 * whoever calls: only that one knows what else is bound and how urgent it is.
 */

import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { NO_ADDRESS } from '../../codecs/smpp/create-body.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { describeError } from '../describe-error.ts'
import { plainAddress } from '../peer-address.ts'
import { readPeerTls } from '../peer-tls.ts'
import {
  SMPP_CLIENT_LIMITS,
  type SmppClientLimits,
  type SmppClientOptions,
  type SmppConnected,
} from './client-options.ts'
import { beatMs, MACHINE_CLOCK, type SessionClock } from './clock.ts'
import type { SmppPeer } from './handler.ts'
import type { Ending } from './request-window.ts'
import { accepts, INTERFACE_VERSION, Link } from './session.ts'
import { waitingTimes } from './session-limits.ts'
import { bindCommand } from './session-rules.ts'

type Failed = Extract<SmppConnected, { kind: 'failed' }>

let lastId = 0

/** Connects and binds. Never rejects. */
export async function connectSmpp(options: SmppClientOptions): Promise<SmppConnected> {
  const limits: SmppClientLimits = { ...SMPP_CLIENT_LIMITS, ...options.limits }
  const clock = options.clock ?? MACHINE_CLOCK
  const beatEveryMs = beatMs([...waitingTimes(limits), limits.connectTimeoutMs])
  const socket = await openSocket(options, limits.connectTimeoutMs, clock, beatEveryMs)
  if ('kind' in socket) return socket

  let stopBeat = () => {}
  const link = new Link(++lastId, socket, peerOf(socket), {
    role: 'esme',
    limits,
    handler: options.handler,
    gate: undefined,
    now: () => clock.now(),
    problem: (problem) => options.onProblem?.(problem),
    bound: () => undefined,
    gone: () => stopBeat(),
  })
  stopBeat = clock.every(beatEveryMs, () => link.beat(clock.now()))
  return bind(link, options)
}

async function bind(link: Link, options: SmppClientOptions): Promise<SmppConnected> {
  const giveUp = () => link.hangUp()
  options.signal?.addEventListener('abort', giveUp, { once: true })
  if (options.signal?.aborted === true) giveUp()
  const ending = await link.bind({
    command: bindCommand(options.bindAs),
    systemId: options.systemId,
    password: options.password,
    systemType: options.systemType ?? '',
    interfaceVersion: options.interfaceVersion ?? INTERFACE_VERSION,
    addressRange: options.addressRange ?? NO_ADDRESS,
    tlvs: NO_TLVS,
  })
  options.signal?.removeEventListener('abort', giveUp)
  if (accepts(ending)) return { kind: 'bound', session: link }
  link.hangUp()
  return notBound(ending)
}

function notBound(ending: Ending): SmppConnected {
  if (ending.kind !== 'answered') return failed('bind', ending.detail)
  const { commandStatus } = ending
  return commandStatus === 0
    ? failed('bind', 'the centre answered by a generic_nack without a status')
    : { kind: 'refused', commandStatus }
}

function failed(phase: Failed['phase'], detail: string): Failed {
  return { kind: 'failed', phase, detail }
}

/** A socket that is connected and secured, or why there is none. */
function openSocket(
  options: SmppClientOptions,
  timeoutMs: number,
  clock: SessionClock,
  beatEveryMs: number,
): Promise<Socket | Failed> {
  const { host, port, tls, signal } = options
  if (signal?.aborted === true) return Promise.resolve(failed('connect', 'given up'))
  return new Promise((resolve) => {
    let phase: Failed['phase'] = 'connect'
    let deadlineAt = clock.now() + timeoutMs
    const servername = tls?.servername ?? (isIP(host) === 0 ? host : undefined)
    const socket =
      tls === undefined
        ? connect({ host, port })
        : connectTls({ host, port, ...tls, ...(servername === undefined ? {} : { servername }) })

    const end = (result: Socket | Failed) => {
      stopBeat()
      signal?.removeEventListener('abort', giveUp)
      socket.removeListener('error', onError)
      socket.removeListener('close', onClose)
      if (result !== socket) {
        socket.on('error', () => undefined)
        socket.destroy()
      }
      resolve(result)
    }
    const fail = (detail: string) => end(failed(phase, detail))
    const giveUp = () => fail('given up')
    const onError = (error: Error) => fail(describeError(error))
    const onClose = () => fail('the peer closed the connection')
    const stopBeat = clock.every(beatEveryMs, () => {
      if (clock.now() >= deadlineAt) fail(`nothing happened in ${timeoutMs} ms`)
    })

    signal?.addEventListener('abort', giveUp, { once: true })
    socket.on('error', onError)
    socket.on('close', onClose)
    socket.once('connect', () => {
      if (tls === undefined) end(socket)
      phase = 'tls'
      deadlineAt = clock.now() + timeoutMs
    })
    if (tls !== undefined) socket.once('secureConnect', () => end(socket))
  })
}

function peerOf(socket: Socket): SmppPeer {
  return {
    address: plainAddress(socket.remoteAddress ?? ''),
    port: socket.remotePort ?? 0,
    tls: socket instanceof TLSSocket ? readPeerTls(socket) : undefined,
  }
}
