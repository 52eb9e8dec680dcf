/** SMPP on a faulty line: one PDU is said twice, or the one behind it goes first. */
import { commandId, RESPONSE_BIT } from '../../src/codecs/smpp/command.ts'
import { createFrameReader } from '../../src/codecs/smpp/frame-reader.ts'

export interface FrameFault {
  /** The bytes to pass on for a chunk; whole PDUs once it has met one. */
  pass(chunk: Buffer): Buffer
  /** What is still held back. */
  rest(): Buffer
  /** PDUs that were said twice or overtaken. */
  readonly struck: readonly Buffer[]
}

const COMMAND_AT = 4
/** Those that carry messages and their answers; a session is not bound twice. */
const MOVABLE: ReadonlySet<number> = new Set(
  (['submit_sm', 'deliver_sm'] as const).flatMap((name) => [
    commandId(name),
    commandId(name) + RESPONSE_BIT,
  ]),
)

/** `skip`: how many movable PDUs pass before the one that is struck. */
export function createFrameFault(kind: 'duplicate' | 'reorder', skip: number): FrameFault {
  const reader = createFrameReader()
  const struck: Buffer[] = []
  let held: Buffer | undefined
  let left = skip
  let broken = false
  let begun: Buffer[] = []

  function strike(frame: Buffer): Buffer[] {
    if (!MOVABLE.has(frame.readUInt32BE(COMMAND_AT)) || struck.length > 0) return [frame]
    if (left > 0) {
      left -= 1
      return [frame]
    }
    const copy = Buffer.from(frame)
    struck.push(copy)
    if (kind === 'duplicate') return [copy, copy]
    held = copy
    return []
  }

  return {
    struck,
    pass(chunk) {
      if (broken) return chunk
      const out: Buffer[] = []
      for (let from = 0; ; ) {
        const step = reader.read(chunk, from)
        if (step.kind === 'frame') {
          begun = []
          const late = held
          held = undefined
          out.push(...strike(step.bytes), ...(late === undefined ? [] : [late]))
          from = step.next
          continue
        }
        const tail = chunk.subarray(from)
        // Not PDUs at all: nothing is held back that could be missed.
        if (step.kind === 'fatal') {
          broken = true
          out.push(...begun, tail)
        } else if (tail.length > 0) begun.push(Buffer.from(tail))
        return Buffer.concat(out)
      }
    },
    rest() {
      const out = Buffer.concat([...(held === undefined ? [] : [held]), ...begun])
      held = undefined
      begun = []
      broken = true
      return out
    },
  }
}
