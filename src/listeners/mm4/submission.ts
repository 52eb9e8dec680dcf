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
import type { Intake } from '../content-intake.ts'
import type { GivenParty, PolicyQuestion } from '../policy-facts.ts'
import { judgeByPolicies, type ShownContent } from '../policy-judge.ts'
import type { Verdict } from './answer.ts'
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

/** The same with its content. */
type Whole = Submitted & { readonly intake: Intake }

/** One recipient of the envelope, and what became of it. */
interface Settled {
  readonly path: string
  readonly reason: Reason | undefined
}

/** Resolves with the reply to the final dot, when what is accepted is on disk. */
export async function settleSubmission(submitted: Submitted): Promise<SmtpReply> {
  const paced = submitted.parts.rates.pass(submitted.account)
  const early = objectionTo(submitted, paced)
  const missing = early === undefined ? await fetchMissing(submitted) : undefined
  const whole: Whole = { ...submitted, intake: submitted.finish() }
  const objection = unreadable(whole.intake.readable) ?? early
  const settled =
    objection === undefined
      ? await judgeAndKeep(whole, missing)
      : await keepAll(
          whole,
          envelopeParties(whole).map(() => objection),
          // What comes too fast is not to cost a row each time.
          paced,
        )
  return Array.isArray(settled) ? answer(submitted, settled) : settled
}

function answer({ request, dialect, say }: Submitted, settled: readonly Settled[]): SmtpReply {
  const reasons = new Set(settled.map(({ reason }) => reason))
  if (!request.ackRequest) {
    // Some get it: what the others were refused for is told by reports.
    if (reasons.has(undefined)) return TAKEN
    const all = settled.flatMap(({ reason }) => (reason === undefined ? [] : [reason]))
    const reason = all.find((each) => REASONS[each].handling !== 'final') ?? all[0]
    return reason === undefined ? TAKEN : refusalReply(dialect, reason)
  }
  for (const reason of reasons) {
    const verdict =
      reason === undefined ? acceptedVerdict(dialect) : refusalVerdict(dialect, reason)
    // A verdict on everybody needs no names.
    const about = reasons.size === 1 ? [] : settled.filter((one) => one.reason === reason)
    const recipients = about.map(({ path }) => named(request, path))
    say(recipients.length === 0 ? verdict : { ...verdict, recipients })
  }
  return TAKEN
}

/** Fetches what lies elsewhere, where somebody may get it; why it is not there. */
async function fetchMissing(submitted: Submitted): Promise<Objection | undefined> {
  const { externals, parts, mailBytes: bytes } = submitted
  if (externals.none) return undefined
  const unseen = { bytes, media: [], textReadable: true }
  if (!worthFetching(submitted, questionOf(submitted, unseen))) return undefined
  const reason = await externals.fetch(parts.fetchInto, parts.clock)
  return reason === undefined ? undefined : unfetched(reason)
}

async function judgeAndKeep(
  whole: Whole,
  missing: Objection | undefined,
): Promise<Settled[] | SmtpReply> {
  const { parts, dialect, request, intake } = whole
  const order = dialect.mm4?.policyOrder ?? []
  const refusals = await judgeByPolicies(
    parts.policies,
    missing === undefined ? order : orderBeforeContent(order),
    questionOf(whole, contentFacts(whole)),
    shownContent(request, intake),
  )
  return keepAll(
    whole,
    refusals.map((refusal) => refusal ?? missing),
    true,
  )
}

/** `refusals` run along with the envelope's recipients. `traced`: refused ones are kept as well. */
async function keepAll(
  whole: Whole,
  refusals: readonly (Objection | undefined)[],
  traced: boolean,
): Promise<Settled[] | SmtpReply> {
  const { envelope, dialect, request } = whole
  // Neither a response nor the reply to the final dot will tell those that were refused.
  const reported = !request.ackRequest && refusals.includes(undefined)
  const kept = await Promise.all(
    envelopeParties(whole).map(({ address }, index): Promise<Kept> | Kept => {
      const refusal = refusals[index]
      if (refusal !== undefined && !traced) return { kind: 'settled', reason: refusal.reason }
      return keep(whole, address, refusal, reported)
    }),
  )
  // One could not be kept: the peer repeats the mail, and those that were are duplicates.
  const lost = kept.find(({ kind }) => kind === 'lost')
  if (lost?.reason !== undefined) return troubleReply(lost.reason, dialect)
  return envelope.to.map((path, index) => ({ path, reason: kept[index]?.reason }))
}

interface Kept {
  readonly kind: 'settled' | 'lost'
  readonly reason: Reason | undefined
}

async function keep(
  { parts, account, request, intake }: Whole,
  recipient: Address | undefined,
  refusal: Objection | undefined,
  reported: boolean,
): Promise<Kept> {
  if (recipient === undefined) {
    return { kind: 'settled', reason: refusal?.reason ?? 'recipient-invalid' }
  }
  const carrier = refusal === undefined ? await carrierOf(parts, account, recipient) : undefined
  const now = parts.clock.now()
  const plain = submissionOf(request, intake, account, recipient, now, parts.validityMs, carrier)
  const submission = refusal === undefined ? plain : refusedOf(plain, refusal, reported)
  const acceptance = await parts.accept(submission)
  if (acceptance.kind === 'refused') return { kind: 'lost', reason: acceptance.reason }
  return { kind: 'settled', reason: refusal?.reason }
}

/**
 * Whose subscriber it is, where the account has look-ups: the routes are those of that carrier. The
 * judge has asked the same question, so the answer is at hand.
 */
async function carrierOf(
  { policies, directory }: Mm4DoorParts,
  { carrierLookup }: Account,
  recipient: Address,
): Promise<string | undefined> {
  const { lookup } = policies
  const isOwn = directory().ownNumber.has(recipient.text)
  if (!carrierLookup || lookup === undefined || recipient.kind !== 'number' || isOwn) {
    return undefined
  }
  const found = await lookup.find(recipient.text)
  return found.kind === 'carrier' ? findCarrier(directory(), found.carrier)?.name : undefined
}

/** Kept for `trace`, and not as an answer to its repetition: what was wrong may be right by then. */
function refusedOf(
  { idempotency: _key, ...submission }: Submission,
  { reason, policy, rule }: Objection,
  reported: boolean,
): Submission {
  return {
    ...submission,
    refusals: [{ index: 0, reason, policy, rule }],
    ...(reported ? { refusalsReported: true } : {}),
  }
}

function questionOf(submitted: Submitted, content: PolicyQuestion['content']): PolicyQuestion {
  const { account, request, parts } = submitted
  const { applicId } = request
  return {
    account,
    channel: 'mms',
    sender: { given: request.from.raw, address: addressOf(request.from) },
    recipients: envelopeParties(submitted),
    shown: [...request.to, ...request.cc].map(partyOf),
    path: pathOf(request, parts),
    ...(applicId === undefined ? {} : { applicationId: applicId }),
    content,
  }
}

function contentFacts({ mailBytes, intake }: Whole): PolicyQuestion['content'] {
  const { inspected, decodedBytes } = intake
  return {
    // What was fetched is part of the payload, though it did not come with the mail.
    bytes: Math.max(mailBytes, decodedBytes),
    media: inspected?.media ?? [],
    textReadable: inspected?.textReadable ?? true,
  }
}

function envelopeParties({ envelope }: Submitted): readonly GivenParty[] {
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
