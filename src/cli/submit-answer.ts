/** What the answer to an MM7 request says, in our words and those of the dialect's table. Pure. */
import { advise, type Entry, find } from '../catalog/index.ts'
import { contentType, parseContentType } from '../codecs/mime/content-type.ts'
import { readMm7Reply } from '../codecs/mm7/request-reader.ts'
import { EXIT, type ExitCode } from './exit-code.ts'

export type SubmitAnswer =
  | {
      readonly kind: 'answer'
      readonly code: string
      readonly text: string
      readonly details?: string
      readonly messageId?: string
      readonly transactionId?: string
    }
  /** Not an MM7 answer. */
  | { readonly kind: 'unreadable'; readonly because: string }

/** Reads the body of an HTTP answer. */
export function readSubmitAnswer(written: string, body: Uint8Array): SubmitAnswer {
  const type = parseContentType(written) ?? contentType('text/xml')
  const reply = readMm7Reply(type, body)
  if (reply.kind === 'fault')
    return { kind: 'unreadable', because: `${reply.fault}: ${reply.detail}` }
  if (reply.kind === 'soap-fault')
    return { kind: 'unreadable', because: reply.soapFault.faultString }
  const { operation, transactionId } = reply
  const answered = 'status' in operation ? operation.status : undefined
  if (answered === undefined)
    return { kind: 'unreadable', because: `an unexpected ${operation.name}` }
  const messageId = 'messageId' in operation ? operation.messageId : undefined
  return {
    kind: 'answer',
    code: String(answered.statusCode),
    text: answered.statusText,
    ...(answered.details !== undefined && { details: answered.details }),
    ...(messageId !== undefined && { messageId }),
    ...(transactionId !== undefined && { transactionId }),
  }
}

/** The code's row, if the dialect is one of ours. */
export function entryFor(dialect: string, code: string): Entry | undefined {
  return find({ dialect, surface: 'mm7', code })
}

/** TS 23.140 §8.7.8.3: 1xxx is success; for the rest the table says whether later may work. */
export function exitCodeFor(code: string, entry: Entry | undefined): ExitCode {
  if (/^1\d\d\d$/.test(code)) return EXIT.ok
  if (entry === undefined) return EXIT.failed
  const { again } = advise(entry)
  return again === 'later' || again === 'wait' ? EXIT.temporary : EXIT.failed
}
