/**
 * Parts that only say where their content lies (message/external-body, RFC 2046 §5.2.3 with the URL of
 * RFC 2017): they are left out of the content while it is read, and fetched into it at its end.
 */
import type { Leaf } from '../../codecs/mime/entity-reader.ts'
import { decodeHeaders, type HeaderField } from '../../codecs/mime/headers.ts'
import type { MimeLimits } from '../../codecs/mime/limits.ts'
import type { Reason } from '../../core/reason.ts'
import type { Clock } from '../../engine/ports/clock.ts'
import type { ContentIntake } from '../content-intake.ts'
import type { MediaFetchInto } from '../media-by-url.ts'

const EXTERNAL_BODY = 'message/external-body'
/** Such parts in one message; each costs a connection to somebody. */
const EXTERNALS_MAX = 20
/** For all of them, in milliseconds: the peer is waiting for the answer to its final dot. */
const FETCHING_MS_MAX = 60_000

/** Where one content lies, and the headers it goes by. */
interface External {
  /** Absent: a way to get it that nobody here knows (FTP, mail servers). */
  readonly url: string | undefined
  readonly head: Buffer[]
  headBytes: number
}

/** The parts of one message: those that are there go on to `intake`. */
export interface ExternalBodies extends Pick<ContentIntake, 'leafData' | 'leafEnd'> {
  leafStart(leaf: Leaf): void
  /** There are none. */
  readonly none: boolean
  /** Fetches them one after the other; why one is not there, else `undefined`. */
  fetch(
    fetchInto: MediaFetchInto | undefined,
    clock: Pick<Clock, 'now' | 'wakeAt'>,
  ): Promise<Reason | undefined>
}

export function createExternalBodies(intake: ContentIntake, limits: MimeLimits): ExternalBodies {
  return new ExternalParts(intake, limits)
}

class ExternalParts implements ExternalBodies {
  readonly #intake: ContentIntake
  readonly #limits: MimeLimits
  readonly #externals: External[] = []
  #open: External | undefined

  constructor(intake: ContentIntake, limits: MimeLimits) {
    this.#intake = intake
    this.#limits = limits
  }

  leafStart(leaf: Leaf): void {
    const { contentType } = leaf
    if (contentType?.mediaType !== EXTERNAL_BODY) {
      this.#intake.leafStart(leaf)
      return
    }
    this.#open = { url: urlOf(contentType.parameters), head: [], headBytes: 0 }
    if (this.#externals.length <= EXTERNALS_MAX) this.#externals.push(this.#open)
  }

  leafData(bytes: Uint8Array): void {
    const open = this.#open
    if (open === undefined) {
      this.#intake.leafData(bytes)
      return
    }
    open.headBytes += bytes.length
    if (open.headBytes <= this.#limits.headerBytesMax) open.head.push(Buffer.from(bytes))
  }

  leafEnd(): void {
    if (this.#open === undefined) this.#intake.leafEnd()
    this.#open = undefined
  }

  get none(): boolean {
    return this.#externals.length === 0
  }

  async fetch(
    fetchInto: MediaFetchInto | undefined,
    clock: Pick<Clock, 'now' | 'wakeAt'>,
  ): Promise<Reason | undefined> {
    if (fetchInto === undefined || this.#externals.length > EXTERNALS_MAX) {
      return 'media-fetch-failed'
    }
    const late = new AbortController()
    const timer = clock.wakeAt(clock.now() + FETCHING_MS_MAX, () => late.abort())
    try {
      for (const external of this.#externals) {
        const named = namedBy(external, this.#limits)
        const reason =
          external.url === undefined || named === undefined
            ? 'media-fetch-failed'
            : await fetchInto(external.url, this.#intake, named, late.signal)
        if (reason !== undefined) return reason
      }
      return undefined
    } finally {
      timer.cancel()
    }
  }
}

function urlOf(parameters: ReadonlyMap<string, string>): string | undefined {
  if (parameters.get('access-type')?.toLowerCase() !== 'url') return undefined
  // RFC 2017 §3: long addresses are folded, and blanks are no part of one.
  return parameters.get('url')?.replaceAll(/\s/g, '')
}

/** The names of the part that is meant stand in its own header, which is the body of this one. */
function namedBy(
  { head, headBytes }: External,
  limits: MimeLimits,
): readonly HeaderField[] | undefined {
  if (headBytes > limits.headerBytesMax) return undefined
  const decoded = decodeHeaders(Buffer.concat(head), limits)
  if (decoded.kind === 'fault') return undefined
  return NAMES.flatMap((name) => {
    const value = decoded.headers.get(name)
    return value === undefined ? [] : [{ name, value }]
  })
}

/** What others refer to it by, and what it is if the server does not say. */
const NAMES = ['Content-Type', 'Content-ID', 'Content-Location', 'Content-Disposition'] as const
