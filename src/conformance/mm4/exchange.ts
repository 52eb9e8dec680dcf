/** Hands one request in, command by command, and tells how far it came. */
import type { Mm4Draft } from './draft.ts'
import { writeDraft } from './draft.ts'
import type { SmtpLine, SmtpReplySeen } from './line.ts'

const POSITIVE_BELOW = 400

/** Says hello and logs in; the last reply. */
export async function logIn(
  line: SmtpLine,
  { login: { user, password } }: Mm4Draft,
): Promise<SmtpReplySeen | undefined> {
  const secret = Buffer.from(`\0${user}\0${password}`).toString('base64')
  const greeting = await line.hear()
  if (!isPositive(greeting)) return greeting
  return inTurn(line, ['EHLO mmsc.conformance.example', `AUTH PLAIN ${secret}`])
}

/** Hands it over after the login: the reply to the final dot, or the first refusal. */
export async function handOver(
  line: SmtpLine,
  draft: Mm4Draft,
): Promise<SmtpReplySeen | undefined> {
  const envelope = [`MAIL FROM:<${draft.from}>`, ...draft.to.map((path) => `RCPT TO:<${path}>`)]
  const ready = await inTurn(line, [...envelope, 'DATA'])
  return isPositive(ready) ? line.ask(stuffed(writeDraft(draft))) : ready
}

/** One after the other while the answers are good. */
async function inTurn(
  line: SmtpLine,
  commands: readonly string[],
): Promise<SmtpReplySeen | undefined> {
  let reply: SmtpReplySeen | undefined
  for (const command of commands) {
    reply = await line.ask(command)
    if (!isPositive(reply)) return reply
  }
  return reply
}

export function isPositive(reply: SmtpReplySeen | undefined): boolean {
  return reply !== undefined && reply.code < POSITIVE_BELOW
}

/** RFC 5321 §4.5.2: a dot that begins a line is doubled, and one alone ends the message. */
function stuffed(mail: Buffer): Buffer {
  const text = mail.toString('latin1').replaceAll(/^\./gm, '..')
  return Buffer.from(`${text}.\r\n`, 'latin1')
}
