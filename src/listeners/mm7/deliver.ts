/**
 * The way to a client: a message from a handset becomes a DeliverReq at the client's callback. It is
 * a way out like any other, so lanes, leases and retries are the engine's.
 */
import { createTransferDecoder, isTransferFault } from '../../codecs/mime/transfer.ts'
import { encodeMm7 } from '../../codecs/mm7/encode.ts'
import { planMm7Body } from '../../codecs/mm7/multipart-writer.ts'
import type { Priority } from '../../codecs/mm7/types.ts'
import { hasApplications, namespaceFor } from '../../codecs/mm7/versions.ts'
import type { Account, Directory, Mm7Access } from '../../core/directory.ts'
import type { Part } from '../../core/message.ts'
import type { Outcome } from '../../core/outcome.ts'
import { clientLane } from '../../engine/parts.ts'
import type { Attempt, Connector, Lane } from '../../engine/ports/connector.ts'
import { applicationElements } from './application.ts'
import type { CallbackBody, CallbackClient } from './callback.ts'
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
    const { contentType, body, failure } = deliverReq(attempt, dialect, random)
    const outcome = await callbacks.call(
      {
        url: url ?? '',
        access: access as Mm7Access,
        transactionId: attempt.key,
        contentType,
        headers: carrierHeader(dialect.mm7, directory(), attempt.envelope.carrier ?? ''),
        body,
        connectTimeoutMs: dialect.mm7.postback.connectTimeoutMs,
        answerTimeoutMs: dialect.mm7.postback.answerTimeoutMs,
      },
      signal,
    )
    const failed = failure()
    if (failed === undefined) return outcome
    if (failed === BROKEN) return { kind: 'rejected', reason: 'attachment-unreadable' }
    // The client is not to blame for what we cannot read.
    throw failed
  }

  return {
    name: clientLane(account.id),
    lane: laneOf(dialect, access),
    open: () => Promise.resolve(),
    deliver,
    close: () => Promise.resolve(),
  }
}

interface DeliverBody {
  readonly contentType: string
  readonly body: CallbackBody
  /** Why a part could not be read, where the line was broken off for that. */
  failure(): unknown
}

/** A part that does not decode (such are refused on the way in): what was declared cannot be sent. */
const BROKEN = new Error('a stored part cannot be decoded')

/** The request: its parts stream from where they lie, so its memory is that of a few pieces. */
function deliverReq(attempt: Attempt, dialect: Mm7Dialect, random: () => number): DeliverBody {
  const { parts } = attempt.content
  const { contentType, contentLength, pieces } = planMm7Body({
    envelope: deliverEnvelope(attempt, dialect, parts.length > 0),
    parts: parts.map(({ contentType, contentId, contentLocation, decodedLength: bytes }) => ({
      contentType,
      bytes,
      ...(contentId === undefined ? {} : { contentId }),
      ...(contentLocation === undefined ? {} : { contentLocation }),
    })),
    contentId: CONTENT_ID,
    token: `${attempt.key}_${random().toString(36).slice(2)}`,
  })
  let failed: unknown
  return {
    contentType,
    body: {
      length: contentLength,
      async *open() {
        try {
          for (const piece of pieces) {
            const part = typeof piece === 'number' ? parts[piece] : undefined
            if (typeof piece !== 'number') yield piece
            else if (part !== undefined) yield* decoded(attempt, part)
          }
        } catch (error) {
          failed = error
          throw error
        }
      },
    },
    failure: () => failed,
  }
}

/** The bytes of a part without their transfer encoding: as many as were counted on the way in. */
async function* decoded(attempt: Attempt, part: Part): AsyncGenerator<Uint8Array> {
  const decoder = createTransferDecoder(part.encoding)
  let left = part.decodedLength
  function checked(bytes: ReturnType<typeof decoder.push>, last: boolean): Uint8Array {
    left -= isTransferFault(bytes) ? 0 : bytes.length
    if (!isTransferFault(bytes) && left >= 0 && (!last || left === 0)) return bytes
    throw BROKEN
  }
  for await (const piece of attempt.open(part)) {
    const bytes = checked(decoder.push(piece), false)
    if (bytes.length > 0) yield bytes
  }
  const rest = checked(decoder.end(), true)
  if (rest.length > 0) yield rest
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
