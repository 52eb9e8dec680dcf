/** What the door says: replies to the final dot, and verdicts for responses, in a dialect's codes. */
import { parseMm4Address } from '../../codecs/mm4/address.ts'
import type { ForwardReq, Mm4Address } from '../../codecs/mm4/types.ts'
import { createReply, type SmtpReply } from '../../codecs/smtp/reply.ts'
import type { CodeRow, SpokenDialect } from '../../core/code-row.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import { faceOf } from '../../dialects/face.ts'
import { requestStatusOf } from '../../dialects/mm4-face.ts'
import type { Verdict } from './answer.ts'
import { parseEnvelopeAddress } from './peer.ts'

/** The mail is ours now; what we think of it goes into a response. */
export const TAKEN = createReply(250, '2.0.0', 'Taken')

/**
 * Only trouble of ours is told in SMTP: the peer keeps the message and comes again. A client is told
 * its dialect's code, too.
 */
export function troubleReply(reason: Reason, dialect?: SpokenDialect): SmtpReply {
  const [code, enhanced, text] = troubleOf(reason)
  const row = dialect === undefined ? undefined : codeRowOf(dialect, reason)
  return createReply(code, enhanced, row === undefined ? text : `${row.code} ${row.text}`)
}

function troubleOf(reason: Reason): readonly [number, string, string] {
  switch (reason) {
    case 'storage-full':
      return [452, '4.3.1', 'No space; try again later']
    case 'overloaded':
    case 'call-rate-exceeded':
      return [451, '4.3.2', 'Busy; try again later']
    case 'draining':
      return [421, '4.3.2', 'Shutting down; try again later']
    default:
      return [451, '4.3.0', 'Local error; try again later']
  }
}

/** A refusal for a peer that wants no response: what is not told now is never told. */
export function refusalReply(dialect: SpokenDialect, reason: Reason): SmtpReply {
  const row = codeRowOf(dialect, reason)
  const text = row === undefined ? REASONS[reason].text : `${row.code} ${row.text}`
  return REASONS[reason].handling === 'final'
    ? createReply(550, '5.7.1', printable(text))
    : createReply(451, '4.3.0', printable(text))
}

/** Yes, in a dialect. */
export function acceptedVerdict({ mm4 }: SpokenDialect): Verdict {
  const { accepted, codeHeader: name } = mm4 ?? {}
  if (accepted === undefined || name === undefined) return { status: 'Ok' }
  return { status: 'Ok', text: accepted.text, code: { name, value: accepted.code } }
}

/** No, in a dialect; `status` where the protocol has a finer word than the code. */
export function refusalVerdict(
  dialect: SpokenDialect,
  reason: Reason,
  status: Verdict['status'] = requestStatusOf(dialect, reason),
): Verdict {
  const row = codeRowOf(dialect, reason)
  const name = dialect.mm4?.codeHeader
  if (row === undefined || name === undefined) return { status, text: REASONS[reason].text }
  return { status, text: row.text, code: { name, value: row.code } }
}

/** The code, where the dialect's door tells codes. */
function codeRowOf(dialect: SpokenDialect, reason: Reason): CodeRow | undefined {
  return dialect.mm4?.codeHeader === undefined ? undefined : faceOf(dialect, reason)
}

/** Replies are ASCII (RFC 5321 §2.4). */
function printable(text: string): string {
  return text.replaceAll('’', "'").replace(/[^\x20-\x7e]/g, '?')
}

/** A recipient of the envelope as the header calls it; Bcc and groups may not show it there. */
export function named({ to, cc }: ForwardReq, path: string): Mm4Address {
  const { number } = parseEnvelopeAddress(path)
  const shown = [...to, ...cc].find(({ text }) => text === number)
  return shown ?? parseMm4Address(path) ?? { raw: path, text: path, kind: 'system' }
}
