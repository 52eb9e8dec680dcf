/**
 * What a peer's SMTP answer to an MM4 request means. The enhanced code decides first, then the
 * phase, then the basic code (mm4 peers agree on little else); an operator's own entry goes before.
 */
import type { SmtpReply } from '../../codecs/smtp/reply.ts'
import { overriddenReason, saysOptOut } from '../../core/answer-words.ts'
import type { AnswerOverride } from '../../core/carrier.ts'
import type { Outcome } from '../../core/outcome.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import type { SendResult, SmtpPhase } from '../../transports/smtp/send-result.ts'

/** What comes after the peer took the bytes. */
export interface Handover {
  /** Our id of the request, by which the response and the reports name it. */
  readonly remoteId: string
  readonly expects: 'response' | 'report' | 'nothing'
}

/** One attempt's result as an outcome. */
export function classifySend(
  result: SendResult,
  handover: Handover,
  overrides?: readonly AnswerOverride[],
): Outcome {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'submitted', ...handover, raw: raw(result.reply) }
    case 'refused':
      return classifyReply(result.reply, result.phase, overrides)
    case 'not-sent':
      return ending(
        NOT_SENT[result.because],
        `${result.phase}: ${result.because} ${result.detail}`.trim(),
      )
    case 'unknown':
      // Our ids are stable: a late answer still finds the delivery, and the peer drops a double.
      return {
        kind: 'unknown',
        reason: 'carrier-timeout',
        remoteId: handover.remoteId,
        raw: `after the final dot: ${result.because} ${result.detail}`.trim(),
      }
  }
}

const NOT_SENT = {
  'connect-failed': 'link-down',
  'no-such-host': 'no-destination',
  'tls-failed': 'link-down',
  timeout: 'link-closed',
  closed: 'link-closed',
  aborted: 'link-closed',
  'content-failed': 'internal-error',
  busy: 'window-full',
} as const satisfies Record<string, Reason>

/** A negative reply of any phase. */
export function classifyReply(
  reply: SmtpReply,
  phase: SmtpPhase,
  overrides?: readonly AnswerOverride[],
): Outcome {
  const evidence = `${phase}: ${raw(reply)}`
  return ending(overriddenReason(overrides, raw(reply)) ?? reasonOf(reply, phase), evidence)
}

/** Whether to try again is the reason's business. */
function ending(reason: Reason, evidence: string): Outcome {
  return REASONS[reason].handling === 'final'
    ? { kind: 'rejected', reason, raw: evidence }
    : { kind: 'deferred', reason, raw: evidence }
}

/** Basic codes of RFC 5321 and RFC 4954 that refuse a command for its form. */
const SYNTAX: ReadonlySet<number> = new Set([500, 501, 502, 503, 504, 555])
/** What refuses us and not the message. */
const UNWELCOME: ReadonlySet<number> = new Set([530, 534, 535, 538])

function reasonOf(reply: SmtpReply, phase: SmtpPhase): Reason {
  const { code, enhanced = '' } = reply
  const text = reply.lines.join(' ')
  const temporary = code < 500
  if (code === 421) return 'link-closed'
  if (phase === 'auth' || UNWELCOME.has(code)) return 'link-refused'
  const known = temporary ? undefined : ENHANCED[enhanced]
  if (known !== undefined) return known
  if (temporary) return isBusy(reply, text) ? 'carrier-busy' : 'carrier-error'
  if (enhanced.startsWith('5.7.')) return policyReason(phase, text)
  if (enhanced.startsWith('5.6.')) return 'content-refused'
  if (code === 552 || code === 523) return 'too-large-for-carrier'
  if (SYNTAX.has(code)) return 'malformed-for-carrier'
  if (phase === 'rcpt' && [550, 551, 553].includes(code)) return 'recipient-unknown'
  if (phase === 'mail' && [550, 553].includes(code)) return 'sender-refused'
  return [550, 551, 553, 554].includes(code) ? 'carrier-failed' : 'unrecognised-response'
}

/** RFC 3463 codes that say more than their basic code. */
const ENHANCED: Readonly<Record<string, Reason>> = {
  '5.1.1': 'recipient-unknown',
  '5.1.2': 'recipient-unknown',
  '5.1.3': 'recipient-unknown',
  '5.1.6': 'recipient-unknown',
  '5.1.7': 'sender-refused',
  '5.1.8': 'sender-refused',
  '5.2.2': 'carrier-busy',
  '5.2.3': 'too-large-for-carrier',
  '5.3.4': 'too-large-for-carrier',
  '5.4.6': 'loop-detected',
}

function isBusy({ code, enhanced = '' }: SmtpReply, text: string): boolean {
  if (code === 452 || enhanced === '4.2.2' || enhanced === '4.3.1' || enhanced === '4.3.2')
    return true
  return enhanced.startsWith('4.7.') || /\b(rate|throttl|too many|busy|queue full)/i.test(text)
}

function policyReason(phase: SmtpPhase, text: string): Reason {
  if (saysOptOut(text)) return 'recipient-opted-out'
  if (/spam|block|content|policy/i.test(text)) return 'spam-refused'
  return phase === 'mail' ? 'sender-refused' : 'carrier-denied'
}

function raw(reply: SmtpReply & { readonly raw?: string }): string {
  return reply.raw ?? `${reply.code} ${reply.enhanced ?? ''} ${reply.lines.join(' ')}`.trim()
}
