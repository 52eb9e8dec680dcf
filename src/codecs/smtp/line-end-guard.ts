/**
 * Watches message bytes that come by count and not by line (BDAT, RFC 3030) for line ends that are
 * none: what no DATA may hold must not slip in by another command, and be relayed by DATA later.
 */
import { skipOrdinary, viewOf } from '../bytes/ordinary.ts'

/** Remembers one thing between pieces: whether the last byte was a CR. */
export interface LineEndGuard {
  /** The first fault in these bytes, if there is one; after it the guard must not be used again. */
  check(bytes: Uint8Array): 'bare-cr' | 'bare-lf' | undefined
  /** The fault of an end right here. */
  end(): 'bare-cr' | undefined
}

const CR = 0x0d
const LF = 0x0a

/** A guard for one message. */
export function createLineEndGuard(): LineEndGuard {
  let afterCr = false
  return {
    check(bytes) {
      const view = viewOf(bytes)
      let at = 0
      while (at < bytes.length) {
        if (!afterCr) at = skipOrdinary(bytes, view, at)
        if (at === bytes.length) break
        const byte = bytes[at++]
        if (afterCr) {
          if (byte !== LF) return 'bare-cr'
          afterCr = false
        } else if (byte === LF) return 'bare-lf'
        else if (byte === CR) afterCr = true
      }
      return undefined
    },
    end: () => (afterCr ? 'bare-cr' : undefined),
  }
}
