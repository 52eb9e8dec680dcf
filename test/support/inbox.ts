/** Waiting without sleeping: for a condition, or for the next thing that arrives. */

/** Long enough for a loaded machine; a test that needs it all has failed. */
const DEADLINE_MS = 15_000
const LOOK_AGAIN_MS = 4

/** Looks until there is something to see. `what` is said when there never was. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const givenUpAt = Date.now() + deadlineMs
  for (;;) {
    const seen = await look()
    if (seen !== undefined && seen !== false) return seen
    if (Date.now() > givenUpAt) throw new Error(`waited ${deadlineMs} ms in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}

/** Things in the order in which they came; each is taken once. */
export interface Inbox<T> {
  readonly all: readonly T[]
  put(item: T): void
  /** The oldest one nobody took, or the next to come. */
  next(what: string, wanted?: (item: T) => boolean): Promise<T>
  /** How many nobody took. */
  readonly left: number
}

export function createInbox<T>(describe: (item: T) => string): Inbox<T> {
  const all: T[] = []
  const open: T[] = []
  const waiting = new Set<() => void>()

  function take(wanted: (item: T) => boolean): T | undefined {
    const at = open.findIndex(wanted)
    return at < 0 ? undefined : open.splice(at, 1)[0]
  }

  return {
    all,
    get left() {
      return open.length
    },
    put(item) {
      all.push(item)
      open.push(item)
      for (const look of waiting) look()
    },
    next(what, wanted = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look)
          const seen = all.map(describe).join('\n  ')
          reject(
            new Error(`waited ${DEADLINE_MS} ms in vain for ${what}; all there was:\n  ${seen}`),
          )
        }, DEADLINE_MS)
        const look = () => {
          const found = take(wanted)
          if (found === undefined) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      })
    },
  }
}
