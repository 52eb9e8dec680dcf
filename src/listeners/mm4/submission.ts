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
import type { Reason } from '../../core/reason.ts'
import type { Intake } from '../content-intake.ts'
import type { GivenParty, PolicyQuestion } from '../policy-facts.ts'
import { judgeByPolicies, type PolicyRefusal, type ShownContent } from '../policy-judge.ts'
import type { Verdict } from './answer.ts'
import type { Mm4DoorParts } from './door.ts'
import { parseEnvelopeAddress } from './peer.ts'
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
  readonly intake: Intake
  /** The MIME structure is broken. */
  readonly faulty: boolean
  /** Why a part that lies elsewhere is not there. */
  readonly unfetched?: Reason
  /** The whole mail as it came, in bytes: what a provider's limit counts. */
  readonly mailBytes: number
  readonly envelope: { readonly from: string; readonly to: readonly string[] }
  readonly say: (verdict: Verdict) => void
}

/** One recipient of the envelope, and what became of it. */
interface Settled {
  readonly path: string
  readonly reason: Reason | undefined
}

/** Resolves with the reply to the final dot, when what is accepted is on disk. */
export async function settleSubmission(submitted: Submitted): Promise<SmtpReply> {
  const { request, envelope, dialect, say } = submitted
  const objection = objectionTo(submitted)
  const settled =
    objection === undefined
      ? await judgeAndKeep(submitted)
      : envelope.to.map((path): Settled => ({ path, reason: objection }))
  if (!Array.isArray(settled)) return settled
  const reasons = new Set(settled.map(({ reason }) => reason))
  const [only] = reasons
  if (!request.ackRequest && reasons.size === 1 && only !== undefined) {
    return refusalReply(dialect, only)
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

/** What is wrong with the message whoever it is for, in the order of the stages. */
function objectionTo({
  account,
  request,
  intake,
  faulty,
  envelope,
  parts,
}: Submitted): Reason | undefined {
  if (faulty || !intake.readable) return 'request-unreadable'
  if (request.unclear !== undefined) return 'receipt-flag-invalid'
  if (!account.mm4.enabled) return 'api-not-enabled'
  if (!parts.rates.pass(account)) return 'call-rate-exceeded'
  const { domain } = parseEnvelopeAddress(envelope.from)
  const own = [account.mm4.domain, parts.identity.domain].map((name) => name.toLowerCase())
  return domain === undefined || own.includes(domain) ? undefined : 'identity-mismatch'
}

async function judgeAndKeep(submitted: Submitted): Promise<Settled[] | SmtpReply> {
  const { parts, dialect, request, intake, envelope } = submitted
  const question = questionOf(submitted)
  const refusals = await judgeByPolicies(
    parts.policies,
    dialect.mm4?.policyOrder ?? [],
    question,
    shownContent(request, intake),
  )
  const kept = await Promise.all(
    question.recipients.map(({ address }, index): Promise<Kept> | Kept => {
      const refusal = refusals[index]
      return refusal === undefined && submitted.unfetched !== undefined
        ? { kind: 'settled', reason: submitted.unfetched }
        : keep(submitted, address, refusal)
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
  { parts, account, request, intake }: Submitted,
  recipient: Address | undefined,
  refusal: PolicyRefusal | undefined,
): Promise<Kept> {
  if (recipient === undefined) {
    return { kind: 'settled', reason: refusal?.reason ?? 'recipient-invalid' }
  }
  const carrier = refusal === undefined ? await carrierOf(parts, account, recipient) : undefined
  const now = parts.clock.now()
  const plain = submissionOf(request, intake, account, recipient, now, parts.validityMs, carrier)
  const submission = refusal === undefined ? plain : refusedOf(plain, refusal)
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
  { reason, policy, rule }: PolicyRefusal,
): Submission {
  return { ...submission, refusals: [{ index: 0, reason, policy, rule }] }
}

function questionOf({ account, request, intake, envelope, mailBytes, parts }: Submitted) {
  const { applicId } = request
  const content = intake.inspected
  const question: PolicyQuestion = {
    account,
    channel: 'mms',
    sender: { given: request.from.raw, address: addressOf(request.from) },
    recipients: envelope.to.map(partyOfPath),
    shown: [...request.to, ...request.cc].map(partyOf),
    path: pathOf(request, parts),
    ...(applicId === undefined ? {} : { applicationId: applicId }),
    content: {
      // What was fetched is part of the payload, though it did not come with the mail.
      bytes: Math.max(mailBytes, intake.decodedBytes),
      media: content?.media ?? [],
      textReadable: content?.textReadable ?? true,
    },
  }
  return question
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

function pathOf(
  { received, forwardCounter = 0 }: ForwardReq,
  { identity }: Mm4DoorParts,
): PathFacts {
  return {
    hops: received.length,
    forwards: forwardCounter,
    seenHere: received.includes(identity.hostname.toLowerCase()),
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
