/** Lets pictures in while there is memory for them, in the order in which they came. */

export interface MemoryGate {
  /**
   * Waits until so many bytes are free and takes them; call the result to give them back.
   * `undefined`: the signal came first, or there will never be so many.
   */
  enter(bytes: number, signal: AbortSignal): Promise<(() => void) | undefined>
}

interface Waiting {
  readonly bytes: number
  readonly admit: () => void
}

export function createMemoryGate(bytesMax: number): MemoryGate {
  let free = bytesMax
  const waiting: Waiting[] = []

  function admit(): void {
    for (let first = waiting[0]; first !== undefined && first.bytes <= free; first = waiting[0]) {
      waiting.shift()
      free -= first.bytes
      first.admit()
    }
  }

  function leave(bytes: number): () => void {
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      free += bytes
      admit()
    }
  }

  return {
    enter(bytes, signal) {
      if (bytes > bytesMax || signal.aborted) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        const one: Waiting = {
          bytes,
          admit() {
            signal.removeEventListener('abort', onAbort)
            resolve(leave(bytes))
          },
        }
        const onAbort = () => {
          const at = waiting.indexOf(one)
          if (at < 0) return
          waiting.splice(at, 1)
          resolve(undefined)
          // Whoever stood behind a large one may fit now.
          admit()
        }
        signal.addEventListener('abort', onAbort, { once: true })
        waiting.push(one)
        admit()
      })
    },
  }
}
