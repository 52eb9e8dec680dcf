/**
 * The way to a client: a message from a handset becomes a DeliverReq at the client's callback. It is
 * a way out like any other, so lanes, leases and retries are the engine's.
 */
import { decodeTransfer, isTransferFault } from '../../codecs/mime/transfer.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { type OutgoingBody, writeMm7Body } from '../../codecs/mm7/multipart-writer.ts'
import type { Priority } from '../../codecs/mm7/types.ts'
import { hasApplications, namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Account, Directory, Mm7Access } from '../../core/directory.ts'
import type { Outcome } from '../../core/outcome.ts'
import { clientLane } from '../../engine/parts.ts'
import type { Attempt, Connector, Lane } from '../../engine/ports/connector.ts'
import { applicationElements } from './application.ts'
import type { CallbackClient } from './callback.ts'
import type { Mm7Dialect } from './door.ts'
import { addressElement, callbackLane, carrierHeader } from './report.ts'

/** Content-ID of the message part, as the providers write it. */
const CONTENT_ID = 'default.cid'

/** The lane of an account's inbound messages, by the dialect's postback plan. */
function laneOf(dialect: Mm7Dialect, access: Mm7Access): Lane {
  const plan = callbackLane('', dialect.mm7, access)
  return {
    concurrency: plan.concurrency,
    ...(plan.rate === undefined ? {} : { rate: plan.rate }),
    retry: plan.retry,
    attemptTimeoutMs: plan.attemptTimeoutMs,
    // A client's answer is its last word: nothing is awaited after it.
    responseTimeoutMs: plan.attemptTimeoutMs,
    reportWindowMs: plan.attemptTimeoutMs,
    // The transaction id is stable, so a client can drop what it has already.
    whenAmbiguous: 'resend',
  }
}

/** The way to one account, or nothing while it has no callback. */
export function createClientConnector(
  account: Account,
  dialect: Mm7Dialect,
  directory: () => Directory,
  callbacks: CallbackClient,
  random: () => number,
): Connector | undefined {
  const access = account.mm7
  const url = access?.callbackUrl
  if (access === undefined || url === undefined) return undefined

  async function deliver(attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const body = await deliverReq(attempt, dialect, random)
    if (body === undefined) return { kind: 'rejected', reason: 'attachment-unreadable' }
    return callbacks.call(
      {
        url: url ?? '',
        access: access as Mm7Access,
        transactionId: attempt.key,
        contentType: body.contentType,
        headers: carrierHeader(dialect.mm7, directory(), attempt.envelope.carrier ?? ''),
        body: Buffer.concat(body.pieces),
        connectTimeoutMs: dialect.mm7.postback.connectTimeoutMs,
        answerTimeoutMs: dialect.mm7.postback.answerTimeoutMs,
      },
      signal,
    )
  }

  return {
    name: clientLane(account.id),
    lane: laneOf(dialect, access),
    open: () => Promise.resolve(),
    deliver,
    close: () => Promise.resolve(),
  }
}

/** The request's bytes; `undefined` when a part cannot be decoded (it was refused on the way in). */
async function deliverReq(
  attempt: Attempt,
  dialect: Mm7Dialect,
  random: () => number,
): Promise<OutgoingBody | undefined> {
  const parts = []
  for (const part of attempt.content.parts) {
    const pieces: Uint8Array[] = []
    for await (const piece of attempt.open(part)) pieces.push(piece)
    const bytes = decodeTransfer(part.encoding, Buffer.concat(pieces))
    if (isTransferFault(bytes)) return undefined
    parts.push({
      contentType: part.contentType,
      body: [bytes],
      ...(part.contentId === undefined ? {} : { contentId: part.contentId }),
      ...(part.contentLocation === undefined ? {} : { contentLocation: part.contentLocation }),
    })
  }
  return writeMm7Body({
    envelope: deliverEnvelope(attempt, dialect, parts.length > 0),
    parts,
    contentId: CONTENT_ID,
    token: `${attempt.key}_${random().toString(36).slice(2)}`,
  })
}

function deliverEnvelope(attempt: Attempt, { mm7 }: Mm7Dialect, hasContent: boolean): string {
  const { envelope } = attempt
  return encodeMm7({
    transactionId: attempt.key,
    namespace: namespaceFor(mm7.defaultVersion),
    operation: {
      name: 'DeliverReq',
      mm7Version: mm7.defaultVersion,
      linkedId: attempt.messageId,
      sender: addressElement(envelope.sender, mm7),
      recipients: [
        { list: 'To', address: { ...addressElement(attempt.recipient, mm7), displayOnly: false } },
      ],
      timeStampMs: attempt.acceptedAt,
      priority: PRIORITIES[envelope.priority],
      ...(envelope.subject === undefined ? {} : { subject: envelope.subject }),
      ...(hasApplications(mm7.defaultVersion) ? applicationElements(envelope) : {}),
      ...(hasContent ? { content: { href: `cid:${CONTENT_ID}`, allowAdaptations: true } } : {}),
    },
  })
}

const PRIORITIES = { low: 'Low', normal: 'Normal', high: 'High' } as const satisfies Record<
  string,
  Priority
>
