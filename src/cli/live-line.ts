/** One line at the bottom of a terminal that is written over again and again, and leaves no trace. */
import type { Environment } from '../config/given-values.ts'

export interface LiveLine {
  show(text: string): void
  /** Before anything else is printed. */
  clear(): void
}

/** Back to the first column, and erase to the end of the line (ECMA-48 §8.3.41). */
const ERASE = '\r\u001b[K'

/** Only a person at a terminal sees it; elsewhere it writes nothing. */
export function openLiveLine(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  env: Environment,
): LiveLine {
  const silent = stream.isTTY !== true || env.TERM === 'dumb'
  let shown = ''
  const show = (text: string) => {
    if (silent || text === shown) return
    shown = text
    stream.write(ERASE + text)
  }
  return { show, clear: () => show('') }
}
