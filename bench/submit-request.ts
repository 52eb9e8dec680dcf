/** The request of every MM7 figure: a SubmitReq with a SMIL part and a picture, binary, as a client writes it. */
import { randomBytes } from 'node:crypto'
import { encodeMm7 } from '../src/codecs/mm7/encode.ts'
import { writeMm7Body } from '../src/codecs/mm7/multipart-writer.ts'
import { namespaceFor } from '../src/codecs/mm7/versions.ts'
import type { BenchAccount } from './directory.ts'
import { SERIAL_DIGITS } from './http-load.ts'

export interface SubmitRequest {
  /** Head and body. */
  readonly bytes: Buffer
  /** Where the TransactionID stands. */
  readonly vary: number
}

const VERSION = '6.8.0'
const PLACE = '#'.repeat(SERIAL_DIGITS)
const SMIL = [
  '<smil><head><layout><root-layout width="320" height="480"/>',
  '<region id="Image" left="0" top="0" width="320" height="480" fit="meet"/></layout></head>',
  '<body><par dur="6s"><img src="cid:picture" region="Image"/></par></body></smil>',
].join('')

/** A request whose body has exactly `bodyBytes`. */
export function writeSubmit(account: BenchAccount, bodyBytes: number): SubmitRequest {
  const envelope = encodeMm7({
    transactionId: PLACE,
    namespace: namespaceFor(VERSION),
    operation: {
      name: 'SubmitReq',
      mm7Version: VERSION,
      senderIdentification: {
        vaspId: account.vaspId,
        vasId: account.vasId,
        senderAddress: { kind: 'ShortCode', value: account.sender },
      },
      recipients: [{ list: 'To', address: { kind: 'Number', value: account.recipient } }],
      deliveryReport: true,
      subject: 'A picture',
      content: { href: 'cid:message', allowAdaptations: true },
    },
  })
  const write = (picture: Uint8Array) =>
    writeMm7Body({
      envelope,
      parts: [
        { contentType: 'application/smil', contentId: 'slides', body: [Buffer.from(SMIL)] },
        {
          contentType: 'image/jpeg',
          contentId: 'picture',
          contentLocation: 'picture.jpg',
          body: [picture],
        },
      ],
      contentId: 'message',
      token: 'bench',
    })
  const bare = write(new Uint8Array(0)).contentLength
  // Random bytes look to a boundary search like a compressed picture does.
  const { contentType, pieces } = write(randomBytes(bodyBytes - bare))
  const head = [
    'POST /mm7/sinch HTTP/1.1',
    'Host: localhost',
    `Content-Type: ${contentType}`,
    `Content-Length: ${bodyBytes}`,
    'SOAPAction: ""',
    '\r\n',
  ].join('\r\n')
  const bytes = Buffer.concat([Buffer.from(head, 'latin1'), ...pieces])
  return { bytes, vary: bytes.indexOf(PLACE) }
}
