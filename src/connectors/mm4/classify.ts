/**
 * What a peer's SMTP answer to an MM4 request means. The enhanced code decides first, then the
 * phase, then the basic code (mm4 peers agree on little else).
 */
import type { SmtpReply } from '../../codecs/smtp/reply.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Reason } from '../../core/reason.ts'
import type { SendResult, SmtpPhase } from '../../transports/smtp/send-result.ts'

/** What comes after the peer took the bytes. */
export interface Handover {
  /** Our id of the request, by which the response and the reports name it. */
  readonly remoteId: string
  readonly expects: 'response' | 'report' | 'nothing'
}

/** One attempt's result as an outcome. */
export function classifySend(result: SendResult, handover: Handover): Outcome {
  switch (result.kind) {
    case 'accepted':
      return { kind: 'submitted', ...handover, raw: raw(result.reply) }
    case 'refused':
      return classifyReply(result.reply, result.phase)
    case 'not-sent':
      return {
        kind: 'deferred',
        reason: NOT_SENT[result.because],
        raw: `${result.phase}: ${result.because} ${result.detail}`.trim(),
      }
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
  'tls-failed': 'link-down',
  timeout: 'link-closed',
  closed: 'link-closed',
  aborted: 'link-closed',
  'content-failed': 'internal-error',
  busy: 'carrier-busy',
} as const satisfies Record<string, Reason>

/** A negative reply of any phase. */
export function classifyReply(reply: SmtpReply, phase: SmtpPhase): Outcome {
  const reason = reasonOf(reply, phase)
  const evidence = `${phase}: ${raw(reply)}`
  return TEMPORARY.has(reason)
    ? { kind: 'deferred', reason, raw: evidence }
    : { kind: 'rejected', reason, raw: evidence }
}

const TEMPORARY: ReadonlySet<Reason> = new Set([
  'carrier-busy',
  'carrier-error',
  'link-down',
  'link-closed',
  'link-refused',
])

function reasonOf(reply: SmtpReply, phase: SmtpPhase): Reason {
  const text = reply.lines.join(' ')
  const temporary = reply.code < 500
  if (reply.code === 421) return 'link-closed'
  if (phase === 'auth' || [530, 534, 535, 538].includes(reply.code)) return 'link-refused'
  const enhanced = temporary ? undefined : ENHANCED[reply.enhanced ?? '']
  if (enhanced !== undefined) return enhanced
  if (temporary) return isBusy(reply, text) ? 'carrier-busy' : 'carrier-error'
  if (reply.enhanced?.startsWith('5.7.') === true) return policyReason(phase, text)
  if (reply.enhanced?.startsWith('5.6.') === true) return 'content-refused'
  if (reply.code === 552 || reply.code === 523) return 'too-large-for-carrier'
  if (reply.code >= 500 && reply.code <= 504) return 'malformed-for-carrier'
  if (phase === 'rcpt' && [550, 551, 553].includes(reply.code)) return 'recipient-unknown'
  if (phase === 'mail') return 'sender-refused'
  return 'carrier-refused'
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
  if (/opt(ed)?[- ]?out|\bstop\b|unsubscrib/i.test(text)) return 'recipient-opted-out'
  if (/spam|block|content|policy/i.test(text)) return 'spam-refused'
  return phase === 'mail' ? 'sender-refused' : 'carrier-denied'
}

function raw(reply: SmtpReply & { readonly raw?: string }): string {
  return reply.raw ?? `${reply.code} ${reply.enhanced ?? ''} ${reply.lines.join(' ')}`.trim()
}
