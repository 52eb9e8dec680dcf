/** One way of a connection through the fault proxy: passes bytes on, at the pace it is told. */
import type { Socket } from 'node:net'

export interface Pipe {
  push(bytes: Buffer): void
  /** From now on this many bytes with each beat. */
  slow(bytesPerBeat: number): void
  /** Nothing passes for this long, or until `release`. */
  hold(ms: number): void
  /** Everything that waits passes now, and all else at full pace. */
  release(): void
  /** Whatever comes from now on is lost. */
  mute(): void
  /** Ends the far socket when everything has passed. */
  end(): void
  close(): void
}

const BEAT_MS = 4
/** The sender is told to wait above this. */
const WAITING_BYTES_MAX = 256 * 1024

export function openPipe(from: Socket, to: Socket): Pipe {
  let waiting: Buffer[] = []
  let bytesPerBeat = Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let ended = false
  let muted = false

  function waitingBytes(): number {
    return waiting.reduce((sum, { length }) => sum + length, 0)
  }

  function write(bytes: Buffer): void {
    if (to.writable && !to.write(bytes)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  }

  function flow(): void {
    if (bytesPerBeat === Number.POSITIVE_INFINITY) {
      for (const bytes of waiting) write(bytes)
      waiting = []
    } else {
      const all = Buffer.concat(waiting)
      write(all.subarray(0, bytesPerBeat))
      const rest = all.subarray(bytesPerBeat)
      waiting = rest.length === 0 ? [] : [rest]
      if (rest.length > 0) wait(BEAT_MS)
    }
    if (waiting.length > 0) return
    from.resume()
    if (ended) to.end()
  }

  function wait(ms: number): void {
    timer = setTimeout(() => {
      timer = undefined
      flow()
    }, ms)
  }

  function rush(): void {
    clearTimeout(timer)
    timer = undefined
    flow()
  }

  return {
    push(bytes) {
      if (muted || bytes.length === 0) return
      waiting.push(bytes)
      if (timer === undefined) flow()
      else if (waitingBytes() > WAITING_BYTES_MAX) from.pause()
    },
    slow(bytes) {
      bytesPerBeat = bytes
    },
    hold(ms) {
      if (timer === undefined) wait(ms)
    },
    release() {
      bytesPerBeat = Number.POSITIVE_INFINITY
      rush()
    },
    mute() {
      muted = true
    },
    end() {
      ended = true
      if (waiting.length === 0 && timer === undefined) to.end()
    },
    close() {
      clearTimeout(timer)
      timer = undefined
      muted = true
      waiting = []
    },
  }
}
