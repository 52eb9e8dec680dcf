/**
 * One mail transaction on a ready connection: MAIL, RCPT, DATA, the bytes, the final dot.
 *
 * With PIPELINING the three commands leave in one write. The moment that matters is the writing of
 * the final dot: before it a lost connection means "not sent", after it "unknown".
 */

import { isList, type Pieces } from '../../codecs/bytes/pieces.ts'
import { createDotStuffer, type DotStuffer } from '../../codecs/smtp/dot-stuffer.ts'
import { isMailbox } from '../../codecs/smtp/path.ts'
import { isPositive } from '../../codecs/smtp/reply.ts'
import { describeError } from '../describe-error.ts'
import type { SmtpMail, SmtpTimeouts } from './client-options.ts'
import type { ReadyConnection } from './open-connection.ts'
import { lostBefore, refusedByClient, refusedByPeer } from './results.ts'
import type { RecipientResult, SendNotSent, SendRefused, SendResult } from './send-result.ts'
import type { Heard, Wire } from './wire.ts'

/** How a transaction ended, and what that says about the connection. */
export interface TransactionEnd {
  readonly result: SendResult
  /** The peer had hung up (or wanted to) before it answered anything: nothing was tried. */
  readonly stale: boolean
}

type Failure = SendRefused | SendNotSent

/** Bytes leave in blocks of this size, so that `blockMs` bounds the wait for a known amount. */
const BLOCK_BYTES_MAX = 128 * 1024

/** Sends one message. The caller aborts by `connection.wire.abort`. */
export async function transact(
  connection: ReadyConnection,
  mail: SmtpMail,
  timeouts: SmtpTimeouts,
  pipelining: boolean,
): Promise<TransactionEnd> {
  const objection = objectionTo(connection, mail)
  if (objection !== undefined) return { result: objection, stale: false }
  const pipelined = pipelining && connection.extensions.pipelining
  const transaction = new Transaction(connection.wire, timeouts, pipelined)
  const result = await transaction.run(mailLine(connection, mail), mail)
  return { result, stale: transaction.stale }
}

/** What can be known without asking. */
function objectionTo({ extensions }: ReadyConnection, mail: SmtpMail): SendRefused | undefined {
  if (!isMailbox(mail.from)) {
    return refusedByClient('mail', 501, '5.1.7', 'sender is no mailbox')
  }
  if (mail.to.length === 0 || mail.to.some((to) => to === '' || !isMailbox(to))) {
    return refusedByClient('rcpt', 501, '5.1.3', 'recipient is no mailbox')
  }
  const { sizeBytesMax } = extensions
  if (sizeBytesMax !== undefined && sizeBytesMax > 0 && (mail.sizeBytes ?? 0) > sizeBytesMax) {
    const text = `message of ${mail.sizeBytes} bytes; peer takes ${sizeBytesMax}`
    return refusedByClient('mail', 552, '5.3.4', text)
  }
  if (mail.eightBit === true && !extensions.eightBitMime) {
    return refusedByClient('mail', 554, '5.6.3', 'peer does not offer 8BITMIME')
  }
  return undefined
}

function mailLine({ extensions }: ReadyConnection, mail: SmtpMail): string {
  const { sizeBytesMax, eightBitMime } = extensions
  const size =
    sizeBytesMax === undefined || mail.sizeBytes === undefined ? '' : ` SIZE=${mail.sizeBytes}`
  const body = mail.eightBit === true && eightBitMime ? ' BODY=8BITMIME' : ''
  return `MAIL FROM:<${mail.from}>${size}${body}\r\n`
}

class Transaction {
  stale = false
  private readonly wire: Wire
  private readonly timeouts: SmtpTimeouts
  private readonly pipelining: boolean
  private readonly recipients: RecipientResult[] = []
  private readonly stuffer: DotStuffer = createDotStuffer()
  /** Blocks that have not left yet. */
  private gathered: Uint8Array[] = []
  private gatheredBytes = 0

  constructor(wire: Wire, timeouts: SmtpTimeouts, pipelining: boolean) {
    this.wire = wire
    this.timeouts = timeouts
    this.pipelining = pipelining
  }

  async run(mailCommand: string, mail: SmtpMail): Promise<SendResult> {
    const refused = await this.envelope(mailCommand, mail.to)
    if (refused !== undefined) return refused
    const failed = await this.sendData(mail.data)
    if (failed !== undefined) return failed
    return verdict(await this.wire.hear(this.timeouts.dotMs), this.recipients)
  }

  /** Everything up to the 354; `undefined` when the bytes may come. */
  private async envelope(mailCommand: string, to: readonly string[]): Promise<Failure | undefined> {
    const { wire, pipelining } = this
    const rcpts = to.map((address) => `RCPT TO:<${address}>\r\n`)
    wire.write(pipelining ? `${mailCommand}${rcpts.join('')}DATA\r\n` : mailCommand)
    const mail = await wire.hear(this.timeouts.mailMs)
    if (mail.kind === 'lost') {
      this.stale = mail.because === 'closed'
      return lostBefore('mail', mail)
    }
    if (mail.reply.code === 421) this.stale = true
    const mailRefused = !isPositive(mail.reply)
    if (mailRefused && !pipelining) return refusedByPeer('mail', mail.reply)
    for (const [index, rcpt] of rcpts.entries()) {
      if (!pipelining) wire.write(rcpt)
      const heard = await wire.hear(this.timeouts.rcptMs)
      if (heard.kind === 'lost') {
        return mailRefused ? refusedByPeer('mail', mail.reply) : lostBefore('rcpt', heard)
      }
      const { reply } = heard
      this.recipients.push({ to: to[index] ?? '', accepted: isPositive(reply), reply })
    }
    const refusal = mailRefused ? refusedByPeer('mail', mail.reply) : this.allRefused()
    return this.askForData(refusal)
  }

  private allRefused(): SendRefused | undefined {
    const [first] = this.recipients
    if (first === undefined || this.recipients.some(({ accepted }) => accepted)) return undefined
    return refusedByPeer('rcpt', first.reply, this.recipients)
  }

  private async askForData(refusal: SendRefused | undefined): Promise<Failure | undefined> {
    const { wire } = this
    if (refusal !== undefined && !this.pipelining) {
      await this.reset()
      return refusal
    }
    if (!this.pipelining) wire.write('DATA\r\n')
    const data = await wire.hear(this.timeouts.dataMs)
    if (data.kind === 'lost') return refusal ?? lostBefore('data', data)
    if (data.reply.code !== 354) {
      await this.reset()
      return refusal ?? refusedByPeer('data', data.reply, this.recipients)
    }
    if (refusal === undefined) return undefined
    // RFC 2920 §3.1: a server that wants data for nobody gets an empty message.
    wire.write('.\r\n')
    await wire.hear(this.timeouts.dotMs)
    return refusal
  }

  /** The peer still holds what MAIL said: the next message on this connection must not inherit it. */
  private async reset(): Promise<void> {
    this.wire.write('RSET\r\n')
    await this.wire.hear(this.timeouts.mailMs)
  }

  private async sendData(data: SmtpMail['data']): Promise<Failure | undefined> {
    let bytes: Pieces
    try {
      bytes = typeof data === 'function' ? data() : data
    } catch (error) {
      return this.contentFailed(error)
    }
    if (!isList(bytes)) return this.sendIterable(bytes)
    for (const block of blocksOf(bytes)) {
      const failed = this.fits(block) ? undefined : await this.sendGathered()
      if (failed !== undefined) return failed
      this.gather(block)
    }
    return this.sendLast()
  }

  private async sendIterable(source: AsyncIterable<Uint8Array>): Promise<Failure | undefined> {
    const iterator = source[Symbol.asyncIterator]()
    const lost = new Promise<undefined>((resolve) => this.wire.whenLost(() => resolve(undefined)))
    try {
      for (;;) {
        // A source that hangs must not outlive the connection or the caller's patience.
        const next = await Promise.race([iterator.next(), lost])
        if (next === undefined || next.done === true) break
        for (const block of blocksOf([next.value])) {
          const failed = this.fits(block) ? undefined : await this.sendGathered()
          if (failed !== undefined) {
            stop(iterator)
            return failed
          }
          this.gather(block)
        }
      }
    } catch (error) {
      return this.contentFailed(error)
    }
    if (this.wire.lost !== undefined) stop(iterator)
    return this.sendLast()
  }

  private contentFailed(error: unknown): SendNotSent {
    this.wire.abort('closed', 'message content failed')
    const detail = describeError(error)
    return { kind: 'not-sent', phase: 'data', because: 'content-failed', detail }
  }

  private fits(block: Uint8Array): boolean {
    return this.gatheredBytes === 0 || this.gatheredBytes + block.length <= BLOCK_BYTES_MAX
  }

  private gather(block: Uint8Array): void {
    this.gathered.push(this.stuffer.push(block))
    this.gatheredBytes += block.length
  }

  /** Composed messages come in many small pieces; a write for each would cost more than the bytes. */
  private async sendGathered(): Promise<Failure | undefined> {
    if (!this.wire.writeAll(this.gathered)) await this.wire.drained(this.timeouts.blockMs)
    this.gathered = []
    this.gatheredBytes = 0
    return this.interrupted()
  }

  /** The last blocks go with the final dot: one packet less, and one write to be unsure about. */
  private sendLast(): Failure | undefined {
    const failed = this.interrupted()
    if (failed !== undefined) return failed
    this.gathered.push(this.stuffer.end())
    this.wire.writeAll(this.gathered)
    return undefined
  }

  /** A peer that speaks before the end refuses; it may hang up right after, so ask it first. */
  private interrupted(): Failure | undefined {
    const { wire } = this
    const heard = wire.heard()
    if (heard === undefined) return undefined
    if (heard.kind === 'lost') return lostBefore('data', heard)
    wire.abort('closed', 'peer answered before the end of the message')
    return refusedByPeer('data', heard.reply, this.recipients)
  }
}

function verdict(heard: Heard, recipients: readonly RecipientResult[]): SendResult {
  if (heard.kind === 'lost') {
    return { kind: 'unknown', because: heard.because, detail: heard.detail }
  }
  const { reply } = heard
  if (!isPositive(reply)) return refusedByPeer('dot', reply, recipients)
  return { kind: 'accepted', reply, perRecipient: recipients }
}

function* blocksOf(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += BLOCK_BYTES_MAX) {
      yield chunk.subarray(from, from + BLOCK_BYTES_MAX)
    }
  }
}

function stop(iterator: AsyncIterator<Uint8Array>): void {
  // It may be stuck; nobody waits for its good-bye.
  iterator.return?.().catch(() => undefined)
}
