/** Compares what an MM7 peer said with the row of the table. Pure. */
import type { Entry } from '../../catalog/index.ts'
import type { Mm7Profile } from '../../core/code-row.ts'
import type { Face } from '../provocation.ts'
import type { Report } from '../report-inbox.ts'
import type { Mm7Answer } from './exchange.ts'

/** The names under which people know the two forms of an answer. */
const FORMS: Readonly<Record<string, string>> = {
  RSErrorRsp: 'Fault',
  VASPErrorRsp: 'Fault',
}

/** Success and partial success travel in the operation's own answer. */
const SUCCEEDED = /^1[0-9]{3}$/
const SUCCESS = '1000'

/** What the answer must say. */
export function expectedAnswer(entry: Entry, profile: Mm7Profile): Face {
  const { code, text, details } = entry
  // Wire samples and table differ here: the profile says which words travel.
  if (code === SUCCESS) return { form: 'SubmitRsp', code, text: profile.successText }
  const form = SUCCEEDED.test(code) ? 'SubmitRsp' : 'Fault'
  return { form, code, text, ...(details !== undefined && { details }) }
}

/** What the answer says. */
export function faceOfAnswer(answer: Mm7Answer): Face | undefined {
  const { operation, code, text, details } = answer
  if (operation === undefined || code === undefined) return undefined
  return {
    form: FORMS[operation] ?? operation,
    code,
    text: text ?? '',
    ...(details !== undefined && { details }),
  }
}

/** What a report must say: its status and text are the row, or its text names the row. */
export function expectedReport(entry: Entry): Face {
  return { form: 'DeliveryReportReq', code: entry.code, text: entry.text }
}

/** What a report says, read as a status. */
export function faceOfStatus({ status, text }: Report): Face {
  return { form: 'DeliveryReportReq', code: status, text }
}

/** `Rejected: 4000 General service error`. */
const CODE_IN_TEXT = /^[^:]+: ([0-9]+) (.*)$/s

/** What a report says in the words of its text. */
export function faceOfWords({ status, text }: Report): Face {
  const [, code = status, words = text] = CODE_IN_TEXT.exec(text) ?? []
  return { form: 'DeliveryReportReq', code, text: words }
}

/** Code and text are equal letter by letter; details may go on with the place, in brackets. */
export function saysSame(expected: Face, seen: Face | undefined): boolean {
  if (seen === undefined) return false
  const { form, code, text, details } = expected
  if (seen.form !== form || seen.code !== code || seen.text !== text) return false
  if (details === undefined || seen.details === details) return true
  return seen.details?.startsWith(`${details} (`) === true && seen.details.endsWith(')')
}
