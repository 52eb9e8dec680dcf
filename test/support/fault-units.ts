/**
 * Where one whole thing ends that a peer may hear twice: an SMTP transaction, an HTTP request.
 * Watches both ways of a connection and says what could be said again on a line of its own.
 */
import { connect } from 'node:net'

/** One whole request as it went up. */
export interface Unit {
  /** What is written, in turns: the next when the other side has answered the one before. */
  readonly turns: readonly Buffer[]
  /** The other side speaks first. */
  readonly greeted: boolean
}

export interface UnitWatch {
  /** Bytes that went up; the unit that ended with them. */
  up(chunk: Buffer): Unit | undefined
  down(chunk: Buffer): void
}

/** Longer ones are not said twice. */
const UNIT_BYTES_MAX = 1024 * 1024
const END_OF_DATA = '\r\n.\r\n'

/** One mail: from MAIL FROM to the final dot. */
export function watchSmtp(): UnitWatch {
  let commands = ''
  let data: Buffer | undefined
  return {
    up(chunk) {
      if (data === undefined) {
        commands = `${commands}${chunk.toString('latin1')}`.slice(-UNIT_BYTES_MAX)
        return undefined
      }
      data = Buffer.concat([data, chunk])
      if (data.length > UNIT_BYTES_MAX) data = Buffer.alloc(0)
      const end = data.indexOf(END_OF_DATA)
      if (end < 0) return undefined
      const lines = commands.slice(commands.lastIndexOf('MAIL FROM')).split('\r\n').filter(Boolean)
      const content = data.subarray(0, end + END_OF_DATA.length)
      commands = data.toString('latin1', content.length)
      data = undefined
      const said = ['EHLO again.example', ...lines].map((line) => Buffer.from(`${line}\r\n`))
      return { turns: [...said, content], greeted: true }
    },
    down(chunk) {
      const asked = /(^|\r\n)354[ -]/.test(chunk.toString('latin1'))
      if (asked && data === undefined) data = Buffer.alloc(0)
    },
  }
}

/** One HTTP/1.1 request with a Content-Length. */
export function watchHttp(): UnitWatch {
  let bytes = Buffer.alloc(0)
  return {
    up(chunk) {
      bytes = Buffer.concat([bytes, chunk])
      const head = bytes.indexOf('\r\n\r\n')
      if (head < 0 || bytes.length > UNIT_BYTES_MAX) return undefined
      const length = /content-length: *([0-9]+)/i.exec(bytes.toString('latin1', 0, head))?.[1]
      const end = head + 4 + Number(length ?? 0)
      if (length === undefined || bytes.length < end) return undefined
      const turns = [bytes.subarray(0, end)]
      bytes = bytes.subarray(end)
      return { turns, greeted: false }
    },
    down: () => undefined,
  }
}

/** Says a unit on a line of its own and waits for every answer; nobody hears them. */
export function sayAgain(
  { turns, greeted }: Unit,
  at: { readonly port: number; readonly localAddress: string },
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const left = [...turns]
    const socket = connect({ host: '127.0.0.1', ...at })
    const timer = setTimeout(() => socket.destroy(), timeoutMs)
    const next = () => {
      const turn = left.shift()
      if (turn === undefined) socket.destroy()
      else socket.write(turn)
    }
    let heard = ''
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    socket.on('connect', () => {
      if (!greeted) next()
    })
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      // An SMTP reply ends with a line that has a space behind its code; any HTTP answer will do.
      if (greeted && !/(^|\r\n)[0-9]{3}( [^\r\n]*)?\r\n$/.test(heard)) return
      heard = ''
      next()
    })
  })
}
