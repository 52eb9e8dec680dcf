/**
 * One request over a plain socket, its answer read whole. No HTTP client: it would mend or refuse
 * half of the defects.
 */
import { connect } from 'node:net'
import { decodeMm7Reply } from '../../codecs/mm7/decode.ts'
import type { Door } from '../world.ts'

/** What came back. */
export interface Mm7Answer {
  readonly httpStatus: number
  /** Name of the operation in the SOAP body, e.g. `SubmitRsp` or `RSErrorRsp`. */
  readonly operation: string | undefined
  readonly code: string | undefined
  readonly text: string | undefined
  readonly details: string | undefined
  readonly messageId: string | undefined
  readonly transactionId: string | undefined
}

export interface Exchanged {
  readonly received: Buffer
  /** Absent when the line was cut or silent, or when the bytes are no HTTP. */
  readonly answer: Mm7Answer | undefined
  /** Why there is no answer. */
  readonly because?: string
}

const HEAD_END = '\r\n\r\n'

/** Never rejects: what goes wrong on the line is something seen. */
export function exchange(door: Door, bytes: Uint8Array, timeoutMs: number): Promise<Exchanged> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0)
    const socket = connect(door.port, door.host)
    const end = (because: string) => {
      socket.destroy()
      const answer = readAnswer(received)
      resolve(answer === undefined ? { received, answer, because } : { received, answer })
    }
    socket.setTimeout(timeoutMs, () => end(`no answer within ${timeoutMs} ms`))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (isWhole(received)) end('')
    })
    socket.on('error', (error) => end(error.message))
    socket.on('close', () => end(`the line was closed after ${received.length} bytes`))
    // Until it is connected, Node keeps what is written.
    socket.write(bytes)
  })
}

function isWhole(received: Buffer): boolean {
  const end = received.indexOf(HEAD_END)
  if (end < 0) return false
  const length = /^content-length: *([0-9]+)/im.exec(received.toString('latin1', 0, end))?.[1]
  return length !== undefined && received.length >= end + HEAD_END.length + Number(length)
}

const STATUS_LINE = /^HTTP\/1\.[01] ([0-9]{3})/

function readAnswer(received: Buffer): Mm7Answer | undefined {
  const end = received.indexOf(HEAD_END)
  const httpStatus = STATUS_LINE.exec(received.toString('latin1', 0, 15))?.[1]
  if (end < 0 || httpStatus === undefined) return undefined
  const reply = decodeMm7Reply(received.subarray(end + HEAD_END.length))
  const operation = reply.kind === 'ok' ? reply.operation : undefined
  const said = operation !== undefined && 'status' in operation ? operation.status : undefined
  return {
    httpStatus: Number(httpStatus),
    operation: operation?.name,
    code: said === undefined ? undefined : String(said.statusCode),
    text: said?.statusText,
    details: said?.details,
    messageId:
      operation !== undefined && 'messageId' in operation ? operation.messageId : undefined,
    transactionId: reply.kind === 'ok' ? reply.transactionId : undefined,
  }
}
