/**
 * Takes what an upstream MMSC sends to its VASP, which is us: delivery reports, read replies and
 * messages from handsets. It opens no server of its own; whoever does mounts it under its prefix.
 * The answer is given when what the request brings is kept, and not before.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { contentType, parseContentType } from '../../codecs/mime/content-type.ts'
import {
  createMm7Reader,
  type Mm7Decoded,
  type Mm7Request,
} from '../../codecs/mm7/request-reader.ts'
import type { DeliverReq, Received } from '../../codecs/mm7/types.ts'
import { ownerOf } from '../../core/directory.ts'
import { FOR_CONSENT } from '../content-inspection.ts'
import { type ContentIntake, createContentIntake } from '../content-intake.ts'
import { readBody, UNDECLARED_BYTES } from '../mm7-body.ts'
import type { UpstreamDoorParts, UpstreamPeer } from './door.ts'
import { identifyCaller } from './identify.ts'
import {
  type Answer,
  type Echo,
  isServed,
  NOTHING_READ,
  no,
  type Refusal,
  send,
  turnedAway,
  yes,
} from './respond.ts'
import {
  type Inbound,
  type InboundRecipient,
  recipientsOf,
  reportOfDelivery,
  reportOfReading,
  senderOf,
  submissionOf,
} from './translate.ts'

/** Handles one request below the prefix. Never rejects. */
export type UpstreamHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  /** The client waits for leave to send its body (Expect: 100-continue). */
  awaitsContinue?: boolean,
) => Promise<void>

const DOOR = 'mm7-upstream'

export function createUpstreamHandler(parts: UpstreamDoorParts): UpstreamHandler {
  const { clock, limits, observer } = parts

  return async function handle(request, response, awaitsContinue = false) {
    const startedAt = clock.now()
    let answer: Answer | undefined
    try {
      answer = await answerTo(parts, request, response, awaitsContinue)
    } catch (error) {
      parts.alarm(DOOR, error)
      answer = no(NOTHING_READ, 'broken')
    }
    if (answer === undefined) return
    if (answer.http !== 200 || answer.code >= 2000) {
      observer.refused(DOOR, String(answer.code === 0 ? answer.http : answer.code))
    }
    send(request, response, answer, limits.drainBytesMax)
    observer.answered(DOOR, (clock.now() - startedAt) / 1000)
  }
}

async function answerTo(
  parts: UpstreamDoorParts,
  request: IncomingMessage,
  response: ServerResponse,
  awaitsContinue: boolean,
): Promise<Answer | undefined> {
  if (request.method !== 'POST') return turnedAway(405)
  const caller = await identifyCaller(request, parts)
  if (caller.kind === 'stranger') return turnedAway(caller.http)
  const length = declaredLength(request, parts.limits.requestBytesMax)
  if (typeof length === 'string') return no(NOTHING_READ, length)
  const room = parts.admission.enter(length ?? UNDECLARED_BYTES)
  if (typeof room === 'string') return no(NOTHING_READ, 'busy', room)
  const intake = createContentIntake(parts.media, FOR_CONSENT)
  try {
    if (awaitsContinue) response.writeContinue()
    const body = await readBody(request, {
      reader: readerFor(request, parts, intake),
      intake,
      bytesMax: parts.limits.requestBytesMax,
    })
    if (body === 'gone') return undefined
    if (body === 'too-large') return no(NOTHING_READ, 'too-large')
    return await answerBody(parts, caller.peer, body, intake)
  } finally {
    intake.abandon()
    room.release()
  }
}

/** The length a body is said to have; absent for a chunked one; or what is wrong with the head. */
function declaredLength(
  { headers }: IncomingMessage,
  requestBytesMax: number,
): number | undefined | Refusal {
  const given = headers['content-length']
  const chunked = headers['transfer-encoding'] !== undefined
  // Two ways to say where a body ends is how requests are smuggled (RFC 9112 §6.3).
  if (given !== undefined && chunked) return 'framing'
  if (given === undefined && !chunked) return 'length'
  const coding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (coding !== 'identity') return 'coding'
  if (given === undefined) return undefined
  if (!/^[0-9]{1,15}$/.test(given.trim())) return 'framing'
  return Number(given) > requestBytesMax ? 'too-large' : Number(given)
}

/**
 * Much is forgiven: an upstream cannot be asked to write otherwise, and what it says is lost when we
 * do not read it.
 */
const FORGIVING = {
  acceptsNamespace: () => true,
  acceptsEnvelopeNamespace: () => true,
  ignoresForeignHeaders: true,
  forgivesMissingBoundary: true,
  takesFirstPart: true,
} as const

function readerFor(
  { headers }: IncomingMessage,
  { limits }: UpstreamDoorParts,
  intake: ContentIntake,
) {
  const type = parseContentType(headers['content-type'] ?? '') ?? contentType('text/xml')
  return createMm7Reader(type, limits.mm7, intake, FORGIVING)
}

async function answerBody(
  parts: UpstreamDoorParts,
  peer: UpstreamPeer,
  body: Mm7Decoded,
  intake: ContentIntake,
): Promise<Answer> {
  if (body.kind === 'fault') {
    const { transactionId, mm7Version } = body
    return no({ transactionId, mm7Version, namespace: undefined }, 'unreadable', body.detail)
  }
  const { operation, transactionId, namespace } = body
  const echo: Echo = { transactionId, mm7Version: operation.mm7Version, namespace }
  if (!isServed(operation)) return no(echo, 'not-served', operation.name)
  if (operation.name === 'DeliverReq') {
    return answerDeliver(parts, peer, { ...body, operation }, echo, intake)
  }
  const { messageId = '', mmStatus = '' } = operation
  if (messageId === '' || mmStatus === '') {
    return no(echo, 'unreadable', messageId === '' ? 'MessageID' : 'MMStatus')
  }
  const report =
    operation.name === 'DeliveryReportReq'
      ? reportOfDelivery(operation, peer, (code) => parts.reasonOfCode?.(peer.name, code))
      : reportOfReading(operation)
  if (report !== undefined) {
    // Its ids are learnt from its answers, and a report may be faster than one.
    const receipt = await parts.receive(peer.name, messageId, report, true)
    if (receipt === 'unknown') return no(echo, 'message-not-found')
  }
  return yes(echo, operation.name)
}

type DeliverBody = Mm7Request & { readonly operation: Received<DeliverReq> }

async function answerDeliver(
  parts: UpstreamDoorParts,
  peer: UpstreamPeer,
  body: DeliverBody,
  echo: Echo,
  taking: ContentIntake,
): Promise<Answer> {
  const { operation: request, broken, content } = body
  const sender = senderOf(request)
  if (sender === undefined) return no(echo, 'unreadable', 'Sender')
  const recipients = recipientsOf(request)
  if (recipients.length === 0) return no(echo, 'address-error', 'Recipients')
  const intake = taking.finish()
  const absent = content.kind === 'missing' || content.kind === 'url'
  if (broken.length > 0 || !intake.readable || absent) {
    return no(echo, 'content-refused', 'Content')
  }
  const inbound: Inbound = {
    request,
    transactionId: body.transactionId ?? '',
    sender,
    intake,
    peer,
    expiresAt: parts.clock.now() + parts.validityMs,
  }
  const results = await Promise.all(
    recipients.map((recipient) => keepFor(parts, inbound, recipient)),
  )
  // One could not be kept: the upstream repeats the request, and those that were are duplicates.
  const trouble = results.find((result) => result === 'busy' || result === 'broken')
  if (trouble === 'busy' || trouble === 'broken') return no(echo, trouble)
  const lost = recipients.flatMap(({ key }, index) => (results[index] === 'not-ours' ? [key] : []))
  if (lost.length === recipients.length) return no(echo, 'address-not-found', lost.join(' '))
  return yes(echo, request.name, lost)
}

async function keepFor(
  parts: UpstreamDoorParts,
  inbound: Inbound,
  { address, key }: InboundRecipient,
): Promise<'kept' | 'not-ours' | 'busy' | 'broken'> {
  const owner = ownerOf(parts.directory(), key)
  if (owner?.account === undefined) return 'not-ours'
  const { own, account } = owner
  const acceptance = await parts.accept(
    submissionOf(inbound, address, {
      accountId: account.id,
      dialect: account.dialect,
      ...(own.service === undefined ? {} : { serviceId: own.service }),
    }),
  )
  if (acceptance.kind !== 'refused') return 'kept'
  const passing = ['storage-full', 'overloaded', 'draining'].includes(acceptance.reason)
  return passing ? 'busy' : 'broken'
}
