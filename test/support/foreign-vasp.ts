/**
 * What MM7 clients that are not ours have in common for a test: they submit, and take what the
 * gateway calls them with. Nothing of our codecs is used on their side, bodies are cut by hand.
 */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInbox, type Inbox } from './inbox.ts'

/** What of a request the client has to say for itself. */
export interface ForeignSubmit {
  readonly port: number
  readonly path: string
  readonly vaspId: string
  readonly to: string
  readonly transactionId: string
}

/** What the gateway answered, by the client's own reading. */
export interface ForeignAnswer {
  readonly code: string
  readonly messageId: string | undefined
  readonly transactionId: string | undefined
  readonly envelope: string
}

/** What the gateway called the client with, by the client's own reading. */
export interface ForeignCall {
  readonly name: string
  /** MMStatus of a report. */
  readonly mmStatus: string | undefined
  /** MessageID of a report, LinkedID of a message. */
  readonly id: string
  readonly envelope: string
  /** The whole HTTP body. */
  readonly body: Buffer
}

/** How a client reads one call and writes its answer. */
export type ForeignReader = (
  envelope: string,
  body: Buffer,
) => Promise<{ readonly call: ForeignCall; readonly answer: string }>

export interface ForeignVasp {
  readonly url: string
  readonly calls: Inbox<ForeignCall>
  submit(submit: ForeignSubmit): Promise<ForeignAnswer>
  close(): Promise<void>
}

/** The release a client is written for. */
export interface ForeignRelease {
  readonly version: string
  /** Tail of its namespace. */
  readonly tail: string
}

/** A client's HTTP side, about which it does not matter whose it is. */
export async function openForeignServer(read: ForeignReader) {
  const calls = createInbox<ForeignCall>(({ name, mmStatus }) => `${name} ${mmStatus ?? ''}`)
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const { call, answer } = await read(envelopeIn(request.headers['content-type'], body), body)
      response.setHeader('Content-Type', 'text/xml; charset=utf-8')
      response.end(answer)
      calls.put(call)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/vasp`,
    calls,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The first part of a multipart body, or the body. */
export function envelopeIn(contentType: string | undefined, body: Buffer): string {
  const boundary = /boundary="?([^";]+)/i.exec(contentType ?? '')?.[1]
  if (boundary === undefined) return body.toString('utf8')
  const [, first = ''] = body.toString('utf8').split(`--${boundary}`)
  return first.slice(first.indexOf('\r\n\r\n') + 4).replace(/\r\n$/, '')
}

/** A SMIL presentation with its text and picture. */
export const FOREIGN_SMIL =
  '<smil><body><par><img src="cid:bell.png"/><text src="cid:words.txt"/></par></body></smil>'
