/**
 * Requests about an earlier message: CancelReq, ReplaceReq and their extended forms. Who asks comes
 * first, then the message that is meant, its recipients and its state, then the values given; load
 * comes last. TS 23.140 §8.7.3 and §8.7.4.
 */
import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Mm7Request } from '../../codecs/mm7/request-reader.ts'
import type { Mm7Operation, Received, Recipient } from '../../codecs/mm7/types.ts'
import { type Address, printAddress } from '../../core/address.ts'
import type { Objection, RequestFacts } from '../../core/checks/check.ts'
import { type CheckName, firstObjection } from '../../core/checks/index.ts'
import type { Account } from '../../core/directory.ts'
import type { Replacement, Revision, RevisionTarget } from '../../engine/reviser.ts'
import type { ContentIntake, Intake } from '../content-intake.ts'
import { credentialsOf, identify, identifyParts } from './authenticate.ts'
import type { DoorParts, Mm7Dialect } from './door.ts'
import {
  type AnswerStyle,
  DEFAULT_STYLE,
  type Done,
  type Echo,
  type Given,
  objectionAnswer,
  successAnswer,
} from './respond.ts'
import {
  applicationFacts,
  badElementsOf,
  extrasOf,
  filled,
  givenRecipient,
  momentOf,
  optional,
  versionFacts,
} from './translate.ts'

const RESPONSES = {
  CancelReq: 'CancelRsp',
  ReplaceReq: 'ReplaceRsp',
  extendedCancelReq: 'extendedCancelRsp',
  extendedReplaceReq: 'extendedReplaceRsp',
} as const satisfies Readonly<Record<string, Done['name']>>

type FollowUp = Extract<Received<Mm7Operation>, { readonly name: keyof typeof RESPONSES }>
type Replacing = Extract<FollowUp, { readonly name: 'ReplaceReq' | 'extendedReplaceReq' }>

/** Whether an operation is about an earlier message. */
export function isFollowUp(operation: Received<Mm7Operation>): operation is FollowUp {
  return Object.hasOwn(RESPONSES, operation.name)
}

/** One such request, read. */
export interface GivenFollowUp {
  readonly request: IncomingMessage
  readonly body: Mm7Request
  readonly operation: FollowUp
  readonly transactionId: string
  readonly echo: Echo
  readonly intake: ContentIntake
}

/** Checks of who asks and in what form; those of whom and what a message is for do not apply. */
const BEFORE: ReadonlySet<CheckName> = new Set([
  'version-present',
  'message-id-present',
  'version',
  'version-namespace',
  'sender-identification',
  'vaspid',
  'vasid',
  'credentials',
  'client-address',
  'api-enabled',
  'read-reply',
  'account-enabled',
  'application',
  'reply-application',
])

/** Checks of what is given instead; the message that is meant is known by then. */
const AFTER: ReadonlySet<CheckName> = new Set([
  'element-values',
  'content-readable',
  'content-types',
  'content-size',
  'call-rate',
])

export function createFollowUp(parts: DoorParts, dialect: Mm7Dialect) {
  const { checkOrder, elements } = dialect.mm7
  const before = checkOrder.filter((name) => BEFORE.has(name))
  const after = checkOrder.filter((name) => AFTER.has(name))
  const identifying = identifyParts(parts, dialect)

  return async function answerTo(given: GivenFollowUp): Promise<Given> {
    const { operation, echo, request } = given
    const intake = given.intake.finish()
    const facts = factsOf(given, intake, dialect)
    const credentials = credentialsOf(request)
    const directory = parts.directory()
    const { account, facts: accountFacts } = await identify(
      facts,
      credentials,
      directory,
      identifying,
    )
    const style = account?.mm7 ?? DEFAULT_STYLE
    const early = firstObjection(before, facts, accountFacts)
    if (early !== undefined) return refuse(echo, style, early)
    // Without an account the order has no identity check: a dialect table to mend.
    if (account === undefined) return refuse(echo, style, { reason: 'vaspid-unknown' })
    const target: RevisionTarget = {
      accountId: account.id,
      messageId: facts.followUp?.messageId ?? '',
      ...optional('recipients', recipientsOf(operation)),
    }
    const revise = revisionOf(given, intake, target, account)
    const judged = await revise.judge()
    if (judged.kind === 'refused') return refuse(echo, style, judged)
    const late = firstObjection(after, facts, accountFacts)
    if (late !== undefined) return refuse(echo, style, late)
    const revision = await revise.make()
    if (revision.kind === 'refused') return refuse(echo, style, revision)
    const done: Done = {
      name: RESPONSES[operation.name],
      messageId: target.messageId,
      left: revision.left.map(printAddress),
    }
    return { answer: successAnswer(dialect, echo, style, done), refused: false }
  }

  function refuse(echo: Echo, style: AnswerStyle, objection: Objection): Given {
    return { answer: objectionAnswer(dialect, echo, style, objection), refused: true }
  }

  function revisionOf(
    { operation, transactionId }: GivenFollowUp,
    intake: Intake,
    target: RevisionTarget,
    account: Account,
  ): { judge(): Promise<Revision>; make(): Promise<Revision> } {
    const { reviser } = parts
    if (operation.name === 'CancelReq' || operation.name === 'extendedCancelReq') {
      return { judge: () => reviser.judgeCancel(target), make: () => reviser.cancel(target) }
    }
    const request = digestOf(transactionId, operation, intake)
    return {
      judge: () => reviser.judgeReplace(target, request),
      make: () => reviser.replace(target, replacementOf(operation, intake, request, account)),
    }
  }

  function replacementOf(
    operation: Replacing,
    intake: Intake,
    request: string,
    { mm7 }: Account,
  ): Replacement {
    const now = parts.clock.now()
    const { content, earliestDeliveryTime, readReply, serviceCode } = operation
    const extended = operation.name === 'extendedReplaceReq' ? operation : undefined
    const notBefore = elements.earliestDeliveryTime === 'kept' ? earliestDeliveryTime : undefined
    return {
      envelope: {
        ...optional('serviceCode', serviceCode),
        ...optional('readReports', elements.readReply === 'kept' ? readReply : undefined),
        ...optional(
          'deliveryReports',
          mm7?.reports === true ? extended?.deliveryReport : undefined,
        ),
        ...optional('adaptationAllowed', content?.allowAdaptations),
        ...(operation.name === 'ReplaceReq' ? extrasOf(operation, elements) : {}),
      },
      ...(content === undefined ? {} : { content: intake.content }),
      ...optional('notBefore', momentOf(notBefore, now)),
      ...optional('expiresAt', momentOf(extended?.expiryDate, now)),
      request,
    }
  }
}

/**
 * CancelID and ReplaceID are ids the client attached earlier. By which element, no public text of
 * the standard says; here they are the MessageID of the message itself.
 */
function messageIdOf(operation: FollowUp): string | undefined {
  switch (operation.name) {
    case 'CancelReq':
    case 'ReplaceReq':
      return filled(operation.messageId)
    case 'extendedCancelReq':
      return filled(operation.cancelId)
    case 'extendedReplaceReq':
      return filled(operation.replaceId)
  }
}

/** In one of the four the ids stand in the request itself. */
function senderOf(operation: FollowUp) {
  return operation.name === 'extendedReplaceReq' ? operation : operation.senderIdentification
}

/** An address that is none is no recipient of any message. */
function recipientsOf(operation: FollowUp): readonly Address[] | undefined {
  if (operation.name !== 'CancelReq') return undefined
  return operation.recipients?.map(({ address }: Recipient) => {
    const { raw, address: read } = givenRecipient(address)
    return read ?? { kind: 'email', text: raw }
  })
}

function factsOf(
  { body, operation }: GivenFollowUp,
  intake: Intake,
  { mm7 }: Mm7Dialect,
): RequestFacts {
  const sender = senderOf(operation)
  const replacing = body.present.has('Content')
  const found = body.content.kind === 'part' && body.broken.length === 0
  const readReply = 'readReply' in operation && operation.readReply === true
  return {
    version: versionFacts(operation.mm7Version, body.namespace === '' ? undefined : body.namespace),
    ...optional('vaspId', filled(sender?.vaspId)),
    ...optional('vasId', filled(sender?.vasId)),
    recipients: [],
    recipientsBroken: false,
    replyCharging: false,
    chargedParty: false,
    readReply: mm7.elements.readReply === 'kept' && readReply,
    ...('applicId' in operation || 'replyApplicId' in operation
      ? applicationFacts(operation, mm7.elements)
      : {}),
    followUp: { ...optional('messageId', messageIdOf(operation)) },
    badElements: badElementsOf(body),
    subjectCharacters: 0,
    contentPresent: replacing,
    contentReadable: !replacing || (found && intake.readable && intake.content.parts.length > 0),
    partTypesReadable: intake.typesReadable,
    hasPresentation: intake.hasPresentation,
    contentBytes: intake.decodedBytes,
  }
}

/** Time stamps stay out: a client renews them when it repeats a request. */
function digestOf(transactionId: string, operation: Replacing, intake: Intake): string {
  const { timeStampMs: _stamp, ...given } = operation
  const text = JSON.stringify([transactionId, given, intake.digest])
  return hash('sha256', text, 'base64url')
}
