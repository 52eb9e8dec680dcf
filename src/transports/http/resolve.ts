/** Name resolution as a value: the addresses of a host, found once. */
import { lookup } from 'node:dns/promises'

/** One address of a host. */
export interface FoundAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** Every address of a host name, in the order to try; none when it has none. Never rejects. */
export type Resolve = (host: string, signal: AbortSignal) => Promise<readonly FoundAddress[]>

/** The system's resolver. */
export const resolveBySystem: Resolve = async (host, signal) => {
  try {
    const found = await orAborted(lookup(host, { all: true, verbatim: true }), signal)
    return found.flatMap((each) =>
      each.family === 4 || each.family === 6
        ? [{ address: each.address, family: each.family }]
        : [],
    )
  } catch {
    return []
  }
}

/** The system's look-up cannot be called off; its answer is left to nobody. */
async function orAborted<T>(work: Promise<readonly T[]>, signal: AbortSignal) {
  if (signal.aborted) return []
  let stop: () => void = () => undefined
  const aborted = new Promise<readonly T[]>((resolve) => {
    stop = () => resolve([])
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    work.catch(() => undefined)
    signal.removeEventListener('abort', stop)
  }
}
