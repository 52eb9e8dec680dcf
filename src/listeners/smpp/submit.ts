/** Takes messages in: submit_sm, data_sm and submit_multi, whole or in parts. */
import { hash } from 'node:crypto'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { SmppAddress, Unsuccess } from '../../codecs/smpp/pdu.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import type { Address } from '../../core/address.ts'
import type { RefusedRecipient } from '../../core/message.ts'
import type { PolicyName } from '../../core/policy/index.ts'
import type { SmppAnswer } from '../../transports/smpp/handler.ts'
import type { PolicyQuestion } from '../policy-facts.ts'
import { type Judgement, judgeByPolicies } from '../policy-judge.ts'
import { addressOf } from './address.ts'
import { type DecodedContent, decodeContent } from './content.ts'
import type { Client, SmppDoorParts } from './door.ts'
import { type Draft, readDraft, type SubmitRequest } from './draft.ts'
import { isObjection, type Objection, refused } from './objection.ts'
import { type Parties, partOf, submissionOf } from './submission.ts'

/** For dialects that write down no order of their own. */
const POLICY_ORDER: readonly PolicyName[] = [
  'service-enabled',
  'sender-form',
  'recipient-form',
  'loop',
  'group-size',
  'emergency',
  'sender-fails',
  'sender-owned',
  'recipient-allowed',
  'sender-in-inventory',
  'sender-account',
  'recipient-account',
  'short-code',
  'country',
  'toll-free',
  'encoding',
  'content-size',
  'spam',
  'opt-out',
  'recipient-carrier',
]

const PATH = { hops: 0, forwards: 0, seenHere: false } as const
const EMPTY = new Uint8Array(0)

/** A destination and what became of it before the message was taken. */
interface Destination {
  readonly given: SmppAddress
  readonly address: Address | undefined
}

/** Answers a request of this client. Rejects only for an error of ours. */
export async function submit(
  parts: SmppDoorParts,
  client: Client,
  request: SubmitRequest,
): Promise<SmppAnswer | Objection> {
  const draft = readDraft(request, client.access, parts.clock.now(), parts.validityMs)
  if (isObjection(draft)) return draft
  if (request.source.addr === '') return refused('sender-missing')
  const { message } = draft
  // What is cut in two here is whole with its other parts.
  const decoded = message.place === undefined ? decodeContent(message) : undefined
  const unreadable = message.place === undefined && decoded === undefined
  const sender = addressOf(request.source)
  const destinations = draft.destinations.map(
    (given): Destination => ({ given, address: addressOf(given) }),
  )
  const question = questionOf(client, draft, sender, destinations, decoded, !unreadable)
  const order = parts.findDialect(client.account.dialect)?.mm4?.policyOrder ?? POLICY_ORDER
  const asked = judgeByPolicies(parts.policies, order, question, () => shownOf(draft, decoded))
  const judged = 'then' in asked ? await asked : asked
  if (sender === undefined) return refused(judged[0]?.reason ?? 'sender-malformed')
  const [only] = destinations
  if (request.command !== 'submit_multi' || only === undefined) {
    const refusal = judged[0]
    if (refusal !== undefined) return refused(refusal.reason)
    if (only?.address === undefined) return refused('recipient-invalid')
    if (unreadable) return refused('text-undecodable')
    const parties = { sender, recipients: [only.address], refusals: NO_REFUSALS }
    return keep(parts, client, draft, parties, decoded)
  }
  if (unreadable) return refused('text-undecodable')
  return submitMulti(parts, client, draft, sender, destinations, judged, decoded)
}

const NO_REFUSALS: readonly RefusedRecipient[] = []

/** Some of the destinations may be refused; the message is taken for the others. */
async function submitMulti(
  parts: SmppDoorParts,
  client: Client,
  draft: Draft,
  sender: Address,
  destinations: readonly Destination[],
  judged: Judgement,
  decoded: DecodedContent | undefined,
): Promise<SmppAnswer | Objection> {
  const unsuccess: Unsuccess[] = []
  const recipients: Address[] = []
  const refusals: RefusedRecipient[] = []
  let worst: Objection | undefined
  for (const [index, { given, address }] of destinations.entries()) {
    const refusal = judged[index]
    const no =
      refusal !== undefined || address === undefined
        ? refused(refusal?.reason ?? 'recipient-invalid')
        : undefined
    if (no !== undefined) {
      worst ??= no
      unsuccess.push({ address: given, commandStatus: no.commandStatus })
    }
    if (address === undefined) continue
    if (refusal !== undefined) refusals.push({ index: recipients.length, ...refusal })
    recipients.push(address)
  }
  if (worst !== undefined && unsuccess.length === destinations.length) return worst
  const answer = await keep(parts, client, draft, { sender, recipients, refusals }, decoded)
  if (isObjection(answer) || answer.response?.command !== 'submit_multi_resp') return answer
  return { ...answer, response: { ...answer.response, unsuccess } }
}

/** Keeps what is left to keep, and says so once it is kept. */
async function keep(
  parts: SmppDoorParts,
  client: Client,
  draft: Draft,
  parties: Parties,
  decoded: DecodedContent | undefined,
): Promise<SmppAnswer | Objection> {
  if (decoded !== undefined) {
    const kept = await parts.accept(submissionOf(client, draft, parties, decoded.content))
    return kept.kind === 'refused' ? refused(kept.reason) : taken(draft.request, kept.messageId)
  }
  const part = partOf(client, draft, parties)
  if (part === undefined) return refused('content-missing')
  const held = await parts.hold(part)
  return held.kind === 'refused' ? refused(held.reason) : taken(draft.request, held.id)
}

function taken({ command }: SubmitRequest, messageId: string): SmppAnswer {
  const commandStatus = COMMAND_STATUS.ESME_ROK
  switch (command) {
    case 'submit_sm':
      return { commandStatus, response: { command: 'submit_sm_resp', messageId, tlvs: NO_TLVS } }
    case 'data_sm':
      return { commandStatus, response: { command: 'data_sm_resp', messageId, tlvs: NO_TLVS } }
    case 'submit_multi':
      return {
        commandStatus,
        response: { command: 'submit_multi_resp', messageId, unsuccess: [], tlvs: NO_TLVS },
      }
  }
}

function questionOf(
  { account }: Client,
  { request, message }: Draft,
  sender: Address | undefined,
  destinations: readonly Destination[],
  decoded: DecodedContent | undefined,
  textReadable: boolean,
): PolicyQuestion {
  const bytes = decoded?.content.length ?? message.body.length
  return {
    account,
    channel: 'sms',
    sender: party(request.source, sender),
    recipients: destinations.map(({ given, address }) => party(given, address)),
    path: PATH,
    // Short messages are not told apart by media type.
    content: { bytes, media: [], textReadable },
  }
}

function party({ addr }: SmppAddress, address: Address | undefined) {
  return address === undefined ? { given: addr } : { given: addr, address }
}

function shownOf({ message }: Draft, decoded: DecodedContent | undefined) {
  const bytes = decoded?.content.inline ?? message.body
  const text = decoded?.text ?? decodeContent(message, 'lenient')?.text ?? ''
  const type = decoded?.content.parts[0]?.mediaType ?? 'application/octet-stream'
  const contentDigest = hash('sha256', bytes ?? EMPTY, 'hex')
  return { text, parts: [{ type, digest: contentDigest }], contentDigest, bytes: bytes.length }
}
