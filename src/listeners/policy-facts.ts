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
  const common = {
    channel,
    accountId: account.id,
    policy: account.policy ?? OPEN_POLICY,
    sender,
    recipients: groupSize(question),
    path,
    ...(application === undefined ? {} : { application }),
    content,
    filter,
  }
  return question.recipients.map((given, index) => {
    const { address } = given
    const block =
      address === undefined
        ? undefined
        : findBlock(directory, address, account.id, sender.address?.text)
    return {
      recipient: partyOf(sources, given, sender.country),
      carrier: carriers[index] ?? NOT_ASKED,
      ...common,
      ...(block === undefined ? {} : { block }),
    }
  })
}

/** A party without a country of its own is taken to be in `country`: short codes, emergency numbers. */
function partyOf(
  { directory, plan }: FactSources,
  { given, address }: GivenParty,
  country?: string,
): PartyFacts {
  const home = country === undefined ? {} : { country }
  if (address === undefined) {
    return { given, line: 'unknown', formValid: false, ownAccountLive: false, ...home }
  }
  const owner = ownerOf(directory, address.text)
  const ownership = {
    ownAccountLive: owner?.account !== undefined,
    ...(owner === undefined ? {} : { own: owner.own }),
  }
  return address.kind === 'number'
    ? { given, address, ...plan.describe(address.text), ...ownership }
    : { given, address, line: 'unknown', formValid: true, ...home, ...ownership }
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
