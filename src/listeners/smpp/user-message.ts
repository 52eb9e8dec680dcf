/**
 * What a request carries: which octets, in which alphabet, with which header, and where they stand
 * among the parts of a longer message. Nothing is decoded here but the header.
 */

import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { SmppTlvs } from '../../codecs/smpp/tlv-table.ts'
import type { Alphabet } from '../../codecs/sms/alphabet.ts'
import { type DefaultAlphabet, parseDataCoding } from '../../codecs/sms/data-coding.ts'
import { findPlace } from '../../codecs/sms/place.ts'
import { PART_OCTETS_MAX, PARTS_MAX } from '../../codecs/sms/segmentation.ts'
import {
  type Concatenation,
  type InformationElement,
  isHeaderLengthFault,
  printUdh,
} from '../../codecs/sms/udh.ts'
import { parseUserData, type SeptetCarriage } from '../../codecs/sms/user-data.ts'
import { type Objection, objection, refused } from './objection.ts'

/** The fields that say what a message is; data_sm has no `shortMessage`. */
export interface MessageFields {
  readonly esmClass: number
  readonly dataCoding: number
  readonly shortMessage: Uint8Array
  readonly tlvs: SmppTlvs
}

/** What the account's own habits are. */
export interface ReadingHabits {
  readonly defaultAlphabet: DefaultAlphabet
  readonly septets: SeptetCarriage
}

/** A message, or a part of one, taken apart. */
export interface UserMessage {
  readonly alphabet: Alphabet
  readonly dataCoding: number
  readonly flash: boolean
  /** Elements of its header. */
  readonly elements: readonly InformationElement[]
  /** Its octets without header, septets unpacked; a view of what the socket read. */
  readonly body: Uint8Array
  /** Present for one part of several. */
  readonly place?: Concatenation
}

const UDHI = 0x40
/** SMPP 3.4 §5.2.12: bits 5 to 2 from a client: a message, or a person's or handset's acknowledgement. */
const TYPE_MASK = 0x3c
const TYPES: ReadonlySet<number> = new Set([0x00, 0x08, 0x10])
/** Octets of the longest message that any number of parts can carry. */
const OCTETS_MAX = PARTS_MAX * PART_OCTETS_MAX

const NO_ELEMENTS: readonly InformationElement[] = []

/** Takes a message apart, or says what is wrong with it. */
export function readUserMessage(
  fields: MessageFields,
  { defaultAlphabet, septets }: ReadingHabits,
): UserMessage | Objection {
  const { esmClass, dataCoding, shortMessage, tlvs } = fields
  if (!TYPES.has(esmClass & TYPE_MASK)) return objection(COMMAND_STATUS.ESME_RINVESMCLASS)
  const { messagePayload } = tlvs
  // SMPP 3.4 §4.4.1: the one or the other.
  if (messagePayload !== undefined && shortMessage.length > 0) {
    return objection(COMMAND_STATUS.ESME_RINVMSGLEN)
  }
  const octets = messagePayload ?? shortMessage
  if (octets.length > OCTETS_MAX) return refused('content-too-large')
  const coding = parseDataCoding(dataCoding, defaultAlphabet)
  if (coding.kind === 'unsupported') return refused('text-undecodable')
  const { alphabet, messageClass } = coding
  const headed = (esmClass & UDHI) !== 0
  let body = octets
  let elements = NO_ELEMENTS
  if (headed || septets === 'packed') {
    const read = parseUserData(octets, alphabet, headed, septets)
    if (read.kind === 'fault') {
      const length = isHeaderLengthFault(read.because)
      return refused(length ? 'header-length-invalid' : 'header-invalid')
    }
    body = read.body
    elements = read.elements
  }
  const place = placeOf(elements, tlvs)
  if (place === 'fault') return refused('header-invalid')
  return {
    alphabet,
    dataCoding,
    flash: messageClass === 0,
    elements,
    body,
    ...(place === undefined ? {} : { place }),
  }
}

function placeOf(
  elements: readonly InformationElement[],
  { sarMsgRefNum, sarTotalSegments, sarSegmentSeqnum }: SmppTlvs,
): Concatenation | undefined | 'fault' {
  const said = sarMsgRefNum !== undefined && sarTotalSegments !== undefined
  if (elements.length === 0 && !said) return undefined
  const place = findPlace(elements, {
    ...(sarMsgRefNum === undefined ? {} : { reference: sarMsgRefNum }),
    ...(sarTotalSegments === undefined ? {} : { total: sarTotalSegments }),
    ...(sarSegmentSeqnum === undefined ? {} : { sequence: sarSegmentSeqnum }),
  })
  if (place.kind === 'fault') return 'fault'
  // Peers say "part 1 of 1" of whole messages.
  return place.kind === 'whole' || place.concatenation.total === 1 ? undefined : place.concatenation
}

/** A header for an application rather than for a person's eyes makes a message binary. */
export function isForApplication(elements: readonly InformationElement[]): boolean {
  return elements.some(({ kind }) => kind === 'ports')
}

/** What of a header is kept, in base64: all but the concatenation and what decoding uses up. */
export function keptHeader(elements: readonly InformationElement[]): string | undefined {
  return printed(elements.filter(({ kind }) => !USED_UP.has(kind)))
}

/** All of a part's header but the concatenation, in base64: its octets are yet to be decoded. */
export function partHeader(elements: readonly InformationElement[]): string | undefined {
  return printed(elements.filter(({ kind }) => kind !== 'concatenation'))
}

const USED_UP: ReadonlySet<InformationElement['kind']> = new Set([
  'concatenation',
  'single-shift',
  'locking-shift',
])

function printed(elements: readonly InformationElement[]): string | undefined {
  const octets = elements.length === 0 ? undefined : printUdh(elements)
  return octets === undefined ? undefined : Buffer.from(octets).toString('base64')
}
