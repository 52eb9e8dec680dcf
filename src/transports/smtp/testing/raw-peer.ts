/** Both ends of SMTP by hand, for tests: a peer that says exactly what the test says. */

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A client without manners. */
export interface RawClient {
  readonly socket: Socket
  /** All that was heard so far and not taken yet. */
  readonly heard: string
  /** How many chunks the server's words came in. */
  readonly chunks: number
  send(text: string | Uint8Array): void
  /** The next whole reply, multi-line or not, without its last CRLF. */
  reply(): Promise<string>
  /** Sends and takes the reply. */
  ask(line: string): Promise<string>
  /** What is still said until the server closes. */
  untilClosed(): Promise<string>
}

const WHOLE_REPLY = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/

/** Connects and takes the greeting, unless told to leave it; `from` is a loopback address to come from. */
export async function openRawClient(
  port: number,
  greeting = true,
  from?: string,
): Promise<RawClient> {
  const own = from === undefined ? {} : { localAddress: from }
  const socket = connect({ port, host: '127.0.0.1', ...own })
  socket.on('error', () => undefined)
  let heard = ''
  let chunks = 0
  let closed = false
  let wake = () => {}
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1')
    chunks++
    wake()
  })
  socket.on('close', () => {
    closed = true
    wake()
  })
  const more = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const client: RawClient = {
    socket,
    get heard() {
      return heard
    },
    get chunks() {
      return chunks
    },
    send: (text) => void socket.write(text),
    async reply() {
      for (;;) {
        const [found] = WHOLE_REPLY.exec(heard) ?? []
        if (found !== undefined) {
          heard = heard.slice(found.length)
          return found.slice(0, -2)
        }
        if (closed) throw new Error(`closed without a reply, heard ${JSON.stringify(heard)}`)
        await more()
      }
    },
    ask(line) {
      client.send(`${line}\r\n`)
      return client.reply()
    },
    async untilClosed() {
      while (!closed) await more()
      return heard
    },
  }
  if (greeting) await client.reply()
  return client
}

/** One connection at a server by hand. */
export interface RawCall {
  readonly socket: Socket
  /** Lines heard so far, message lines too. */
  readonly lines: string[]
  say(text: string): void
}

/** A server by hand. */
export interface RawServer {
  readonly port: number
  readonly calls: readonly RawCall[]
  close(): Promise<void>
}

/** What a server by hand does with each line; the first one is '' (the connection itself). */
export type OnLine = (line: string, call: RawCall, callNumber: number) => void

/** Opens a server that does nothing but what `onLine` does. */
export async function openRawServer(onLine: OnLine): Promise<RawServer> {
  const calls: RawCall[] = []
  const server = createServer((socket) => {
    socket.setNoDelay(true)
    const lines: string[] = []
    const call: RawCall = { socket, lines, say: (text) => void socket.write(`${text}\r\n`) }
    const number = calls.push(call)
    socket.on('error', () => undefined)
    let begun = ''
    socket.on('data', (chunk) => {
      const found = (begun + chunk.toString('latin1')).split('\r\n')
      begun = found.pop() ?? ''
      for (const line of found) {
        lines.push(line)
        onLine(line, call, number)
      }
    })
    onLine('', call, number)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    calls,
    async close() {
      for (const { socket } of calls) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A polite peer, to be overruled line by line: `answers` come first, `''` means silence. */
export function politely(answers: Readonly<Record<string, string>>): OnLine {
  let inData = false
  return (line, { say }) => {
    if (inData && line !== '.') return
    const verb = inData ? '.' : line === '' ? 'connect' : (/^\w+/.exec(line)?.[0] ?? line)
    const answer = answers[verb] ?? POLITE_ANSWERS[verb] ?? '500 What?'
    inData = verb === 'DATA' && answer.startsWith('354')
    if (answer !== '') say(answer)
  }
}

const POLITE_ANSWERS: Readonly<Record<string, string>> = {
  connect: '220 polite.example ESMTP',
  EHLO: '250-polite.example\r\n250-PIPELINING\r\n250 SIZE 100000',
  HELO: '250 polite.example',
  MAIL: '250 2.1.0 OK',
  RCPT: '250 2.1.5 OK',
  DATA: '354 Go ahead',
  '.': '250 2.0.0 Kept',
  RSET: '250 OK',
  QUIT: '221 Bye',
}
