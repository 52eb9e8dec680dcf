/**
 * Content that a client gives as an address: fetched into the media store while it arrives, as one
 * part, or as one more part of a content that has others. The address is the client's, so the fetch
 * keeps to its own rules (`transports/http`).
 */
import { parseContentType } from '../codecs/mime/content-type.ts'
import { createHeaders, type HeaderField } from '../codecs/mime/headers.ts'
import type { Reason } from '../core/reason.ts'
import type { Media } from '../engine/ports/media.ts'
import type { SafeFetch } from '../transports/http/safe-fetch.ts'
import { type ContentIntake, createContentIntake, type Intake } from './content-intake.ts'

/** Fetches one content, or says why there is none. `signal`: the client has gone. */
export type MediaFetch = (
  url: string,
  wish: {
    /** The server must say the length beforehand. */
    readonly lengthRequired: boolean
    readonly signal: AbortSignal
  },
) => Promise<Intake | Reason>

/**
 * Fetches one part into a content that is still open: `undefined`, or why it is not there. `named`:
 * headers the part has already; its type counts where the server says none.
 */
export type MediaFetchInto = (
  url: string,
  intake: ContentIntake,
  named: readonly HeaderField[],
  signal?: AbortSignal,
) => Promise<Reason | undefined>

/** Both ways to fetch; they share one limit. */
export interface MediaFetches {
  readonly fetchMedia: MediaFetch
  readonly fetchInto: MediaFetchInto
}

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

export function createMediaFetches(parts: MediaFetchParts): MediaFetches {
  let running = 0

  async function inTurn<Result>(fetch: () => Promise<Result>): Promise<Result | 'overloaded'> {
    if (running >= parts.concurrencyMax) return 'overloaded'
    running += 1
    try {
      return await fetch()
    } finally {
      running -= 1
    }
  }

  return {
    fetchMedia: (url, { lengthRequired, signal }) =>
      inTurn(async () => {
        const intake = createContentIntake(parts.media)
        try {
          const fetch = lengthRequired ? parts.strict : parts.lenient
          const reason = await fetchPart(parts, fetch, url, intake, nameOf(url), signal)
          return reason ?? intake.finish()
        } finally {
          intake.abandon()
        }
      }),
    fetchInto: (url, intake, named, signal) =>
      inTurn(() => fetchPart(parts, parts.lenient, url, intake, named, signal)),
  }
}

async function fetchPart(
  { failed }: MediaFetchParts,
  fetch: SafeFetch,
  url: string,
  intake: ContentIntake,
  named: readonly HeaderField[],
  signal?: AbortSignal,
): Promise<Reason | undefined> {
  let begun = false
  const fetched = await fetch(
    url,
    async (chunk, type = '') => {
      if (!begun) intake.leafStart(leafOf(type, named))
      begun = true
      intake.leafData(chunk)
      await intake.pressure
    },
    signal,
  )
  if (begun) intake.leafEnd()
  if (fetched.kind === 'failed') {
    failed(`${fetched.because}: ${fetched.detail}`)
    return 'media-fetch-failed'
  }
  return begun ? undefined : 'media-fetch-failed'
}

/** A part is called by the last word of its address. */
function nameOf(url: string): readonly HeaderField[] {
  const name = FILE_NAME.exec(url)?.[1]
  return name === undefined ? [] : [{ name: 'Content-Location', value: name }]
}

/** The body of an answer as a part of a message. */
function leafOf(said: string, named: readonly HeaderField[]) {
  const isType = ({ name }: HeaderField) => name === 'Content-Type'
  const type = said === '' ? (named.find(isType)?.value ?? '') : said
  const headers = createHeaders([
    ...(type === '' ? [] : [{ name: 'Content-Type', value: type }]),
    ...named.filter((field) => !isType(field)),
  ])
  const contentType = parseContentType(type)
  // A multipart would be a message within the message: not what a picture's address should give.
  return { headers, contentType: contentType?.type === 'multipart' ? undefined : contentType }
}

const FILE_NAME = /^https?:\/\/[^/?#]+\/(?:[^?#]*\/)?([A-Za-z0-9._-]{1,100})(?:[?#]|$)/i
