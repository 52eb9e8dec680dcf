/** The address block of MM7: typed addresses, lists of them, and what refers to them. */
import type { XmlElement } from '../soap/xml.ts'
import { elementOf, escapeXml, textElement } from '../soap/xml-writer.ts'
import {
  type ElementCodec,
  type Findings,
  hasBareText,
  type Issue,
  readAttribute,
} from './fields.ts'
import type { Address, AddressKind, PreviousSender, PreviousTime, Recipient } from './types.ts'
import { parseBoolean, parsePositive, parseWhen, printWhen } from './values.ts'

const KINDS: ReadonlyMap<string, AddressKind> = new Map([
  ['Number', 'Number'],
  ['ShortCode', 'ShortCode'],
  ['RFC2822Address', 'RFC2822Address'],
  // A well-known client spells it by the older RFC.
  ['RFC822Address', 'RFC2822Address'],
])

function note(findings: Findings, element: string, problem: Issue['problem']): void {
  findings.issues.push({ element, problem })
}

function parseCoding(written: string): Address['addressCoding'] {
  const lower = written.toLowerCase()
  return lower === 'encrypted' || lower === 'obfuscated' ? lower : undefined
}

function readTyped(
  element: XmlElement,
  kind: AddressKind,
  name: string,
  findings: Findings,
): Address {
  const value = element.text.trim()
  if (element.attributes.size === 0) return { kind, value }
  const displayOnly = readAttribute(element, 'displayOnly', name, findings, parseBoolean)
  const addressCoding = readAttribute(element, 'addressCoding', name, findings, parseCoding)
  const id = element.attributes.get('id')
  return {
    kind,
    value,
    ...(displayOnly === undefined ? {} : { displayOnly }),
    ...(addressCoding === undefined ? {} : { addressCoding }),
    ...(id === undefined ? {} : { id }),
  }
}

/** All addresses in one element; bare text counts as one. */
function readAddresses(element: XmlElement, name: string, findings: Findings): readonly Address[] {
  const found: Address[] = []
  for (const child of element.children) {
    const kind = KINDS.get(child.local)
    if (kind !== undefined) found.push(readTyped(child, kind, name, findings))
  }
  if (found.length === 0 && hasBareText(element)) {
    note(findings, name, 'bare-text')
    found.push({ kind: 'text', value: element.text.trim() })
  }
  return found
}

function writeAddress(address: Address): string {
  if (address.kind === 'text') return escapeXml(address.value)
  return textElement(address.kind, address.value, {
    displayOnly: address.displayOnly === undefined ? undefined : String(address.displayOnly),
    addressCoding: address.addressCoding,
    id: address.id,
  })
}

/** An element that holds exactly one address, such as SenderAddress. */
export const oneAddress: ElementCodec<Address> = {
  read(element, name, findings) {
    const [first, second] = readAddresses(element, name, findings)
    if (first === undefined) note(findings, name, 'empty')
    if (second !== undefined) note(findings, name, 'duplicate')
    return first
  },
  write: (name, address) => elementOf(name, writeAddress(address)),
}

const LISTS: ReadonlyMap<string, Recipient['list']> = new Map([
  ['To', 'To'],
  ['Cc', 'Cc'],
  ['Bcc', 'Bcc'],
])

/** Recipients, in document order. An empty list: the element is there and holds no address. */
export const recipients: ElementCodec<readonly Recipient[]> = {
  read(element, name, findings) {
    if (hasBareText(element)) {
      note(findings, name, 'bare-text')
      return [{ list: 'To', address: { kind: 'text', value: element.text.trim() } }]
    }
    const found: Recipient[] = []
    for (const child of element.children) {
      const list = LISTS.get(child.local)
      if (list === undefined) continue
      for (const address of readAddresses(child, name, findings)) found.push({ list, address })
    }
    if (found.length === 0) note(findings, name, 'empty')
    return found
  },
  write(name, list) {
    let markup = ''
    for (let i = 0; i < list.length; ) {
      const first = list[i]
      if (first === undefined) break
      let addresses = ''
      // Neighbours of one list share an element; bare text needs one for each.
      do {
        addresses += writeAddress(list[i]?.address ?? first.address)
        i++
      } while (list[i]?.list === first.list && isTyped(list[i]) && isTyped(list[i - 1]))
      markup += elementOf(first.list, addresses)
    }
    return elementOf(name, markup)
  },
}

function isTyped(recipient: Recipient | undefined): boolean {
  return recipient !== undefined && recipient.address.kind !== 'text'
}

/** Previouslysentby. */
export const previousSenders: ElementCodec<readonly PreviousSender[]> = {
  read(element, name, findings) {
    const found: PreviousSender[] = []
    for (const child of element.children) {
      if (child.local !== 'UserAgent') continue
      const address = readAddresses(child, name, findings)[0]
      if (address === undefined) continue
      found.push({ ...readSequence(child, name, findings), address })
    }
    return found
  },
  write: (name, list) =>
    elementOf(
      name,
      list
        .map(({ sequence, address }) =>
          elementOf('UserAgent', writeAddress(address), printSequence(sequence)),
        )
        .join(''),
    ),
}

/** Previouslysentdateandtime. */
export const previousTimes: ElementCodec<readonly PreviousTime[]> = {
  read(element, name, findings) {
    const found: PreviousTime[] = []
    for (const child of element.children) {
      if (child.local !== 'DateTime') continue
      const time = parseWhen(child.text)
      if (time === undefined) note(findings, name, 'bad-value')
      else found.push({ ...readSequence(child, name, findings), time })
    }
    return found
  },
  write: (name, list) =>
    elementOf(
      name,
      list
        .map(({ sequence, time }) =>
          textElement('DateTime', printWhen(time), printSequence(sequence)),
        )
        .join(''),
    ),
}

function readSequence(
  element: XmlElement,
  name: string,
  findings: Findings,
): { readonly sequence?: number } {
  const sequence = readAttribute(element, 'sequence', name, findings, parsePositive)
  return sequence === undefined ? {} : { sequence }
}

function printSequence(sequence: number | undefined): { sequence: string | undefined } {
  return { sequence: sequence === undefined ? undefined : String(sequence) }
}
