/**
 * Everything the policies look at, for each recipient of one message: directory and numbering plan
 * asked, nothing waited for. Shared by the doors whose dialects write down an order of policies.
 */
import type { Address } from '../core/address.ts'
import { type Account, type Directory, findBlock, OPEN_POLICY, ownerOf } from '../core/directory.ts'
import type { Channel } from '../core/message.ts'
import type { CarrierFact, PartyFacts, PolicyFacts, Verdict } from '../core/policy/facts.ts'
import type { NumberPlan } from '../engine/ports/number-plan.ts'

/** Sender or recipient as the client wrote it, and what the door made of it. */
export interface GivenParty {
  readonly given: string
  /** Absent: no address of any kind the channel takes. */
  readonly address?: Address
}

/** One message as a door read it. */
export interface PolicyQuestion {
  readonly account: Account
  readonly channel: Channel
  readonly sender: GivenParty
  /** To whom it is to go; one answer is given for each, in this order. */
  readonly recipients: readonly GivenParty[]
  /** Whom it shows (To and Cc); absent: its recipients. The size of its group is counted here. */
  readonly shown?: readonly GivenParty[]
  readonly path: PolicyFacts['path']
  /** The application the client names. */
  readonly applicationId?: string
  readonly content: PolicyFacts['content']
}

/** Where the facts come from. */
export interface FactSources {
  readonly directory: Directory
  readonly plan: NumberPlan
}

/** What had to be waited for; absent while nobody was asked. */
export interface AskedFacts {
  readonly filter?: Verdict
  /** By the recipient's index. */
  readonly carriers?: readonly (CarrierFact | undefined)[]
}

const CLEAN: Verdict = { kind: 'clean' }
const NOT_ASKED: CarrierFact = { kind: 'not-asked' }

/** The facts for each recipient, in their order. Never throws, whatever the client wrote. */
export function policyFactsOf(
  sources: FactSources,
  question: PolicyQuestion,
  { filter = CLEAN, carriers = [] }: AskedFacts = {},
): readonly PolicyFacts[] {
  const { directory } = sources
  const { account, channel, path, content } = question
  const sender = partyOf(sources, question.sender)
  const application = applicationOf(directory, question)
  const policy = account.policy ?? OPEN_POLICY
  const recipients = groupSize(question)
  return question.recipients.map((given, index) => {
    const { address } = given
    const block =
      address === undefined
        ? undefined
        : findBlock(directory, address, account.id, sender.address?.text)
    // Member by member: to spread what is common to all of them costs more than judging it.
    const facts: Mutable<PolicyFacts> = {
      channel,
      accountId: account.id,
      policy,
      sender,
      recipient: partyOf(sources, given, sender.country),
      recipients,
      path,
      carrier: carriers[index] ?? NOT_ASKED,
      content,
      filter,
    }
    if (application !== undefined) facts.application = application
    if (block !== undefined) facts.block = block
    return facts
  })
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A party without a country of its own is taken to be in `country`: short codes, emergency numbers. */
function partyOf(
  { directory, plan }: FactSources,
  { given, address }: GivenParty,
  country?: string,
): PartyFacts {
  const described = address?.kind === 'number' ? plan.describe(address.text) : undefined
  const home = described === undefined ? country : described.country
  const owner = address === undefined ? undefined : ownerOf(directory, address.text)
  const facts: Mutable<PartyFacts> = {
    given,
    line: described?.line ?? 'unknown',
    formValid: described?.formValid ?? address !== undefined,
    ownAccountLive: owner?.account !== undefined,
  }
  if (address !== undefined) facts.address = address
  if (home !== undefined) facts.country = home
  if (owner !== undefined) facts.own = owner.own
  return facts
}

/** Distinct recipients it shows, without the sender. */
function groupSize({ sender, recipients, shown = recipients }: PolicyQuestion): number {
  if (shown.length < 2) return shown.length
  const names = new Set(shown.map(nameOf))
  names.delete(nameOf(sender))
  return names.size
}

function nameOf({ given, address }: GivenParty): string {
  return address?.text ?? given
}

/** An application of nobody in particular is everybody's; one that is disabled is nobody's. */
function applicationOf(
  { applicationById }: Directory,
  { account, applicationId: id }: PolicyQuestion,
): PolicyFacts['application'] {
  if (id === undefined) return undefined
  const found = applicationById.get(id)
  const open = found?.account === undefined || found.account === account.id
  return { id, known: found?.enabled === true && open }
}
