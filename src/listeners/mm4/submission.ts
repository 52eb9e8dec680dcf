/**
 * A message that a client hands in: judged for each recipient of the envelope in its dialect's order,
 * kept, and answered with one response for each verdict there was.
 */
import { parseMm4Address } from '../../codecs/mm4/address.ts'
import type { ForwardReq, Mm4Address } from '../../codecs/mm4/types.ts'
import type { SmtpReply } from '../../codecs/smtp/reply.ts'
import type { Address } from '../../core/address.ts'
import type { SpokenDialect } from '../../core/code-row.ts'
import { type Account, findCarrier, type Mm4Access } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { PathFacts } from '../../core/policy/facts.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import type { Awaitable } from '../../transports/smtp/handler.ts'
import type { Intake } from '../content-intake.ts'
import type { GivenParty, PolicyQuestion } from '../policy-facts.ts'
import { judgeByPolicies, type ShownContent } from '../policy-judge.ts'
import type { Verdict } from './answer.ts'
import { after, together } from './awaitable.ts'
import type { Mm4DoorParts } from './door.ts'
import type { ExternalBodies } from './external-body.ts'
import { namesUs, ownHops } from './loop.ts'
import {
  type Objection,
  objectionTo,
  orderBeforeContent,
  unfetched,
  unreadable,
  worthFetching,
} from './objection.ts'
import {
  acceptedVerdict,
  named,
  refusalReply,
  refusalVerdict,
  TAKEN,
  troubleReply,
} from './refusal.ts'
import { addressOf, submissionOf } from './translate.ts'

/** One message of a client. */
export interface Submitted {
  readonly parts: Mm4DoorParts
  readonly account: Account & { readonly mm4: Mm4Access }
  readonly dialect: SpokenDialect
  readonly request: ForwardReq
  /** Parts that lie elsewhere. */
  readonly externals: Pick<ExternalBodies, 'none' | 'fetch'>
  /** The content, when all of it is there. */
  readonly finish: () => Intake
  /** The MIME structure is broken. */
  readonly faulty: boolean
  /** The whole mail as it came, in bytes: what a provider's limit counts. */
  readonly mailBytes: number
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly say: (verdict: Verdict) => void
}

/** The same with its content and whom it is for. */
interface Whole {
  readonly submitted: Submitted
  readonly intake: Intake
  /** The envelope's recipients, in their order. */
  readonly recipients: readonly GivenParty[]
}

/** Answers the final dot when what is accepted is on disk. */
export function settleSubmission(submitted: Submitted): Awaitable<SmtpReply> {
  const paced = submitted.parts.rates.pass(submitted.account)
  const early = objectionTo(submitted, paced)
  if (early !== undefined || submitted.externals.none) {
    return settleWhole(submitted, paced, early, undefined)
  }
  return fetchMissing(submitted).then((missing) =>
    settleWhole(submitted, paced, undefined, missing),
  )
}

/** `early`: what is wrong whoever it is for; `missing`: why not all of the content is there. */
function settleWhole(
  submitted: Submitted,
  paced: boolean,
  early: Objection | undefined,
  missing: Objection | undefined,
): Awaitable<SmtpReply> {
  const intake = submitted.finish()
  const recipients = envelopeParties(submitted)
  const whole = { submitted, intake, recipients }
  const objection = unreadable(intake.readable) ?? early
  if (objection === undefined) return judgeAndKeep(whole, missing)
  // What comes too fast is not to cost a row each time.
  return keepAll(
    whole,
    recipients.map(() => objection),
    paced,
  )
}

/** `reasons` run along with the envelope's recipients; `undefined` is yes. */
function answer(
  { request, dialect, say, envelope }: Submitted,
  reasons: readonly (Reason | undefined)[],
): SmtpReply {
  if (!request.ackRequest) {
    // Some get it: what the others were refused for is told by reports.
    if (reasons.includes(undefined)) return TAKEN
    const all = reasons.filter((reason) => reason !== undefined)
    const reason = all.find((each) => REASONS[each].handling !== 'final') ?? all[0]
    return reason === undefined ? TAKEN : refusalReply(dialect, reason)
  }
  const verdicts = new Set(reasons)
  for (const reason of verdicts) {
    const verdict =
      reason === undefined ? acceptedVerdict(dialect) : refusalVerdict(dialect, reason)
    // A verdict on everybody needs no names.
    const about =
      verdicts.size === 1 ? [] : envelope.to.filter((_path, index) => reasons[index] === reason)
    const recipients = about.map((path) => named(request, path))
    say(recipients.length === 0 ? verdict : { ...verdict, recipients })
  }
  return TAKEN
}

/** Fetches what lies elsewhere, where somebody may get it; why it is not there. */
async function fetchMissing(submitted: Submitted): Promise<Objection | undefined> {
  const { externals, parts, mailBytes: bytes } = submitted
  const unseen = { bytes, media: [], textReadable: true }
  const question = questionOf(submitted, envelopeParties(submitted), unseen)
  if (!worthFetching(submitted, question)) return undefined
  const reason = await externals.fetch(parts.fetchInto, parts.clock)
  return reason === undefined ? undefined : unfetched(reason)
}

function judgeAndKeep(whole: Whole, missing: Objection | undefined): Awaitable<SmtpReply> {
  const { submitted, intake, recipients } = whole
  const { parts, dialect, request } = submitted
  const order = dialect.mm4?.policyOrder ?? []
  const judgement = judgeByPolicies(
    parts.policies,
    missing === undefined ? order : orderBeforeContent(order),
    questionOf(submitted, recipients, contentFacts(submitted, intake)),
    shownContent(request, intake),
  )
  return after(judgement, (refusals) =>
    keepAll(
      whole,
      missing === undefined ? refusals : refusals.map((refusal) => refusal ?? missing),
      true,
    ),
  )
}

/** `refusals` run along with the envelope's recipients. `traced`: refused ones are kept as well. */
function keepAll(
  whole: Whole,
  refusals: readonly (Objection | undefined)[],
  traced: boolean,
): Awaitable<SmtpReply> {
  const { submitted, recipients } = whole
  // Neither a response nor the reply to the final dot will tell those that were refused.
  const reported = !submitted.request.ackRequest && refusals.includes(undefined)
  const keeping = recipients.map(({ address }, index) => {
    const refusal = refusals[index]
    if (refusal !== undefined && !traced) return settledBy(refusal.reason)
    return keep(whole, address, refusal, reported)
  })
  return after(together(keeping), (kept) => {
    // One could not be kept: the peer repeats the mail, and those that were are duplicates.
    const lost = kept.find(({ kind }) => kind === 'lost')
    if (lost?.reason !== undefined) return troubleReply(lost.reason, submitted.dialect)
    return answer(
      submitted,
      kept.map(({ reason }) => reason),
    )
  })
}

interface Kept {
  readonly kind: 'settled' | 'lost'
  readonly reason: Reason | undefined
}

function settledBy(reason: Reason | undefined): Kept {
  return { kind: 'settled', reason }
}

function keep(
  { submitted, intake }: Whole,
  recipient: Address | undefined,
  refusal: Objection | undefined,
  reported: boolean,
): Awaitable<Kept> {
  if (recipient === undefined) return settledBy(refusal?.reason ?? 'recipient-invalid')
  const { parts, account, request } = submitted
  const carrier = refusal === undefined ? carrierOf(parts, account, recipient) : undefined
  return after(carrier, async (name) => {
    const now = parts.clock.now()
    const plain = submissionOf(request, intake, account, recipient, now, parts.validityMs, name)
    const submission = refusal === undefined ? plain : refusedOf(plain, refusal, reported)
    const acceptance = await parts.accept(submission)
    if (acceptance.kind === 'refused') return { kind: 'lost', reason: acceptance.reason }
    return settledBy(refusal?.reason)
  })
}

/**
 * Whose subscriber it is, where the account has look-ups: the routes are those of that carrier. The
 * judge has asked the same question, so the answer is at hand.
 */
function carrierOf(
  { policies, directory }: Mm4DoorParts,
  { carrierLookup }: Account,
  recipient: Address,
): Awaitable<string | undefined> {
  const { lookup } = policies
  if (!carrierLookup || lookup === undefined || recipient.kind !== 'number') return undefined
  if (directory().ownNumber.has(recipient.text)) return undefined
  return lookup
    .find(recipient.text)
    .then((found) =>
      found.kind === 'carrier' ? findCarrier(directory(), found.carrier)?.name : undefined,
    )
}

/** Kept for `trace`, and not as an answer to its repetition: what was wrong may be right by then. */
function refusedOf(
  submission: Submission,
  { reason, policy, rule }: Objection,
  reported: boolean,
): Submission {
  return {
    accountId: submission.accountId,
    direction: submission.direction,
    channel: submission.channel,
    dialect: submission.dialect,
    envelope: submission.envelope,
    recipients: submission.recipients,
    content: submission.content,
    refusals: [{ index: 0, reason, policy, rule }],
    ...(submission.expiresAt === undefined ? {} : { expiresAt: submission.expiresAt }),
    ...(reported ? { refusalsReported: true } : {}),
  }
}

function questionOf(
  { account, request, parts }: Submitted,
  recipients: readonly GivenParty[],
  content: PolicyQuestion['content'],
): PolicyQuestion {
  const { applicId } = request
  return {
    account,
    channel: 'mms',
    sender: { given: request.from.raw, address: addressOf(request.from) },
    recipients,
    shown: [...request.to, ...request.cc].map(partyOf),
    path: pathOf(request, parts),
    content,
    ...(applicId === undefined ? {} : { applicationId: applicId }),
  }
}

function contentFacts(
  { mailBytes }: Submitted,
  { inspected, decodedBytes }: Intake,
): PolicyQuestion['content'] {
  return {
    // What was fetched is part of the payload, though it did not come with the mail.
    bytes: Math.max(mailBytes, decodedBytes),
    media: inspected?.media ?? [],
    textReadable: inspected?.textReadable ?? true,
  }
}

function envelopeParties({ envelope }: Pick<Submitted, 'envelope'>): readonly GivenParty[] {
  return envelope.to.map(partyOfPath)
}

function partyOf(address: Mm4Address): GivenParty {
  return address.kind === 'system'
    ? { given: address.raw }
    : { given: address.raw, address: addressOf(address) }
}

/** The envelope decides who gets it; what stands there need not be an address. */
function partyOfPath(path: string): GivenParty {
  const address = parseMm4Address(path)
  return address === undefined ? { given: path } : partyOf(address)
}

function pathOf(request: ForwardReq, { identity }: Mm4DoorParts): PathFacts {
  const { received, forwardCounter = 0 } = request
  return {
    hops: received.length,
    forwards: forwardCounter,
    seenHere: ownHops(request, identity) > 0 || namesUs(request, identity),
  }
}

function shownContent({ subject }: ForwardReq, intake: Intake): ShownContent {
  return () => {
    const { inspected, digest, decodedBytes } = intake
    const parts = (inspected?.media ?? []).map(({ type }, index) => {
      const own = inspected?.digests[index]
      return own === undefined ? { type } : { type, digest: own }
    })
    return {
      ...(subject === undefined ? {} : { subject }),
      text: inspected?.text ?? '',
      parts,
      contentDigest: digest,
      bytes: decodedBytes,
    }
  }
}
