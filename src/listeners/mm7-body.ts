/** The body of an MM7 request, read while it arrives: into the envelope's reader, and into the store. */
import type { IncomingMessage } from 'node:http'
import type { createMm7Reader, Mm7Decoded } from '../codecs/mm7/request-reader.ts'
import type { ContentIntake } from './content-intake.ts'

/** Room a chunked body of unknown length takes at the gate, in bytes. */
export const UNDECLARED_BYTES = 256 * 1024

export interface BodyParts {
  readonly reader: ReturnType<typeof createMm7Reader>
  /** Where the reader puts the parts; it may ask to wait. */
  readonly intake: ContentIntake
  readonly bytesMax: number
  /** Runs the judging of the end, now or later. */
  readonly atEnd?: (work: () => void) => void
}

/** `gone`: the client went away in the middle; nothing was promised and nobody is left to answer. */
export function readBody(
  request: IncomingMessage,
  { reader, intake, bytesMax, atEnd = (work) => work() }: BodyParts,
): Promise<Mm7Decoded | 'gone' | 'too-large'> {
  let bytes = 0
  let faulty = false
  let whole = false
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > bytesMax) {
        resolve('too-large')
        return
      }
      // A fault is final; the rest is read and dropped so that the peer sees the answer.
      if (!faulty) faulty = reader.push(chunk) !== undefined
      const { pressure } = intake
      if (pressure === undefined) return
      request.pause()
      void pressure.then(() => request.resume())
    })
    request.on('end', () => {
      whole = true
      atEnd(() => resolve(reader.end()))
    })
    request.on('error', () => resolve('gone'))
    request.on('close', () => {
      if (!whole) resolve('gone')
    })
  })
}
