/**
 * What a subscriber's keyword does: STOP puts a block into the opt-out ledger, START takes it away,
 * HELP changes nothing; each may be answered in the account's name.
 */
import { type Block, blockKey, type ConsentReplies, type Directory } from '../core/directory.ts'
import type { Envelope, MessageId, Submission } from '../core/message.ts'
import type { BlockChange } from './directory-holder.ts'
import type { Media } from './ports/media.ts'

/** How the ledger changes: one entry per number of ours that was written to, often none. */
export function consentChanges(
  { accountId: account, envelope, recipients, consent }: Submission,
  { blocked }: Directory,
  now: number,
): readonly BlockChange[] {
  // Only a number can be opted out; and HELP changes nothing.
  if (consent === undefined || consent.consent === 'help') return []
  const { kind, text: number } = envelope.sender
  if (kind !== 'number') return []
  return recipients.flatMap(({ text: sender }): BlockChange[] => {
    const named = { number, account, sender }
    const key = blockKey(named)
    if (blocked.has(key) === (consent.consent === 'stop')) return []
    if (consent.consent === 'start') return [{ key }]
    const because = `${consent.keyword} on ${new Date(now).toISOString().slice(0, 10)}`
    return [{ key, block: { ...named, because, byRecipient: true } satisfies Block }]
  })
}

/**
 * What is answered, if anything: to STOP only where it changed something, so that exactly one
 * confirmation passes the block, and to no machine.
 */
export function consentReplyText(
  { consent, envelope }: Submission,
  texts: ConsentReplies | undefined,
  changed: boolean,
): string | undefined {
  if (consent === undefined || envelope.sender.kind !== 'number') return undefined
  if (envelope.messageClass === 'auto') return undefined
  return consent.consent === 'stop' && !changed ? undefined : texts?.[consent.consent]
}

/** An answer to a keyword, from the number that was written to. */
export function consentReply(
  { accountId, channel, dialect, envelope, recipients }: Submission,
  messageId: MessageId,
  text: string,
  media: Media,
): Submission {
  const [from = envelope.sender] = recipients
  const bytes = new TextEncoder().encode(text)
  const writer = media.openWriter()
  writer.write(bytes)
  const { length } = bytes
  const part = {
    mediaType: 'text/plain',
    contentType: 'text/plain; charset=utf-8',
    encoding: '8bit',
    offset: 0,
    length,
    decodedLength: length,
  } as const
  return {
    accountId,
    direction: 'mt',
    channel,
    dialect,
    envelope: replyEnvelope(envelope, from, channel),
    recipients: [envelope.sender],
    content: { ...writer.finish(), parts: [part] },
    // One keyword, one answer, however often its message comes.
    idempotency: { scope: accountId, key: `consent ${messageId}`, fingerprint: '' },
  }
}

function replyEnvelope(
  { serviceId }: Envelope,
  sender: Envelope['sender'],
  channel: Submission['channel'],
): Envelope {
  return {
    sender,
    // An automatic answer, which asks for no reports and is not answered itself (TS 23.140 §8.4.1).
    messageClass: 'auto',
    priority: 'normal',
    senderVisible: true,
    adaptationAllowed: true,
    deliveryReports: false,
    readReports: false,
    ...(serviceId === undefined ? {} : { serviceId }),
    ...(channel === 'sms' ? { sms: { alphabet: 'ucs2' } } : {}),
  }
}
