/**
 * Messages of handsets that a carrier's message centre brings over our own binds: whole ones and parts,
 * each for the account that owns the number it was sent to. A yes means kept. For trouble of ours the
 * centre is asked to come again; what it cannot mend is refused for good, or it would come for ever.
 */
import { hash } from 'node:crypto'
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { DataSm, DeliverSm } from '../../codecs/smpp/pdu.ts'
import { type Address, parseMsisdn } from '../../core/address.ts'
import type { SmppCarrier } from '../../core/carrier.ts'
import { consentOf } from '../../core/consent.ts'
import { type Account, type Directory, type OwnNumber, ownerOf } from '../../core/directory.ts'
import type { Submission } from '../../core/message.ts'
import type { Reason } from '../../core/reason.ts'
import type { Acceptance } from '../../engine/accept.ts'
import type { Admission } from '../../engine/admission.ts'
import type { ArrivingPart, Holding } from '../../engine/assembler.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import { addressOf } from '../smpp/address.ts'
import { decodeContent } from '../smpp/content.ts'
import { isObjection } from '../smpp/objection.ts'
import { keptHeader, partHeader, readUserMessage, type UserMessage } from '../smpp/user-message.ts'

/** What it needs from the rest of the house. */
export interface SmppInboundParts {
  readonly directory: () => Directory
  readonly admission: Admission
  readonly clock: Clock
  readonly accept: (submission: Submission) => Promise<Acceptance>
  readonly hold: (part: ArrivingPart) => Promise<Holding>
  readonly alarm: (where: string, error: unknown) => void
  /** How long a message waits for its client, in milliseconds. */
  readonly validityMs: number
}

/** Takes a message in and says how it is answered, as a command_status. Never rejects. */
export type SmppInbound = (carrier: SmppCarrier, body: DeliverSm | DataSm) => Promise<number>

const NOTHING = new Uint8Array(0)
/** 132 bits of SHA-256. */
const DIGEST_CHARACTERS = 22

export function createSmppInbound(parts: SmppInboundParts): SmppInbound {
  const { admission, clock, directory } = parts

  async function take(carrier: SmppCarrier, body: DeliverSm | DataSm): Promise<number> {
    if (admission.refusal() !== undefined) return COMMAND_STATUS.ESME_RX_T_APPN
    const { source, destination } = body
    const sender = addressOf(source)
    if (sender === undefined) return COMMAND_STATUS.ESME_RINVSRCADR
    const owner = ownerOf(directory(), parseMsisdn(destination.addr) ?? destination.addr.trim())
    if (owner?.account === undefined) return COMMAND_STATUS.ESME_RINVDSTADR
    const message = readUserMessage(withMessage(body), carrier.smpp)
    if (isObjection(message)) return message.commandStatus
    const addressed: Addressed = {
      carrier,
      sender,
      own: owner.own,
      account: owner.account,
      expiresAt: clock.now() + parts.validityMs,
    }
    const part = partOf(addressed, message)
    if (part !== undefined) {
      const held = await parts.hold(part)
      return held.kind === 'refused' ? statusOf(held.reason) : COMMAND_STATUS.ESME_ROK
    }
    // What does not decode is shown as well as it can be: nobody will write it again.
    const decoded = decodeContent(message) ?? decodeContent(message, 'lenient')
    if (decoded === undefined) return COMMAND_STATUS.ESME_RX_P_APPN
    const consent = decoded.text === undefined ? undefined : consentOf(decoded.text)
    const kept = await parts.accept({
      ...frameOf(addressed, message, keptHeader(message.elements)),
      content: decoded.content,
      ...(consent === undefined ? {} : { consent }),
    })
    return kept.kind === 'refused' ? statusOf(kept.reason) : COMMAND_STATUS.ESME_ROK
  }

  return (carrier, body) =>
    take(carrier, body).catch((error) => {
      parts.alarm(`message from ${carrier.name}`, error)
      return COMMAND_STATUS.ESME_RX_T_APPN
    })
}

function withMessage(body: DeliverSm | DataSm) {
  return body.command === 'data_sm' ? { ...body, shortMessage: NOTHING } : body
}

/** SMPP 3.4 §5.1.3: come again, or never again. */
function statusOf(reason: Reason): number {
  return TEMPORARY.has(reason) ? COMMAND_STATUS.ESME_RX_T_APPN : COMMAND_STATUS.ESME_RX_P_APPN
}

const TEMPORARY: ReadonlySet<Reason> = new Set([
  'storage-full',
  'overloaded',
  'draining',
  'internal-error',
])

/** Whose message it is. */
interface Addressed {
  readonly carrier: SmppCarrier
  readonly sender: Address
  readonly own: OwnNumber
  readonly account: Account
  readonly expiresAt: number
}

function frameOf(
  { carrier, sender, own, account, expiresAt }: Addressed,
  { alphabet, dataCoding, flash }: UserMessage,
  header: string | undefined,
): Omit<Submission, 'content'> {
  const number = parseMsisdn(own.number)
  const recipient: Address =
    number === undefined
      ? { kind: 'short-code', text: own.number }
      : { kind: 'number', text: number }
  return {
    accountId: account.id,
    direction: 'mo',
    channel: 'sms',
    dialect: account.dialect,
    peer: carrier.name,
    envelope: {
      sender,
      messageClass: 'personal',
      priority: 'normal',
      senderVisible: true,
      adaptationAllowed: true,
      deliveryReports: false,
      readReports: false,
      ...(own.service === undefined ? {} : { serviceId: own.service }),
      carrier: carrier.name,
      sms: {
        alphabet,
        dataCoding,
        ...(header === undefined ? {} : { header }),
        ...(flash ? { flash } : {}),
      },
    },
    recipients: [recipient],
    expiresAt,
  }
}

/** One part of several; the carrier's name keeps the references of two carriers apart. */
function partOf(addressed: Addressed, message: UserMessage): ArrivingPart | undefined {
  const { body, dataCoding, elements, place } = message
  if (place === undefined) return undefined
  const { carrier, sender, own } = addressed
  const { total, sequence, reference, referenceBits } = place
  const header = partHeader(elements)
  const octets = Buffer.from(body.buffer, body.byteOffset, body.length).toString('base64')
  const digest = hash('sha256', `${dataCoding} ${header ?? ''} ${octets}`, 'base64url' as 'base64')
  return {
    key: `peer ${carrier.name} ${sender.text} ${own.number} ${referenceBits} ${reference}`,
    total,
    sequence,
    fingerprint: digest.slice(0, DIGEST_CHARACTERS),
    receipt: false,
    submission: frameOf(addressed, message, header),
    octets,
    dataCoding,
  }
}
