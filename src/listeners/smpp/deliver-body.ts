/** A message from a handset as its client takes it: in its alphabets, in as many parts as it needs. */
import { createDeliverSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { DeliverSm } from '../../codecs/smpp/pdu.ts'
import type { Alphabet } from '../../codecs/sms/alphabet.ts'
import { type DefaultAlphabet, printDataCoding } from '../../codecs/sms/data-coding.ts'
import { splitOctets, splitText, type TextPart } from '../../codecs/sms/segmentation.ts'
import { type InformationElement, parseUdh } from '../../codecs/sms/udh.ts'
import { printUserData } from '../../codecs/sms/user-data.ts'
import type { SmppAccess } from '../../core/directory.ts'
import type { Attempt } from '../../engine/ports/connector.ts'
import { printSmppAddress } from './address.ts'

/** data_coding of octets that are no text (SMPP 3.4 §5.2.19). */
const BINARY = 4

interface Written {
  readonly alphabet: Alphabet
  readonly dataCoding: number
  readonly parts: readonly TextPart[]
}

/** One deliver_sm, or one for each part; `undefined` where no number of parts is enough. */
export async function deliverBodies(
  attempt: Attempt,
  access: Pick<SmppAccess, 'defaultAlphabet' | 'septets'>,
): Promise<readonly DeliverSm[] | undefined> {
  const { envelope, recipient } = attempt
  const { sms } = envelope
  const written = await write(attempt, access.defaultAlphabet)
  if (written === undefined) return undefined
  const { alphabet, dataCoding } = written
  const bodies: DeliverSm[] = []
  for (const part of written.parts) {
    const shortMessage = printUserData(part, alphabet, access.septets)
    if (shortMessage === undefined) return undefined
    bodies.push(
      createDeliverSm({
        source: printSmppAddress(envelope.sender),
        destination: printSmppAddress(recipient),
        ...(sms?.serviceType === undefined ? {} : { serviceType: sms.serviceType }),
        ...(sms?.protocolId === undefined ? {} : { protocolId: sms.protocolId }),
        esmClass: printEsmClass({ udhi: part.elements.length > 0 }),
        dataCoding,
        shortMessage,
      }),
    )
  }
  return bodies
}

async function write(
  attempt: Attempt,
  defaultAlphabet: DefaultAlphabet,
): Promise<Written | undefined> {
  const { content, envelope } = attempt
  const { sms } = envelope
  const [part] = content.parts
  const pieces: Uint8Array[] = []
  if (part !== undefined) for await (const piece of attempt.open(part)) pieces.push(piece)
  const octets = Buffer.concat(pieces)
  const reference = referenceOf(attempt)
  const options = { elements: elementsOf(sms?.header) }
  if (part?.mediaType !== 'text/plain') {
    const split = splitOctets(octets, reference, options)
    if (split.kind !== 'parts') return undefined
    return { alphabet: 'binary', dataCoding: sms?.dataCoding ?? BINARY, parts: split.parts }
  }
  // GSM 7 bit can be said only to a client whose default it is.
  const alphabets = defaultAlphabet === 'ucs2' ? [] : [defaultAlphabet]
  const split = splitText(octets.toString('utf8'), reference, {
    ...options,
    alphabets: [...alphabets, 'ucs2'],
  })
  if (split.kind !== 'parts') return undefined
  const { alphabet } = split.measure
  const flash = sms?.flash === true ? printDataCoding(alphabet, defaultAlphabet, 0) : undefined
  const dataCoding = flash ?? printDataCoding(alphabet, defaultAlphabet) ?? 0
  return { alphabet, dataCoding, parts: split.parts }
}

/** The same for every attempt, so that parts of two attempts go together. */
function referenceOf({ messageId, index }: Attempt): number {
  return Number(messageId.slice(-8)) + index
}

function elementsOf(header: string | undefined): readonly InformationElement[] {
  if (header === undefined) return []
  const parsed = parseUdh(Buffer.from(header, 'base64'))
  return parsed.kind === 'udh' ? parsed.elements : []
}
