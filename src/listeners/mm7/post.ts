/**
 * One request on a pool and its whole answer. It listens to the library's events itself: answers are
 * small and read to the end, and a promise of a stream costs half as much again as the call.
 */
import type { Dispatcher, Pool } from 'undici'

/** An answer that was heard to its end. */
export interface Posted {
  readonly status: number
  /** What is beyond the limit is read and dropped. */
  readonly body: Buffer
}

/** Rejects when there is no whole answer: with the library's error, or with the signal's reason. */
export function post(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  answerBytesMax: number,
  signal: AbortSignal,
): Promise<Posted> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let length = 0
    const pieces: Buffer[] = []

    function abort(): void {
      // A request that waits for a connection has no controller yet; it ends when its turn comes.
      controller?.abort(signal.reason)
      reject(signal.reason)
    }

    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) {
      abort()
      return
    }
    pool.dispatch(request, {
      onRequestStart(given) {
        controller = given
        if (signal.aborted) given.abort(signal.reason)
      },
      onResponseStart(_controller, statusCode) {
        status = statusCode
      },
      onResponseData(_controller, piece) {
        length += piece.length
        if (length <= answerBytesMax) pieces.push(piece)
      },
      onResponseEnd() {
        signal.removeEventListener('abort', abort)
        resolve({ status, body: Buffer.concat(pieces) })
      },
      onResponseError(_controller, error) {
        signal.removeEventListener('abort', abort)
        reject(error)
      },
    })
  })
}
