/**
 * An MM4_forward.REQ and its SMTP envelope as a value: right as it is made, broken in one place by a
 * change, written to bytes last.
 */

/** Header fields by name; a list repeats one, `undefined` leaves it out. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

/** One part of the content. */
export interface Mm4Part {
  readonly fields: Fields
  /** As it travels. */
  readonly body: Uint8Array
}

/** A request before it is written out. */
export interface Mm4Draft {
  readonly login: { readonly user: string; readonly password: string }
  /** Paths of the envelope, without brackets. */
  readonly from: string
  readonly to: readonly string[]
  readonly fields: Fields
  readonly parts: readonly Mm4Part[]
  /** Letters and digits that make the boundary. */
  readonly token: string
}

/** Changes one thing of a request, most often for the worse. */
export type Mm4Change = (draft: Mm4Draft) => Mm4Draft

/** Several changes, the first one first. */
export function inTurn(...changes: readonly Mm4Change[]): Mm4Change {
  return (draft) => changes.reduce((changed, change) => change(changed), draft)
}

/** Who sends what to whom. */
export interface Mm4Wish {
  readonly login: Mm4Draft['login']
  /** Digits without a plus. */
  readonly sender: string
  readonly recipient: string
  /** Domain of the client's own MMSC, and of the gateway. */
  readonly ownDomain: string
  readonly domain: string
  /** Of the transaction and of the message: whatever comes back names one of them. */
  readonly id: string
}

/** Nothing hangs on it. */
const DATE = 'Sat, 21 Nov 2026 10:00:00 +0000'
const SMIL =
  '<smil><head><layout><root-layout/></layout></head><body><par><img src="photo.png"/></par></body></smil>'
/** A PNG of one pixel (RFC 2083), so that whoever looks inside finds a picture. */
const PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII='

/** A request without defect: a SMIL part and a picture, a response and reports wanted. */
export function goodForward(wish: Mm4Wish): Mm4Draft {
  const { sender, recipient, ownDomain, domain, id } = wish
  return {
    login: wish.login,
    from: subscriber(sender, ownDomain),
    to: [subscriber(recipient, domain)],
    fields: {
      Date: DATE,
      From: subscriber(sender),
      To: subscriber(recipient),
      Subject: 'Conformance',
      'Message-ID': `<${id}@${ownDomain}>`,
      'MIME-Version': '1.0',
      'X-Mms-3GPP-MMS-Version': '6.10.0',
      'X-Mms-Message-Type': 'MM4_forward.REQ',
      'X-Mms-Transaction-ID': `"${id}"`,
      'X-Mms-Message-ID': `"${id}"`,
      'X-Mms-Message-Class': 'Personal',
      'X-Mms-Ack-Request': 'Yes',
      'X-Mms-Delivery-Report': 'Yes',
      'X-Mms-Originator-System': `mmsc@${ownDomain}`,
    },
    parts: [
      {
        fields: { 'Content-Type': 'application/smil; charset=utf-8', 'Content-ID': '<smil>' },
        body: Buffer.from(SMIL),
      },
      picture(PICTURE),
    ],
    token: id.replaceAll(/[^A-Za-z0-9]/g, ''),
  }
}

/** A picture in base64. */
export function picture(base64: string): Mm4Part {
  return {
    fields: {
      'Content-Type': 'image/png',
      'Content-ID': '<photo>',
      'Content-Location': 'photo.png',
      'Content-Transfer-Encoding': 'base64',
    },
    body: Buffer.from(base64),
  }
}

/** An address as it stands in a header, or with a domain in the envelope. Short codes bear no plus. */
export function subscriber(digits: string, domain?: string): string {
  const plus = digits.length < SHORT_CODE_DIGITS ? '' : '+'
  return `${plus}${digits}/TYPE=PLMN${domain === undefined ? '' : `@${domain}`}`
}

/** Numbers are longer. */
const SHORT_CODE_DIGITS = 7

const CRLF = '\r\n'

/** The whole mail, as it stands before dots are stuffed. */
export function writeDraft({ fields, parts, token }: Mm4Draft): Buffer {
  const boundary = `part-${token}`
  const type = `multipart/related; type="application/smil"; start="<smil>"; boundary="${boundary}"`
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}${CRLF}${writeFields(part.fields)}${CRLF}`),
    part.body,
    Buffer.from(CRLF),
  ])
  const head = writeFields({ ...fields, 'Content-Type': type })
  return Buffer.concat([
    Buffer.from(`${head}${CRLF}`),
    ...pieces,
    Buffer.from(`--${boundary}--${CRLF}`),
  ])
}

function writeFields(fields: Fields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}${CRLF}`),
    )
    .join('')
}
