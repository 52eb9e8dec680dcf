/** The client's own server: takes DeliveryReportReq and DeliverReq and answers as told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createVaspReader, type Received, writeAnswer } from '../../src/cli/vasp-reader.ts'
import type { DeliverReq, DeliveryReportReq } from '../../src/codecs/mm7/types.ts'
import { createInbox, type Inbox } from './inbox.ts'

/** One request as the client got it. */
export interface Post {
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly name: string
  readonly transactionId: string
  readonly report: DeliveryReportReq | undefined
  readonly deliver: DeliverReq | undefined
  readonly parts: Received['parts']
}

/** Reports as a reader would note them down, of one message or all: `Rejected 4000`, `Retrieved`. */
export function told({ posts }: Pick<Vasp, 'posts'>, messageId?: string): string[] {
  return posts.all.flatMap(({ report }) => {
    if (report === undefined || report.messageId !== (messageId ?? report.messageId)) return []
    const [, code] = /: (\d+)/.exec(report.statusText ?? '') ?? []
    return [code === undefined ? report.mmStatus : `${report.mmStatus} ${code}`]
  })
}

/** How the client answers. */
export type VaspAnswer =
  | 'success'
  /** HTTP 200 without a body. */
  | 'blank'
  /** Takes the request and never answers. */
  | 'silence'
  /** Takes the request and hangs up. */
  | 'hang-up'
  | { readonly code: number }
  | { readonly http: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** Last word on the XML of a good answer. */
  | { readonly change: (xml: string) => string }

export interface Vasp {
  readonly url: string
  readonly posts: Inbox<Post>
  /** From now on; `count` is 1 for the first request of this TransactionID. */
  answer(how: (post: Post, count: number) => VaspAnswer): void
  /** Connections are refused until `up`. */
  down(): Promise<void>
  up(): Promise<void>
  close(): Promise<void>
}

export async function openVasp(): Promise<Vasp> {
  const posts = createInbox<Post>(({ name, transactionId, report }) =>
    [name, transactionId, report?.mmStatus].join(' '),
  )
  const counts = new Map<string, number>()
  let how: (post: Post, count: number) => VaspAnswer = () => 'success'
  let server = await listen(0)
  const { port } = server.address() as AddressInfo

  async function listen(wanted: number): Promise<Server> {
    const opened = createServer((request, response) => void take(request, response))
    await new Promise<void>((resolve, reject) => {
      opened.once('error', reject)
      opened.listen(wanted, '127.0.0.1', resolve)
    })
    return opened
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reader = createVaspReader(request.headers['content-type'] ?? '')
    const chunks: Buffer[] = []
    for await (const chunk of request) {
      chunks.push(chunk as Buffer)
      reader.push(chunk as Buffer)
    }
    const received = reader.end()
    const post = postOf(request, Buffer.concat(chunks), received)
    const count = (counts.get(post.transactionId) ?? 0) + 1
    counts.set(post.transactionId, count)
    const answer = how(post, count)
    posts.put(post)
    say(response, answer, received)
  }

  async function down(): Promise<void> {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  return {
    url: `http://127.0.0.1:${port}/reports?who=client`,
    posts,
    answer(next) {
      how = next
    },
    down,
    async up() {
      server = await listen(port)
    },
    close: down,
  }
}

function postOf(request: IncomingMessage, body: Buffer, { decoded, parts }: Received): Post {
  const operation = decoded.kind === 'ok' ? decoded.operation : undefined
  return {
    headers: request.headers,
    body,
    name: operation?.name ?? `unreadable: ${body.toString('utf8', 0, 200)}`,
    transactionId: decoded.transactionId ?? '',
    report: operation?.name === 'DeliveryReportReq' ? (operation as DeliveryReportReq) : undefined,
    deliver: operation?.name === 'DeliverReq' ? (operation as DeliverReq) : undefined,
    parts,
  }
}

const SUCCESS = 1000

function say(response: ServerResponse, answer: VaspAnswer, received: Received): void {
  if (answer === 'silence') return
  if (answer === 'hang-up') {
    response.destroy()
    return
  }
  if (typeof answer === 'object' && 'http' in answer) {
    response.writeHead(answer.http, answer.headers).end(answer.body ?? '')
    return
  }
  response.setHeader('content-type', 'text/xml; charset=utf-8')
  if (answer === 'blank') response.end()
  else if (answer === 'success') response.end(writeAnswer(received, SUCCESS))
  else if ('code' in answer) response.end(writeAnswer(received, answer.code))
  else response.end(answer.change(writeAnswer(received, SUCCESS)))
}
