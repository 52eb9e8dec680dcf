/** What can be wrong with the MIME body and the envelope's text, one thing each. */
import type { OutgoingPart } from '../../codecs/mm7/multipart-writer.ts'
import type { Mm7Change } from './draft.ts'

/** Changes the envelope's text. A pattern that is not there is a mistake of ours. */
export function inEnvelope(from: string | RegExp, into: string): Mm7Change {
  return onEnvelope((xml) => {
    const changed = xml.replace(from, into)
    if (changed === xml) throw new Error(`the envelope does not hold ${from}`)
    return changed
  })
}

function onEnvelope(change: (xml: string) => string): Mm7Change {
  return (draft) => ({ ...draft, onEnvelope: [...draft.onEnvelope, change] })
}

function onBody(change: (body: Buffer) => Buffer): Mm7Change {
  return (draft) => ({ ...draft, onBody: [...draft.onBody, change] })
}

/** Every byte has one character in this charset, so pictures survive. */
const BYTES = 'latin1'

function inBody(from: string, into: string): Mm7Change {
  return onBody((body) => Buffer.from(body.toString(BYTES).replace(from, into), BYTES))
}

/** The envelope ends in the middle of an element. */
export const envelopeCut: Mm7Change = onEnvelope((xml) => xml.slice(0, Math.ceil(xml.length / 2)))

/** A document type with an entity that leads into the server's own files. */
export const documentType = inEnvelope(
  '?>',
  '?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
)

const CLOSING_DELIMITER = /\r\n--[^\r\n]+--\r\n$/

/** The last boundary never comes. */
export const boundaryOpen: Mm7Change = onBody((body) =>
  Buffer.from(body.toString(BYTES).replace(CLOSING_DELIMITER, ''), BYTES),
)

export const envelopeLabelledAsText = inBody('Content-Type: text/xml', 'Content-Type: text/plain')

/** The parts instead of the good ones. */
export function parts(...wanted: readonly OutgoingPart[]): Mm7Change {
  return (draft) => ({ ...draft, parts: wanted })
}

const SMALL_PICTURE = Buffer.from('a picture', 'latin1')

/** A media part whose Content-Type is one word. */
export const partTypeInOneWord = parts({ contentType: 'jpeg', body: [SMALL_PICTURE] })

/** A picture and no SMIL part. */
export const withoutPresentation = parts({ contentType: 'image/png', body: [SMALL_PICTURE] })

/** A picture of so many bytes. */
export function pictureOf(bytes: number): Mm7Change {
  return parts({ contentType: 'image/png', body: [Buffer.alloc(bytes)] })
}

/** A part that calls itself base64 and is none. */
export const base64Broken: Mm7Change = (draft) =>
  inBody(
    'Content-Transfer-Encoding: binary',
    'Content-Transfer-Encoding: base64',
  )(parts({ contentType: 'image/png', body: [Buffer.from('!!!!', 'latin1')] })(draft))
