/** A picture message as an MM7 request: envelope, SMIL, pictures, text. Pure. */
import { contentType, printContentType } from '../codecs/mime/content-type.ts'
import { encodeMm7 } from '../codecs/mm7/encode.ts'
import {
  type OutgoingBody,
  type OutgoingPart,
  writeMm7Body,
} from '../codecs/mm7/multipart-writer.ts'
import type { Address } from '../codecs/mm7/types.ts'
import { namespaceFor } from '../codecs/mm7/versions.ts'
import { escapeXml } from '../codecs/soap/xml-writer.ts'
import { parseAddress } from '../core/address.ts'

export interface Picture {
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

export interface MmsWish {
  readonly vaspId: string
  readonly vasId: string
  readonly sender: string
  readonly recipients: readonly string[]
  readonly subject: string | undefined
  readonly text: string | undefined
  readonly pictures: readonly Picture[]
  readonly version: string
  readonly transactionId: string
  readonly deliveryReport: boolean
  /** Letters and digits, different for each message: makes the boundary. */
  readonly token: string
}

const CONTENT_ID = 'message'
const SMIL_ID = 'slides'
/** Seconds each slide is shown. */
const SLIDE_SECONDS = 6

/** The HTTP body and its Content-Type. */
export function writeSubmission(wish: MmsWish): OutgoingBody {
  const envelope = encodeMm7({
    transactionId: wish.transactionId,
    namespace: namespaceFor(wish.version),
    operation: {
      name: 'SubmitReq',
      mm7Version: wish.version,
      senderIdentification: {
        vaspId: wish.vaspId,
        vasId: wish.vasId,
        senderAddress: addressOf(wish.sender),
      },
      recipients: wish.recipients.map((to) => ({ list: 'To', address: addressOf(to) })),
      deliveryReport: wish.deliveryReport,
      ...(wish.subject !== undefined && { subject: wish.subject }),
      content: { href: `cid:${CONTENT_ID}` },
    },
  })
  return writeMm7Body({ envelope, parts: partsOf(wish), contentId: CONTENT_ID, token: wish.token })
}

/** Short codes and numbers are told apart as the core does; the rest is left to the gateway. */
function addressOf(written: string): Address {
  const kind = parseAddress(written)?.kind
  if (kind === 'email') return { kind: 'RFC2822Address', value: written }
  return { kind: kind === 'short-code' ? 'ShortCode' : 'Number', value: written }
}

function partsOf({ text, pictures }: MmsWish): readonly OutgoingPart[] {
  const media: OutgoingPart[] = pictures.map(({ name, mediaType, bytes }, i) => ({
    contentType: printContentType(contentType(mediaType, { name })),
    body: [bytes],
    contentId: pictureId(i),
    contentLocation: name,
  }))
  if (text !== undefined) {
    media.push({
      contentType: printContentType(contentType('text/plain', { charset: 'utf-8' })),
      body: [Buffer.from(text, 'utf8')],
      contentId: 'text',
      contentLocation: 'text.txt',
    })
  }
  const smil: OutgoingPart = {
    contentType: printContentType(contentType('application/smil', { charset: 'utf-8' })),
    body: [Buffer.from(slides(pictures, text !== undefined), 'utf8')],
    contentId: SMIL_ID,
    contentLocation: 'slides.smil',
  }
  return media.length === 0 ? [] : [smil, ...media]
}

function pictureId(index: number): string {
  return `picture-${index + 1}`
}

/** One slide for each picture, the text under the first (OMA MMS conformance, SMIL 2.0 basic). */
function slides(pictures: readonly Picture[], withText: boolean): string {
  const shown = pictures.map(({ mediaType }, i) => {
    const element = elementFor(mediaType)
    const region = element === 'audio' ? '' : ' region="Image"'
    return `<${element} src="cid:${escapeXml(pictureId(i))}"${region}/>`
  })
  const first = withText ? '<text src="cid:text" region="Text"/>' : ''
  const pars = (shown.length === 0 ? [''] : shown).map(
    (medium, i) => `<par dur="${SLIDE_SECONDS}s">${medium}${i === 0 ? first : ''}</par>`,
  )
  return [
    '<smil><head><layout><root-layout width="320" height="480"/>',
    '<region id="Image" left="0" top="0" width="320" height="360" fit="meet"/>',
    '<region id="Text" left="0" top="360" width="320" height="120" fit="scroll"/>',
    `</layout></head><body>${pars.join('')}</body></smil>`,
  ].join('')
}

function elementFor(mediaType: string): 'img' | 'video' | 'audio' | 'ref' {
  const [type] = mediaType.split('/')
  if (type === 'image') return 'img'
  return type === 'video' || type === 'audio' ? type : 'ref'
}
