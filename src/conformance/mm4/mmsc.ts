/**
 * Stands where a client's own MMSC would: takes the responses and reports the gateway mails to it, and
 * remembers which message each was about.
 */
import { createMessageReader } from '../../codecs/mime/entity-reader.ts'
import type { Headers } from '../../codecs/mime/headers.ts'
import { defaultMimeLimits } from '../../codecs/mime/limits.ts'
import { decodeMm4 } from '../../codecs/mm4/decode.ts'
import { createReply } from '../../codecs/smtp/reply.ts'
import { openSmtpServer } from '../../transports/smtp/server.ts'
import { createInbox, type Inbox } from '../inbox.ts'
import type { Door } from '../world.ts'

/** One mail of the gateway. */
export interface Mm4Mail {
  readonly type: 'MM4_forward.RES' | 'MM4_delivery_report.REQ'
  /** X-Mms-Request-Status-Code, or X-Mms-MM-Status-Code. */
  readonly status: string
  /** X-Internal-Status-Code. */
  readonly code: string
  /** X-Mms-Status-Text. */
  readonly text: string
  readonly bytes: Buffer
}

/** By the client's own id, which is that of the transaction and that of the message. */
export interface Mmsc extends Pick<Inbox<Mm4Mail>, 'find'> {
  readonly door: Door
  close(): Promise<void>
}

const SENDER_OK = createReply(250, '2.1.0', 'Sender OK')
const RECIPIENT_OK = createReply(250, '2.1.5', 'Recipient OK')
const TAKEN = createReply(250, '2.0.0', 'Taken')
const NOT_A_MESSAGE = createReply(554, '5.6.0', 'Not a message')
/** A response or a report has no content. */
const MAIL_BYTES_MAX = 1024 * 1024
const CLOSE_DEADLINE_MS = 100

/** Listens on a free port of this address; `domain`: what it calls itself. */
export async function openMmsc(host: string, domain: string): Promise<Mmsc> {
  const inbox = createInbox<Mm4Mail>()
  const server = await openSmtpServer({
    host,
    port: 0,
    hostname: domain,
    limits: { messageBytesMax: MAIL_BYTES_MAX },
    handler: {
      mail: () => SENDER_OK,
      rcpt: () => RECIPIENT_OK,
      data: () => receive(inbox.keep),
    },
  })
  return {
    door: server.address,
    find: inbox.find,
    close: () => server.close({ deadlineMs: CLOSE_DEADLINE_MS }),
  }
}

function receive(keep: (id: string, mail: Mm4Mail) => void) {
  const chunks: Buffer[] = []
  return {
    push(chunk: Uint8Array): void {
      chunks.push(Buffer.from(chunk))
    },
    end() {
      const bytes = Buffer.concat(chunks)
      const headers = headersOf(bytes)
      if (headers === undefined) return NOT_A_MESSAGE
      const read = readMail(headers, bytes)
      if (read !== undefined) keep(read.id, read.mail)
      return TAKEN
    },
    abort: () => undefined,
  }
}

function headersOf(bytes: Uint8Array): Headers | undefined {
  let headers: Headers | undefined
  const ignore = { leafStart: () => undefined, leafData: () => undefined, leafEnd: () => undefined }
  const reader = createMessageReader(defaultMimeLimits, ignore, (read) => {
    headers = read
  })
  reader.push(bytes)
  reader.end()
  return headers
}

/** Whom it is about and what it says; `undefined` for whatever else is mailed. */
function readMail(
  headers: Headers,
  bytes: Buffer,
): { readonly id: string; readonly mail: Mm4Mail } | undefined {
  const decoded = decodeMm4(headers)
  if (decoded.kind !== 'ok') return undefined
  const { message } = decoded
  const said = {
    code: headers.get('X-Internal-Status-Code') ?? '',
    text: headers.get('X-Mms-Status-Text') ?? '',
    bytes,
  }
  switch (message.type) {
    case 'MM4_forward.RES': {
      const { type, requestStatus: status } = message
      return { id: message.transactionId.text, mail: { type, status, ...said } }
    }
    case 'MM4_delivery_report.REQ': {
      const { type, mmStatus: status } = message
      return { id: message.messageId.text, mail: { type, status, ...said } }
    }
    default:
      return undefined
  }
}
