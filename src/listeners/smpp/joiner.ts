/** Makes one short message of the parts it came in. */
import type { Reading } from '../../codecs/sms/text-fault.ts'
import { type InformationElement, parseUdh } from '../../codecs/sms/udh.ts'
import type { Content, SmsDetails, Submission } from '../../core/message.ts'
import type { JoinedParts, PartJoiner } from '../../engine/ports/part-joiner.ts'
import type { HeldPart } from '../../engine/ports/store.ts'
import { type DecodedContent, decodeContent, textContent } from './content.ts'
import { keptHeader } from './user-message.ts'

/**
 * Octets are decoded together, because a careless sender cuts characters in two; a part in another
 * alphabet than the one before it begins a stretch of its own. Each part's `sms.header` is whole but
 * for the concatenation: national tables are named there.
 */
export const smsPartJoiner = {
  join(parts: readonly HeldPart[]): JoinedParts {
    const [first] = parts
    if (first === undefined) throw new Error('a set without parts')
    const strict = contentOf(parts, 'strict')
    const content = strict ?? contentOf(parts, 'lenient') ?? NOTHING
    const submission: Submission = {
      ...first.submission,
      envelope: {
        ...first.submission.envelope,
        deliveryReports: parts.some(({ receipt }) => receipt),
        sms: {
          ...withoutTables(detailsOf(first)),
          partsGiven: parts.map(({ id, receipt }) => ({ id, receipt })),
        },
      },
      content,
    }
    return strict === undefined ? { submission, broken: 'text-undecodable' } : { submission }
  },
} satisfies PartJoiner

const NOTHING: Content = { parts: [], length: 0, extents: [] }

function detailsOf({ submission }: HeldPart): SmsDetails {
  return submission.envelope.sms ?? { alphabet: 'binary' }
}

function contentOf(parts: readonly HeldPart[], reading: Reading): Content | undefined {
  const decoded = stretchesOf(parts).map((stretch) => decodeStretch(stretch, reading))
  const [only] = decoded
  if (decoded.length === 1) return only?.content
  const texts = decoded.flatMap((each) => each?.text ?? [])
  return texts.length === decoded.length ? textContent(texts.join('')) : undefined
}

/** Neighbours that are written alike. */
function stretchesOf(parts: readonly HeldPart[]): readonly (readonly HeldPart[])[] {
  const stretches: HeldPart[][] = []
  for (const part of parts) {
    const open = stretches.at(-1)
    const before = open?.[0]
    if (open !== undefined && before !== undefined && isAlike(before, part)) open.push(part)
    else stretches.push([part])
  }
  return stretches
}

function isAlike(one: HeldPart, other: HeldPart): boolean {
  const [left, right] = [detailsOf(one), detailsOf(other)]
  return left.alphabet === right.alphabet && left.header === right.header
}

function decodeStretch(parts: readonly HeldPart[], reading: Reading): DecodedContent | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  const { alphabet, header } = detailsOf(first)
  const body = Buffer.concat(parts.map(({ octets }) => Buffer.from(octets, 'base64')))
  return decodeContent({ alphabet, elements: elementsOf(header), body }, reading)
}

function elementsOf(header: string | undefined): readonly InformationElement[] {
  if (header === undefined) return []
  const parsed = parseUdh(Buffer.from(header, 'base64'))
  return parsed.kind === 'udh' ? parsed.elements : []
}

/** The header of the whole: what decoding has used up is not sent again. */
function withoutTables({ header: _whole, ...details }: SmsDetails & { readonly header?: string }) {
  const header = keptHeader(elementsOf(_whole))
  return header === undefined ? details : { ...details, header }
}
