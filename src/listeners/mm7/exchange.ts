/**
 * One MM7 request from its head to its answer. The order of things is the promise: judge the head,
 * stream the body into the store, judge the rest in the dialect's order, accept, and only then
 * answer.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mm7Fault, Mm7FaultName, Mm7Message } from '../../codecs/mm7/decode.ts'
import {
  createMm7Reader,
  type Mm7Decoded,
  type Mm7Request,
} from '../../codecs/mm7/request-reader.ts'
import type { Received, SubmitReq } from '../../codecs/mm7/types.ts'
import type { AccountFacts, Objection } from '../../core/checks/check.ts'
import { CONTENT_CHECKS } from '../../core/checks/content.ts'
import { firstObjection } from '../../core/checks/index.ts'
import type { Submission } from '../../core/message.ts'
import type { Reason } from '../../core/reason.ts'
import type { FirstAnswer, Wait } from '../../engine/watches.ts'
import { createContentIntake, type Intake } from '../content-intake.ts'
import { drain } from '../http-request.ts'
import { readBody, UNDECLARED_BYTES } from '../mm7-body.ts'
import { credentialsOf, identify, identifyParts } from './authenticate.ts'
import { carrierOf } from './carrier-of.ts'
import { type DoorParts, doorOf, type Mm7Dialect } from './door.ts'
import { createFollowUp, isFollowUp } from './follow-up.ts'
import { judgeHead } from './request-head.ts'
import {
  type Answer,
  type AnswerStyle,
  DEFAULT_STYLE,
  type Echo,
  type Given,
  objectionAnswer,
  refusalAnswer,
  send,
  successAnswer,
} from './respond.ts'
import {
  badElementsOf,
  factsOf,
  type GivenSubmit,
  isServed as isServedAddress,
  submissionOf,
  withCarrier,
  withMedia,
} from './translate.ts'
import type { Turns } from './turns.ts'

/** The code families of what can be wrong with a body, in the house's words. */
const FAULT_REASONS: Readonly<Record<Mm7FaultName, Reason>> = {
  'mime-unreadable': 'request-unreadable',
  'root-part-type': 'root-part-type-invalid',
  'charset-unknown': 'request-unreadable',
  'xml-unreadable': 'request-unreadable',
  'envelope-namespace': 'namespace-unknown',
  'soap-header': 'soap-header-invalid',
  'soap-body': 'soap-body-invalid',
  'operation-unknown': 'operation-unknown',
  'operation-namespace': 'namespace-unknown',
}

const NOTHING_READ: Echo = {
  transactionId: undefined,
  mm7Version: undefined,
  namespace: undefined,
}

/** Handles requests of one dialect. */
export function createExchange(parts: DoorParts, dialect: Mm7Dialect, turns: Turns) {
  const { observer, clock, media, limits } = parts
  const door = doorOf(dialect)
  const followUp = createFollowUp(parts, dialect)
  const identifying = identifyParts(parts, dialect)

  return async function exchange(
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ): Promise<void> {
    const startedAt = clock.now()
    try {
      const answer = await answerTo(request, response, awaitsContinue)
      if (answer === undefined) return
      if (answer.refused) observer.refused(door, answer.answer.code)
      reply(request, response, answer.answer)
      observer.answered(door, (clock.now() - startedAt) / 1000)
    } catch (error) {
      parts.alarm(door, error)
      const answer = refusalAnswer(dialect, NOTHING_READ, DEFAULT_STYLE, 'internal-error')
      observer.refused(door, answer.code)
      reply(request, response, answer)
    }
  }

  function refuse(
    echo: Echo,
    style: AnswerStyle,
    reason: Reason,
    at?: string,
    httpStatus?: number,
  ): Given {
    return { answer: refusalAnswer(dialect, echo, style, reason, at, httpStatus), refused: true }
  }

  async function answerTo(
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue: boolean,
  ): Promise<Given | undefined> {
    const judged = judgeHead(request, dialect.mm7, limits.requestBytesMax)
    if (judged.kind === 'refused') {
      return refuse(NOTHING_READ, DEFAULT_STYLE, judged.reason, judged.at, judged.httpStatus)
    }
    const room = parts.admission.enter(judged.head.contentLength ?? UNDECLARED_BYTES)
    if (typeof room === 'string') return refuse(NOTHING_READ, DEFAULT_STYLE, room)
    const intake = createContentIntake(media)
    try {
      if (awaitsContinue) response.writeContinue()
      const body = await readBody(request, {
        reader: createMm7Reader(judged.head.contentType, limits.mm7, intake),
        intake,
        bytesMax: Math.min(dialect.mm7.requestBytesMax, limits.requestBytesMax),
        atEnd: turns,
      })
      if (body === 'gone') return undefined
      if (body === 'too-large') {
        return refuse(NOTHING_READ, DEFAULT_STYLE, 'request-too-large', 'body')
      }
      return await judgeBody(request, body, intake, room)
    } finally {
      intake.abandon()
      room.release()
    }
  }

  async function judgeBody(
    request: IncomingMessage,
    body: Mm7Decoded,
    intake: ReturnType<typeof createContentIntake>,
    room: Room,
  ): Promise<Given> {
    if (body.kind === 'fault') return refuseFault(body)
    const { operation, transactionId, namespace } = body
    const echo: Echo = { transactionId, mm7Version: operation.mm7Version, namespace }
    if (!isServed(dialect, body) || transactionId === undefined) {
      return refuse(echo, DEFAULT_STYLE, 'operation-unsupported', operation.name)
    }
    if (isFollowUp(operation)) {
      return followUp({ request, body, operation, transactionId, echo, intake })
    }
    const given = givenSubmit(request, body, transactionId)
    return judgeSubmit(request, given, echo, intake.finish(), room)
  }

  function refuseFault(fault: Mm7Fault): Given {
    const echo: Echo = {
      transactionId: fault.transactionId,
      mm7Version: fault.mm7Version,
      // An answer in a namespace we refuse would be read by nobody.
      namespace: undefined,
    }
    return refuse(echo, DEFAULT_STYLE, FAULT_REASONS[fault.fault])
  }

  async function judgeSubmit(
    request: IncomingMessage,
    given: GivenSubmit,
    echo: Echo,
    intake: Intake,
    room: Room,
  ): Promise<Given> {
    const facts = factsOf(given, intake, dialect)
    const directory = parts.directory()
    const {
      account,
      service,
      facts: accountFacts,
    } = await identify(facts, credentialsOf(request), directory, identifying)
    const style = account?.mm7 ?? DEFAULT_STYLE
    const objection = firstObjection(dialect.mm7.checkOrder, facts, accountFacts)
    if (objection !== undefined) {
      return { answer: objectionAnswer(dialect, echo, style, objection), refused: true }
    }
    // Without an account the order has no identity check: a dialect table to mend.
    if (account === undefined) return refuse(echo, style, 'vaspid-unknown')
    const whole =
      given.contentUrl === undefined
        ? { given, intake }
        : await wholeOf(request, given, given.contentUrl, accountFacts)
    if ('reason' in whole) return refuse(echo, style, whole.reason, whole.at)
    const carrier = await carrierOf(facts, account, directory, finder(request))
    if (carrier.kind === 'refused') return refuse(echo, style, carrier.reason)
    const submission = submissionOf(
      whole.given,
      facts,
      whole.intake,
      account,
      service,
      dialect,
      directory,
      clock.now(),
    )
    const { lookedUp } = carrier
    const wanted = lookedUp === undefined ? submission : withCarrier(submission, lookedUp)
    const left = facts.recipients.filter((each) => !isServedAddress(each)).map(({ raw }) => raw)
    return takeOver(wanted, left, { request, echo, style, room })
  }

  /** `left`: recipients as written that the message does not go to. */
  async function takeOver(
    submission: Submission,
    left: readonly string[],
    { request, echo, style, room }: Asking,
  ): Promise<Given> {
    const acceptance = await parts.accept(submission)
    if (acceptance.kind === 'refused') return refuse(echo, style, acceptance.reason)
    // Its bytes are kept: whoever waits for an answer takes no room.
    room.release()
    const { wait } = acceptance
    const first = wait === undefined ? undefined : await firstWord(request, wait)
    if (first?.kind === 'refused') return refuse(echo, style, first.reason)
    return {
      answer: successAnswer(dialect, echo, style, {
        name: 'SubmitRsp',
        messageId: acceptance.messageId,
        left,
      }),
      refused: false,
    }
  }

  function finder(request: IncomingMessage) {
    const { carrierLookup } = parts
    if (carrierLookup === undefined) return undefined
    return (number: string) => whileThere(request, (signal) => carrierLookup.find(number, signal))
  }

  /** The request with the media it only pointed at, which are judged like any attachment. */
  async function wholeOf(
    request: IncomingMessage,
    given: GivenSubmit,
    contentUrl: string,
    accountFacts: AccountFacts,
  ): Promise<{ readonly given: GivenSubmit; readonly intake: Intake } | Objection> {
    const { fetchMedia } = parts
    if (fetchMedia === undefined) return { reason: 'media-fetch-failed' }
    const { mediaLengthRequired: lengthRequired, checkOrder } = dialect.mm7
    const fetched = await whileThere(request, (signal) =>
      fetchMedia(contentUrl, { lengthRequired, signal }),
    )
    if (typeof fetched === 'string') return { reason: fetched }
    const whole = withMedia(given, fetched)
    const order = checkOrder.filter((name) => Object.hasOwn(CONTENT_CHECKS, name))
    const facts = factsOf(whole.given, whole.intake, dialect)
    return firstObjection(order, facts, accountFacts) ?? whole
  }

  function givenSubmit(
    request: IncomingMessage,
    body: Mm7Request,
    transactionId: string,
  ): GivenSubmit {
    const header = dialect.mm7.carrierIdHeader?.toLowerCase()
    const carrierId = header === undefined ? undefined : request.headers[header]
    const isRecipients = (element: string) => element === 'Recipients'
    return {
      request: body.operation as Received<SubmitReq>,
      transactionId,
      namespace: body.namespace === '' ? undefined : body.namespace,
      badElements: badElementsOf(body),
      recipientsBroken: body.issues.some(
        ({ element, problem }) =>
          (isRecipients(element) || RECIPIENT_LISTS.has(element)) &&
          (problem === 'empty' || problem === 'bare-text'),
      ),
      contentPresent: body.present.has('Content'),
      contentFound: body.content.kind === 'part' && body.broken.length === 0,
      carrierId: typeof carrierId === 'string' ? carrierId.trim() : undefined,
      ...(body.content.kind === 'url' ? { contentUrl: body.content.href } : {}),
    }
  }

  /** Answers, and closes the line when the body was not read to its end. */
  function reply(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
    if (response.headersSent || response.destroyed) return
    const unread = !request.complete
    send(response, answer, unread)
    if (unread) drain(request, limits.drainBytesMax)
  }
}

/** Who asks, and how it is to be answered. */
interface Asking {
  readonly request: IncomingMessage
  readonly echo: Echo
  readonly style: AnswerStyle
  readonly room: Room
}

/** What the next hop says first, to a client that is still there to hear it. */
function firstWord(request: IncomingMessage, wait: Wait): Promise<FirstAnswer> {
  return whileThere(request, (signal) => {
    if (signal.aborted) wait.leave()
    signal.addEventListener('abort', wait.leave, { once: true })
    return wait.answer
  })
}

/** Room at the gate that a request holds until its bytes are kept. */
interface Room {
  release(): void
}

/** Has something done for a client, and aborts it when the client leaves. */
async function whileThere<Result>(
  { socket }: IncomingMessage,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const gone = new AbortController()
  const leave = () => gone.abort()
  socket.once('close', leave)
  if (socket.destroyed) leave()
  try {
    return await work(gone.signal)
  } finally {
    socket.off('close', leave)
  }
}

const RECIPIENT_LISTS: ReadonlySet<string> = new Set(['To', 'Cc', 'Bcc'])

function isServed(dialect: Mm7Dialect, { operation }: Mm7Message): boolean {
  const known = operation.name === 'SubmitReq' || isFollowUp(operation)
  return known && dialect.mm7.operations.includes(operation.name)
}
