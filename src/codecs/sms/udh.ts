/**
 * The user data header (3GPP TS 23.040 §9.2.3.24): a length octet, then information elements of
 * identifier, length and data. A header that does not fit its message is another fault than an element
 * that does not fit the header, because peers are told so with other codes. Elements that are not
 * known, or whose data have a length of no meaning, are kept as they came.
 */

/** One part of a message in several. */
export interface Concatenation {
  readonly kind: 'concatenation'
  /** 8 (identifier 00) or 16 (identifier 08). */
  readonly referenceBits: 8 | 16
  readonly reference: number
  /** 1 to 255. */
  readonly total: number
  /** 1 to `total`. */
  readonly sequence: number
}

/** One information element. */
export type InformationElement =
  | Concatenation
  | {
      /** Identifiers 04 (8 bits) and 05 (16 bits). */
      readonly kind: 'ports'
      readonly portBits: 8 | 16
      readonly destination: number
      readonly source: number
    }
  | {
      /** Identifiers 24 and 25; `language` as in `NATIONAL_LANGUAGES`, or a reserved number. */
      readonly kind: 'single-shift' | 'locking-shift'
      readonly language: number
    }
  | {
      /** Identifier 01: `count` messages wait. */
      readonly kind: 'waiting'
      /** Whether the message itself is to be kept. */
      readonly keep: boolean
      /** Bits 6 to 0 as they came: 0 voice, 1 fax, 2 e-mail, 3 other, and a profile above. */
      readonly indication: number
      readonly count: number
    }
  | { readonly kind: 'other'; readonly identifier: number; readonly data: Uint8Array }

/** What is wrong with a header. The first two differ from all others: see `isHeaderLengthFault`. */
export type UdhFaultName =
  /** A header is announced and there is no octet at all. */
  | 'message-empty'
  /** Length octet + 1 is more than the message has. */
  | 'header-past-message'
  /** An element's data, or its length octet, lie past the header's end. */
  | 'element-past-header'
  /** Concatenation with a length other than 3 (identifier 00) or 4 (identifier 08). */
  | 'concatenation-length'
  /** Concatenation of 0 parts. */
  | 'total-zero'
  /** Part 0. */
  | 'sequence-zero'
  /** A part numbered higher than there are parts. */
  | 'sequence-past-total'

/** A header and what follows it, or the first fault. */
export type ParsedUdh =
  | {
      readonly kind: 'udh'
      readonly elements: readonly InformationElement[]
      /** Octets of the whole header, its length octet counted. */
      readonly octets: number
      /** What follows the header; a view, not a copy. */
      readonly body: Uint8Array
    }
  | { readonly kind: 'fault'; readonly because: UdhFaultName; readonly at: number }

/** The length octet is one octet. */
export const UDH_LENGTH_MAX = 255

const IDENTIFIERS = {
  concatenation8: 0x00,
  waiting: 0x01,
  ports8: 0x04,
  ports16: 0x05,
  concatenation16: 0x08,
  singleShift: 0x24,
  lockingShift: 0x25,
} as const

/** Octets of an element before its data. */
const ELEMENT_HEAD = 2
const KEEP_BIT = 0x80
const INDICATION_MASK = 0x7f

/** Whether the header's length is at fault, not what is in it. */
export function isHeaderLengthFault(because: UdhFaultName): boolean {
  return because === 'message-empty' || because === 'header-past-message'
}

/** Reads the header at the start of a message whose `esm_class` announces one. */
export function parseUdh(message: Uint8Array): ParsedUdh {
  const length = message[0]
  if (length === undefined) return fault('message-empty', 0)
  const end = length + 1
  if (end > message.length) return fault('header-past-message', 0)
  const elements: InformationElement[] = []
  let at = 1
  while (at < end) {
    const identifier = message[at] ?? 0
    const dataLength = message[at + 1] ?? 0
    const next = at + ELEMENT_HEAD + dataLength
    if (at + 1 >= end || next > end) return fault('element-past-header', at)
    const element = parseElement(identifier, message.subarray(at + ELEMENT_HEAD, next))
    if (typeof element === 'string') return fault(element, at)
    elements.push(element)
    at = next
  }
  return { kind: 'udh', elements, octets: end, body: message.subarray(end) }
}

function fault(because: UdhFaultName, at: number): ParsedUdh {
  return { kind: 'fault', because, at }
}

function parseElement(identifier: number, data: Uint8Array): InformationElement | UdhFaultName {
  const [first = 0, second = 0, third = 0, fourth = 0] = data
  switch (identifier) {
    case IDENTIFIERS.concatenation8:
      return data.length === 3
        ? createConcatenation(8, first, second, third)
        : 'concatenation-length'
    case IDENTIFIERS.concatenation16:
      return data.length === 4
        ? createConcatenation(16, word(first, second), third, fourth)
        : 'concatenation-length'
    case IDENTIFIERS.ports8:
      if (data.length !== 2) break
      return { kind: 'ports', portBits: 8, destination: first, source: second }
    case IDENTIFIERS.ports16: {
      if (data.length !== 4) break
      const [destination, source] = [word(first, second), word(third, fourth)]
      return { kind: 'ports', portBits: 16, destination, source }
    }
    case IDENTIFIERS.singleShift:
      if (data.length !== 1) break
      return { kind: 'single-shift', language: first }
    case IDENTIFIERS.lockingShift:
      if (data.length !== 1) break
      return { kind: 'locking-shift', language: first }
    case IDENTIFIERS.waiting: {
      if (data.length !== 2) break
      const keep = (first & KEEP_BIT) !== 0
      return { kind: 'waiting', keep, indication: first & INDICATION_MASK, count: second }
    }
  }
  return { kind: 'other', identifier, data }
}

/** A part's place, or what is wrong with it. */
export function createConcatenation(
  referenceBits: 8 | 16,
  reference: number,
  total: number,
  sequence: number,
): Concatenation | UdhFaultName {
  if (total === 0) return 'total-zero'
  if (sequence === 0) return 'sequence-zero'
  if (sequence > total) return 'sequence-past-total'
  return { kind: 'concatenation', referenceBits, reference, total, sequence }
}

function word(high: number, low: number): number {
  return (high << 8) | low
}

/**
 * The concatenation in force. Of several the last counts, whichever its size (TS 23.040 §9.2.3.24:
 * of repeated or mutually exclusive elements the last is used).
 */
export function findConcatenation(
  elements: readonly InformationElement[],
): Concatenation | undefined {
  let found: Concatenation | undefined
  for (const element of elements) if (element.kind === 'concatenation') found = element
  return found
}

/** The header as octets, or `undefined` where its elements are longer than its length octet can say. */
export function printUdh(elements: readonly InformationElement[]): Uint8Array | undefined {
  const octets = elements.flatMap(printElement)
  return octets.length > UDH_LENGTH_MAX ? undefined : Uint8Array.of(octets.length, ...octets)
}

/** Octets the header takes, its length octet counted; none for no elements. */
export function countUdhOctets(elements: readonly InformationElement[]): number {
  if (elements.length === 0) return 0
  return elements.reduce((sum, element) => sum + printElement(element).length, 1)
}

function printElement(element: InformationElement): readonly number[] {
  switch (element.kind) {
    case 'concatenation': {
      const { reference, total, sequence } = element
      return element.referenceBits === 8
        ? [IDENTIFIERS.concatenation8, 3, reference, total, sequence]
        : [IDENTIFIERS.concatenation16, 4, ...octetsOf(reference), total, sequence]
    }
    case 'ports':
      return element.portBits === 8
        ? [IDENTIFIERS.ports8, 2, element.destination, element.source]
        : [IDENTIFIERS.ports16, 4, ...octetsOf(element.destination), ...octetsOf(element.source)]
    case 'single-shift':
      return [IDENTIFIERS.singleShift, 1, element.language]
    case 'locking-shift':
      return [IDENTIFIERS.lockingShift, 1, element.language]
    case 'waiting':
      return [
        IDENTIFIERS.waiting,
        2,
        (element.keep ? KEEP_BIT : 0) | element.indication,
        element.count,
      ]
    case 'other':
      return [element.identifier, element.data.length, ...element.data]
  }
}

function octetsOf(value: number): readonly [high: number, low: number] {
  return [value >> 8, value & 0xff]
}
