/** One HTTP POST, its answer read whole. Failures say whether the bytes may have arrived. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface PostWish {
  readonly url: URL
  readonly headers: Readonly<Record<string, string | number>>
  readonly pieces: readonly Uint8Array[]
  readonly timeoutMs: number
}

export type Posted =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly contentType: string
      readonly body: Buffer
    }
  /** Nobody listens: nothing was sent. */
  | { readonly kind: 'unreachable'; readonly because: string }
  /** The bytes went out, at least in part, and no answer came. */
  | { readonly kind: 'lost'; readonly because: string }

const ANSWER_BYTES_MAX = 1024 * 1024

/** Sends the pieces with the headers given; follows no redirect. */
export function post(wish: PostWish): Promise<Posted> {
  return new Promise((resolve) => {
    const open = wish.url.protocol === 'https:' ? httpsRequest : httpRequest
    let connected = false
    const call = open(wish.url, {
      method: 'POST',
      headers: wish.headers,
      agent: false,
      timeout: wish.timeoutMs,
    })
    const failed = (error: Error) => {
      const because =
        error.message === '' ? ('code' in error ? String(error.code) : 'no answer') : error.message
      resolve({ kind: connected ? 'lost' : 'unreachable', because })
    }
    call.on('socket', (socket) => socket.on('connect', () => (connected = true)))
    call.on('timeout', () => call.destroy(new Error('no answer in time')))
    call.on('error', failed)
    call.on('response', (response) => readAnswer(response, resolve, failed))
    for (const piece of wish.pieces) call.write(piece)
    call.end()
  })
}

function readAnswer(
  response: IncomingMessage,
  resolve: (posted: Posted) => void,
  failed: (error: Error) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too long'))
    else chunks.push(chunk)
  })
  response.on('error', failed)
  response.on('end', () => {
    const status = response.statusCode ?? 0
    const contentType = response.headers['content-type'] ?? ''
    resolve({ kind: 'answered', status, contentType, body: Buffer.concat(chunks) })
  })
}
