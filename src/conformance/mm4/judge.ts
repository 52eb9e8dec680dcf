/** Compares what an MM4 gateway said with the row of the table. Pure. */
import type { Entry } from '../../catalog/index.ts'
import type { Mm4Profile } from '../../core/code-row.ts'
import type { Face, Mm4Forward } from '../provocation.ts'
import type { SmtpReplySeen } from './line.ts'
import type { Mm4Mail } from './mmsc.ts'

/** The names under which people know where a code stood. */
const FORMS = {
  response: 'MM4_forward.RES',
  report: 'MM4_delivery_report.REQ',
  reply: 'SMTP',
} as const satisfies Record<Mm4Forward['seenIn'], string>

/**
 * What must be seen. Details are the status word beside the code: the dialect's own, unless the
 * provocation says that the carrier's is passed on, or what SMTP says.
 */
export function expectedFace(
  { code, text }: Entry,
  profile: Mm4Profile,
  { seenIn, status }: Mm4Forward,
): Face {
  const own = seenIn === 'report' ? profile.mmStatus[code]?.status : profile.requestStatus[code]
  const details = status ?? (seenIn === 'reply' ? undefined : own)
  return { form: FORMS[seenIn], code, text, ...(details === undefined ? {} : { details }) }
}

/** What a response or a report says. */
export function faceOfMail({ type, status, code, text }: Mm4Mail): Face {
  return { form: type, code, text, details: status }
}

/** `101 temporary-app-shutdown`. */
const CODE_IN_TEXT = /^([0-9]+) (.*)$/s

/** What a reply says: a code of the dialect's in its text, if there is one. */
export function faceOfReply({ code, enhanced, text }: SmtpReplySeen): Face {
  const details = enhanced === undefined ? String(code) : `${code} ${enhanced}`
  const [, own = details, words = text] = CODE_IN_TEXT.exec(text) ?? []
  return { form: FORMS.reply, code: own, text: words, details }
}

/**
 * Code and status are equal letter by letter, and so is the text, which may go on with what was said
 * before the end: the last attempt's row, in brackets.
 */
export function saysSame(expected: Face, seen: Face | undefined): boolean {
  if (seen === undefined) return false
  const { form, code, text, details } = expected
  if (seen.form !== form || seen.code !== code || seen.details !== details) return false
  return seen.text === text || (seen.text.startsWith(`${text} (`) && seen.text.endsWith(')'))
}
