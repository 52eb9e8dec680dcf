/**
 * Content that a client gives as an address: fetched into the media store while it arrives, as one
 * part. The address is the client's, so the fetch keeps to its own rules (`transports/http`).
 */
import { parseContentType } from '../codecs/mime/content-type.ts'
import { createHeaders } from '../codecs/mime/headers.ts'
import type { Reason } from '../core/reason.ts'
import type { Media } from '../engine/ports/media.ts'
import type { SafeFetch } from '../transports/http/safe-fetch.ts'
import { createContentIntake, type Intake } from './content-intake.ts'

/** Fetches one content, or says why there is none. `signal`: the client has gone. */
export type MediaFetch = (
  url: string,
  wish: {
    /** The server must say the length beforehand. */
    readonly lengthRequired: boolean
    readonly signal: AbortSignal
  },
) => Promise<Intake | Reason>

export interface MediaFetchParts {
  readonly media: Media
  /** Fetchers that demand a Content-Length and that do not. */
  readonly strict: SafeFetch
  readonly lenient: SafeFetch
  /** Fetches at once; more are refused for now. */
  readonly concurrencyMax: number
  /** Why a fetch failed, for the log. */
  readonly failed: (because: string) => void
}

export function createMediaFetch(parts: MediaFetchParts): MediaFetch {
  let running = 0
  return async (url, { lengthRequired, signal }) => {
    if (running >= parts.concurrencyMax) return 'overloaded'
    running += 1
    try {
      return await fetchPart(parts, lengthRequired ? parts.strict : parts.lenient, url, signal)
    } finally {
      running -= 1
    }
  }
}

async function fetchPart(
  { media, failed }: MediaFetchParts,
  fetch: SafeFetch,
  url: string,
  signal: AbortSignal,
): Promise<Intake | Reason> {
  const intake = createContentIntake(media)
  try {
    let begun = false
    const fetched = await fetch(
      url,
      async (chunk, type = '') => {
        if (!begun) intake.leafStart(leafOf(url, type))
        begun = true
        intake.leafData(chunk)
        await intake.pressure
      },
      signal,
    )
    if (fetched.kind === 'failed') {
      failed(`${fetched.because}: ${fetched.detail}`)
      return 'media-fetch-failed'
    }
    if (!begun) return 'media-fetch-failed'
    intake.leafEnd()
    return intake.finish()
  } finally {
    intake.abandon()
  }
}

/** The body of an answer as a part of a message, called by the last word of its address. */
function leafOf(url: string, type: string) {
  const name = FILE_NAME.exec(url)?.[1]
  const headers = createHeaders([
    ...(type === '' ? [] : [{ name: 'Content-Type', value: type }]),
    ...(name === undefined ? [] : [{ name: 'Content-Location', value: name }]),
  ])
  const contentType = parseContentType(type)
  // A multipart would be a message within the message: not what a picture's address should give.
  return { headers, contentType: contentType?.type === 'multipart' ? undefined : contentType }
}

const FILE_NAME = /^https?:\/\/[^/?#]+\/(?:[^?#]*\/)?([A-Za-z0-9._-]{1,100})(?:[?#]|$)/i
