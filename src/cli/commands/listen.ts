/** `carillon listen`: stands where a client's own server would, and answers properly. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { CLIENT_OPTIONS } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { DEMO_CALLBACK_PORT } from '../demo.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { listenSmpp } from '../listen-smpp.ts'
import { extensionOf } from '../media-type.ts'
import { receiptJson, receiptLines } from '../receipt-view.ts'
import { SMPP_OPTIONS } from '../smpp-bind.ts'
import type { Terminal } from '../terminal.ts'
import { createVaspReader, type Received, writeAnswer } from '../vasp-reader.ts'

const PORT_MAX = 65_535
const BODY_BYTES_MAX = 64 * 1024 * 1024
const SUCCESS_CODE = 1000

export const listenCommand = defineCommand({
  name: 'listen',
  summary: 'play the client: take delivery reports and incoming messages',
  examples: [
    ['carillon listen', 'where the demonstration accounts report to'],
    ['carillon listen --save inbox', 'keep the parts of incoming messages as files'],
    ['carillon listen --answer 4003', 'refuse everything, to see the gateway try again'],
    ['carillon listen --json --count 2', 'two lines of JSON, then end: for scripts'],
    ['carillon listen --smpp', 'bind over SMPP instead: receipts and messages from handsets'],
  ],
  options: {
    port: {
      type: 'integer',
      value: 'PORT',
      min: 0,
      max: PORT_MAX,
      help: `where to listen (${DEMO_CALLBACK_PORT}); 0 takes a free one`,
    },
    host: { type: 'text', value: 'HOST', help: 'address to listen on (localhost only)' },
    save: { type: 'text', value: 'DIR', help: 'write the parts of messages there' },
    answer: {
      type: 'integer',
      value: 'CODE',
      min: 0,
      max: 9999,
      help: 'status to answer: of MM7 (1000), or a command_status (0)',
    },
    count: { type: 'integer', value: 'COUNT', min: 1, max: 1_000_000, help: 'end after so many' },
    smpp: { type: 'switch', help: 'bind as an SMPP receiver instead of waiting for MM7' },
    ...SMPP_OPTIONS,
    ...CLIENT_OPTIONS,
  },
  notes: [
    'With --json: {listening, host, port} first, then for each request {at, kind, transactionId, parts: [{name, mediaType, bytes, text}]} and the request’s own elements; kind is DeliveryReportReq, ReadReplyReq, DeliverReq, or unreadable, which has because instead.',
    'With --smpp and --json: {listening, smpp, systemId} first, then {at, kind: receipt, messageId, state, final, err, from} or {at, kind: message, from, to, text, part}.',
  ],
  async run({ values }, terminal) {
    if (values.smpp) return listenSmpp(values, terminal)
    const { port = DEMO_CALLBACK_PORT, host = 'localhost', save, count } = values
    if (save !== undefined) mkdirSync(save, { recursive: true })
    const server = createServer()
    const bound = await listen(server, host, port)
    return new Promise<ExitCode>((done) => {
      let left = count ?? Number.POSITIVE_INFINITY
      const stop = () => {
        server.close(() => done(EXIT.ok))
        server.closeIdleConnections()
      }
      server.on('request', (request, response) => {
        take(request, response, values.answer ?? SUCCESS_CODE, (received) => {
          show(received, save, terminal)
          left -= 1
          if (left <= 0) stop()
        })
      })
      process.once('SIGINT', stop)
      process.once('SIGTERM', stop)
      // Last: whoever reads this line may send a signal at once.
      tellListening(bound, terminal)
    })
  },
})

function tellListening({ address, port }: AddressInfo, terminal: Terminal): void {
  if (terminal.json) terminal.printJson({ listening: true, host: address, port })
  else terminal.say(`Listening on http://localhost:${port}/ for reports and messages.`)
}

function listen(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) => {
      const because =
        error.code === 'EADDRINUSE' ? `port ${port} is taken: another listens there` : error.message
      const hint = 'Take another port with --port, and point the account’s callbackUrl at it.'
      reject(new CommandFailure(EXIT.unavailable, because, hint))
    })
    server.listen(port, host, () => resolve(server.address() as AddressInfo))
  })
}

function take(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  onReceived: (received: Received) => void,
): void {
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end('MM7 requests are posted here.\n')
    return
  }
  const reader = createVaspReader(request.headers['content-type'] ?? '')
  let bytes = 0
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) request.destroy()
    else reader.push(chunk)
  })
  request.on('error', () => {})
  request.on('end', () => {
    const received = reader.end()
    const answer = Buffer.from(writeAnswer(received, code), 'utf8')
    response.writeHead(200, {
      'content-type': 'text/xml; charset=utf-8',
      'content-length': answer.length,
      // So that ending after the last one does not wait for an idle connection.
      connection: 'close',
    })
    response.end(answer, () => onReceived(received))
  })
}

function show(received: Received, save: string | undefined, terminal: Terminal): void {
  const at = Date.now()
  if (terminal.json) terminal.printJson(receiptJson(received, at))
  else for (const line of receiptLines(received, at, terminal.paint)) terminal.print(line)
  if (save === undefined) return
  for (const [i, part] of received.parts.entries()) {
    const path = join(save, `${at}-${i + 1}-${fileName(part.name, part.mediaType)}`)
    writeFileSync(path, part.bytes)
    terminal.say(`          saved ${path}`)
  }
}

/** A name from elsewhere may hold a path: only its last word counts, and only plain characters. */
function fileName(name: string, mediaType: string): string {
  const plain = basename(name)
    .replaceAll(/[^\w.-]/g, '_')
    .replace(/^\.+/, '')
  if (plain === '') return `part${extensionOf(mediaType)}`
  return plain.includes('.') ? plain : plain + extensionOf(mediaType)
}
