/**
 * What a store's thread shares with the main one, so that the process ends only while the thread is
 * in no native call: an end in the middle of one aborts Node instead, with all it holds in a core
 * file. One word of two bits: the thread is at work; it must begin nothing more.
 */

const AT_WORK = 1
const HALTED = 2

/** The thread is at work from the start: loading what it needs is native, too. */
export function createWorkMark(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(AT_WORK)
}

/** The thread's side, before each piece of work. False: it must leave it. */
export function beginWork(mark: Int32Array): boolean {
  if ((Atomics.or(mark, 0, AT_WORK) & HALTED) === 0) return true
  endWork(mark)
  return false
}

/** The thread's side after it; or the main one's, once there is no thread. */
export function endWork(mark: Int32Array): void {
  Atomics.and(mark, 0, ~AT_WORK)
  Atomics.notify(mark, 0)
}

/** Blocks the caller until the thread rests, and lets it begin nothing more. False: it never did. */
export function halt(mark: Int32Array, waitMsMax: number): boolean {
  const seen = Atomics.or(mark, 0, HALTED)
  if ((seen & AT_WORK) === 0) return true
  return Atomics.wait(mark, 0, AT_WORK | HALTED, waitMsMax) !== 'timed-out'
}
