/**
 * One SMTP conversation over a plain socket, command by command. No mail client: it would hide what
 * is said between the greeting and the answer that counts.
 */
import { connect } from 'node:net'
import type { Said } from '../provocation.ts'
import type { Door } from '../world.ts'

/** A reply as it came, its lines put together. */
export interface SmtpReplySeen {
  readonly code: number
  /** RFC 3463; absent where it has none. */
  readonly enhanced?: string
  readonly text: string
}

export interface SmtpLine {
  /** Writes, and takes the next whole reply; `undefined` when none came. */
  ask(bytes: string | Uint8Array): Promise<SmtpReplySeen | undefined>
  /** The next reply without a word of ours. */
  hear(): Promise<SmtpReplySeen | undefined>
  /** Why a reply did not come. */
  readonly because: string | undefined
  readonly transcript: readonly Said[]
  close(): void
}

const WHOLE_REPLY = /^(?:[0-9]{3}-.*\r\n)*([0-9]{3})(?: .*)?\r\n/

/** Never rejects: what goes wrong on the line is something seen. */
export function openLine({ host, port }: Door, timeoutMs: number): SmtpLine {
  const transcript: Said[] = []
  let heard = ''
  let because: string | undefined
  let wake = () => {}
  const socket = connect(port, host)
  const end = (why: string) => {
    because ??= why
    socket.destroy()
    wake()
  }
  socket.setTimeout(timeoutMs, () => end(`no reply within ${timeoutMs} ms`))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('the line was closed'))
  socket.on('data', (bytes: Buffer) => {
    transcript.push({ who: 'received', bytes })
    heard += bytes.toString('latin1')
    wake()
  })

  async function hear(): Promise<SmtpReplySeen | undefined> {
    for (;;) {
      const [whole] = WHOLE_REPLY.exec(heard) ?? []
      if (whole !== undefined) {
        heard = heard.slice(whole.length)
        return parseReply(whole)
      }
      if (because !== undefined) return undefined
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    hear,
    ask(bytes) {
      const written = typeof bytes === 'string' ? Buffer.from(`${bytes}\r\n`) : bytes
      transcript.push({ who: 'sent', bytes: written })
      socket.write(written)
      return hear()
    },
    get because() {
      return because
    },
    transcript,
    close: () => end('closed by us'),
  }
}

const ENHANCED = /^([245]\.[0-9]{1,3}\.[0-9]{1,3}) +/

function parseReply(whole: string): SmtpReplySeen {
  const texts = whole
    .split('\r\n')
    .slice(0, -1)
    .map((line) => line.slice('250 '.length))
  const enhanced = ENHANCED.exec(texts[0] ?? '')?.[1]
  const text = texts.map((line) => line.replace(ENHANCED, '')).join(' ')
  return {
    code: Number(whole.slice(0, 3)),
    ...(enhanced === undefined ? {} : { enhanced }),
    text,
  }
}
