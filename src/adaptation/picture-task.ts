/** What goes to a picture thread and what comes back. Bytes are moved, not copied. */
import type { PictureSize } from '../core/content-class.ts'
import type { PictureFormat } from './picture-format.ts'

/** How a thread is started. */
export interface ThreadOptions {
  /** Module specifier or URL of the picture library. */
  readonly library: string
}

export interface PictureTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Formats it may become, in order of preference. */
  readonly into: readonly PictureFormat[]
  readonly bytesMax: number
  /** Largest size in pixels; an absent side is free. */
  readonly frame: Partial<PictureSize>
  /** Pixels of all frames together that may be decoded. */
  readonly pixelsMax: number
  readonly timeoutMs: number
}

export type PictureAnswer =
  | {
      readonly kind: 'made'
      readonly bytes: Uint8Array<ArrayBuffer>
      readonly format: PictureFormat
      readonly from: PictureSize
      readonly to: PictureSize
    }
  | {
      readonly kind: 'failed'
      readonly because:
        | 'too-large'
        | 'type-not-taken'
        | 'unreadable'
        | 'not-in-time'
        | 'adapter-unavailable'
      readonly raw: string
    }

/** The answer that is none. */
export function failed(
  because: Extract<PictureAnswer, { readonly kind: 'failed' }>['because'],
  raw: string,
): PictureAnswer {
  return { kind: 'failed', because, raw }
}
