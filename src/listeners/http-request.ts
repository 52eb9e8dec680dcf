/** What every HTTP door does with a request, whoever it is from. */
import type { IncomingMessage } from 'node:http'

/** IPv4 in its plain form, whatever the socket's family. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

/** Reads on for a while: closing with unread bytes would reset the line before the answer is read. */
export function drain(request: IncomingMessage, bytesMax: number): void {
  let left = bytesMax
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.destroy()
  })
  request.on('error', () => undefined)
  request.resume()
}
