/**
 * A short message as the submit_sm requests it takes: the cheapest alphabet the centre has, cut into
 * parts that say where they belong the way this centre wants it. The same delivery gives the same
 * requests each time, its concatenation reference included, so that a handset joins a repeated part
 * with the rest.
 */
import { decodeTransfer, isTransferFault } from '../../codecs/mime/transfer.ts'
import { createSubmitSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { SubmitSm } from '../../codecs/smpp/pdu.ts'
import { printRegisteredDelivery } from '../../codecs/smpp/registered-delivery.ts'
import { printAbsoluteTime, printRelativeTime } from '../../codecs/smpp/time.ts'
import type { SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import type { Alphabet } from '../../codecs/sms/alphabet.ts'
import { printDataCoding } from '../../codecs/sms/data-coding.ts'
import { type Split, splitOctets, splitText, type TextPart } from '../../codecs/sms/segmentation.ts'
import { type InformationElement, parseUdh } from '../../codecs/sms/udh.ts'
import { printUserData } from '../../codecs/sms/user-data.ts'
import type { Part, SmsDetails } from '../../core/message.ts'
import type { Reason } from '../../core/reason.ts'
import type { SmppPeer } from '../../core/smpp-peer.ts'
import type { Attempt } from '../../engine/ports/connector.ts'
import { destinationOf, sourceOf } from './address.ts'

/** The requests in their order, or why there are none. */
export type Submits =
  | { readonly kind: 'submits'; readonly bodies: readonly SubmitSm[] }
  | { readonly kind: 'unfit'; readonly reason: Reason; readonly raw: string }

/** Octets of a short message's content; more are no short message. */
const CONTENT_OCTETS_MAX = 256 * 1024
/** SMPP 3.4 §5.2.21. */
const SHORT_MESSAGE_OCTETS_MAX = 254
const REFERENCE_MASK = 0xffff
const FLASH_CLASS = 0
/** SMPP 3.4 §5.2.14: anything above 0 goes before the rest in GSM. */
const HIGH_PRIORITY = 1

/** `now`: epoch milliseconds. */
export async function submitsOf(attempt: Attempt, smpp: SmppPeer, now: number): Promise<Submits> {
  const source = sourceOf(attempt.envelope.sender, smpp)
  if (source === undefined) return unfit('sender-malformed', 'a sender with an @')
  const destination = destinationOf(attempt.recipient, smpp)
  if (destination === undefined) return unfit('recipient-invalid', 'a recipient with an @')
  const part = shortPartOf(attempt.content.parts)
  if (part === undefined) return unfit('content-refused', 'a content that is no short message')
  if (part.length > CONTENT_OCTETS_MAX) return unfit('too-large-for-carrier', 'no short message')
  const octets = decodeTransfer(part.encoding, await read(attempt, part))
  if (isTransferFault(octets)) return unfit('attachment-unreadable', octets.fault)
  const reference = referenceOf(attempt.key)
  const written = write(part, octets, attempt.envelope.sms, reference, smpp)
  if (written.kind === 'unfit') return written
  const fields: Fields = {
    source,
    destination,
    serviceType: attempt.envelope.sms?.serviceType ?? smpp.serviceType ?? '',
    protocolId: attempt.envelope.sms?.protocolId ?? 0,
    priorityFlag: attempt.envelope.priority === 'high' ? HIGH_PRIORITY : 0,
    validityPeriod: validityOf(attempt.expiresAt, now, smpp),
    registeredDelivery: printRegisteredDelivery({
      receipt: smpp.sendsReports ? 'final' : 'none',
      intermediate: smpp.sendsReports && smpp.intermediateReceipts,
    }),
    dataCoding: written.dataCoding,
    tlvs: smpp.messageReference ? { userMessageReference: reference } : {},
  }
  const bodies = bodiesOf(written, fields, smpp)
  return bodies === undefined
    ? unfit('too-large-for-carrier', 'a header that leaves no room')
    : { kind: 'submits', bodies }
}

function unfit(reason: Reason, raw: string): Extract<Submits, { kind: 'unfit' }> {
  return { kind: 'unfit', reason, raw: `not sent: ${raw}` }
}

/** A text, or octets; a message with anything beside them is none of ours. */
function shortPartOf(parts: readonly Part[]): Part | undefined {
  const [part] = parts
  if (parts.length !== 1 || part === undefined) return undefined
  return isText(part) || part.mediaType === 'application/octet-stream' ? part : undefined
}

function isText({ mediaType }: Part): boolean {
  return mediaType === 'text/plain'
}

async function read(attempt: Attempt, part: Part): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of attempt.open(part)) pieces.push(piece)
  return Buffer.concat(pieces)
}

interface Written {
  readonly kind: 'written'
  readonly alphabet: Alphabet
  readonly dataCoding: number
  readonly parts: readonly TextPart[]
}

function write(
  part: Part,
  octets: Uint8Array,
  sms: SmsDetails | undefined,
  reference: number,
  smpp: SmppPeer,
): Written | Extract<Submits, { kind: 'unfit' }> {
  const header = headerOf(sms)
  if (header === undefined) return unfit('header-invalid', 'a user data header that is none')
  const options = {
    partsMax: smpp.partsMax,
    referenceBits: smpp.longMessages === 'udh' ? 8 : 16,
  } as const
  const split: Split = isText(part)
    ? splitText(Buffer.from(octets).toString(), reference, {
        ...options,
        alphabets: smpp.alphabets.filter(
          (alphabet) => codingOf(alphabet, smpp, sms?.flash) !== undefined,
        ),
        languages: smpp.languages,
        // Which tables a text needs is found out anew.
        elements: header.filter(({ kind }) => kind !== 'single-shift' && kind !== 'locking-shift'),
      })
    : splitOctets(octets, reference, { ...options, elements: header })
  if (split.kind === 'too-long') {
    return unfit('too-large-for-carrier', `more than ${split.partsMax} parts`)
  }
  if (split.kind === 'unencodable') {
    return unfit('coding-refused', `no alphabet it takes has the character at ${split.at}`)
  }
  const { alphabet } = split.measure
  const own = alphabet === 'binary' ? sms?.dataCoding : undefined
  const dataCoding = own ?? codingOf(alphabet, smpp, sms?.flash)
  return dataCoding === undefined
    ? unfit('coding-refused', `no data_coding says ${alphabet}`)
    : { kind: 'written', alphabet, dataCoding, parts: split.parts }
}

/** The elements a message came with; `undefined` where they are none. */
function headerOf(sms: SmsDetails | undefined): readonly InformationElement[] | undefined {
  if (sms?.header === undefined) return []
  const parsed = parseUdh(Buffer.from(sms.header, 'base64'))
  if (parsed.kind === 'fault') return undefined
  return parsed.elements.filter(({ kind }) => kind !== 'concatenation')
}

/** What says this alphabet to this centre; `undefined` where nothing does. */
function codingOf(alphabet: Alphabet, smpp: SmppPeer, flash = false): number | undefined {
  const own = smpp.dataCodings?.[alphabet]
  if (own !== undefined && !flash) return own
  return printDataCoding(alphabet, smpp.defaultAlphabet, flash ? FLASH_CLASS : undefined)
}

type Fields = Omit<Parameters<typeof createSubmitSm>[0], 'tlvs'> & { readonly tlvs: SmppTlvs }

function bodiesOf(
  { alphabet, parts }: Written,
  fields: Fields,
  smpp: SmppPeer,
): readonly SubmitSm[] | undefined {
  if (smpp.longMessages === 'payload' && parts.length > 1) {
    const body = payloadOf(parts, alphabet, fields, smpp)
    return body === undefined ? undefined : [body]
  }
  const bodies: SubmitSm[] = []
  for (const part of parts) {
    const named = smpp.longMessages === 'sar' ? bySar(part) : { part, tlvs: {} }
    const octets = printUserData(named.part, alphabet, smpp.septets)
    if (octets === undefined || octets.length > SHORT_MESSAGE_OCTETS_MAX) return undefined
    bodies.push(
      createSubmitSm({
        ...fields,
        esmClass: printEsmClass({ udhi: named.part.elements.length > 0 }),
        shortMessage: octets,
        tlvs: { ...fields.tlvs, ...named.tlvs },
      }),
    )
  }
  return bodies
}

function payloadOf(
  parts: readonly TextPart[],
  alphabet: Alphabet,
  fields: Fields,
  smpp: SmppPeer,
): SubmitSm | undefined {
  const elements = (parts[0]?.elements ?? []).filter(({ kind }) => kind !== 'concatenation')
  const body = Buffer.concat(parts.map((part) => part.body))
  const messagePayload = printUserData({ body, elements }, alphabet, smpp.septets)
  if (messagePayload === undefined) return undefined
  const esmClass = printEsmClass({ udhi: elements.length > 0 })
  return createSubmitSm({ ...fields, esmClass, tlvs: { ...fields.tlvs, messagePayload } })
}

/** The place in parameters of its own instead of in the header. */
function bySar(part: TextPart): { readonly part: TextPart; readonly tlvs: SmppTlvs } {
  const { concatenation } = part
  if (concatenation === undefined) return { part, tlvs: {} }
  return {
    part: { ...part, elements: part.elements.filter(({ kind }) => kind !== 'concatenation') },
    tlvs: {
      sarMsgRefNum: concatenation.reference,
      sarTotalSegments: concatenation.total,
      sarSegmentSeqnum: concatenation.sequence,
    },
  }
}

function validityOf(expiresAt: number, now: number, { validity }: SmppPeer): string {
  if (validity === 'absolute') return printAbsoluteTime(expiresAt) ?? ''
  if (validity === 'none') return ''
  return printRelativeTime(Math.max(0, expiresAt - now)) ?? ''
}

/** FNV-1a over the key, folded to 16 bits: stable for a delivery, spread over deliveries. */
export function referenceOf(key: string): number {
  let hash = FNV_BASIS
  for (const octet of Buffer.from(key)) hash = Math.imul(hash ^ octet, FNV_PRIME)
  return ((hash >>> REFERENCE_BITS) ^ hash) & REFERENCE_MASK
}

const FNV_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193
const REFERENCE_BITS = 16
