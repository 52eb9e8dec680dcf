/**
 * What is noticed of a content beyond keeping it: what kinds its parts are by their bytes, whether
 * its texts can be read, how they begin. Fed with decoded bytes while they arrive, for doors that
 * judge by policies or look for keywords; others do not pay for it.
 */
import { createHash } from 'node:crypto'
import { createTextReader, type TextReader } from '../codecs/bytes/text-reader.ts'
import type { ContentType } from '../codecs/mime/content-type.ts'
import { SNIFF_BYTES, sniffMediaType } from '../codecs/mime/sniff.ts'
import { CONSENT_TEXT_MAX } from '../core/consent.ts'
import type { MediaFact } from '../core/policy/facts.ts'
import { FILTER_DIGESTS_MAX, FILTER_TEXT_MAX } from '../engine/ports/content-filter.ts'

/** How closely to look. */
export interface Inspection {
  /** Characters of text that are kept. */
  readonly textMax: number
  /** Parts whose SHA-256 is taken, the first ones. */
  readonly digestsMax: number
}

/** Enough to find a keyword; of a longer text a part is proof that it is none. */
export const FOR_CONSENT: Inspection = { textMax: CONSENT_TEXT_MAX * 2 + 1, digestsMax: 0 }
/** Everything a content filter is shown. */
export const FOR_POLICIES: Inspection = {
  textMax: FILTER_TEXT_MAX,
  digestsMax: FILTER_DIGESTS_MAX,
}

/** What was noticed; lists run along with the content's parts. */
export interface Inspected {
  readonly media: readonly MediaFact[]
  /** Every text part decodes in the charset it names. */
  readonly textReadable: boolean
  /** The texts one after the other, cut at `textMax` characters; presentations are none. */
  readonly text: string
  /** SHA-256 in lower-case hex. */
  readonly digests: readonly (string | undefined)[]
}

/** Looks at the parts of one content, one after the other. */
export interface Inspector {
  /** Whether the part's own SHA-256 will be taken. */
  partStart(mediaType: string, contentType: ContentType | undefined): boolean
  /** Decoded bytes. */
  partData(bytes: Uint8Array): void
  /** `intact`: the transfer encoding was unbroken. Gives the SHA-256, if it was to be taken. */
  partEnd(intact: boolean): string | undefined
  finish(): Inspected
}

interface OpenPart {
  readonly type: string
  readonly head: Uint8Array
  headBytes: number
  readonly text: TextReader | undefined
  readonly digest: ReturnType<typeof createHash> | undefined
}

/** The presentation of an MMS is text that nobody reads. */
const SMIL = 'application/smil'

export function createInspector({ textMax, digestsMax }: Inspection): Inspector {
  const media: MediaFact[] = []
  const digests: (string | undefined)[] = []
  let textReadable = true
  let text = ''
  let open: OpenPart | undefined

  return {
    partStart(type, contentType) {
      const isText = type.startsWith('text/') || type === SMIL
      const charset = contentType?.parameters.get('charset')
      open = {
        type,
        head: new Uint8Array(SNIFF_BYTES),
        headBytes: 0,
        text: isText ? createTextReader(charset, textMax - text.length) : undefined,
        digest: media.length < digestsMax ? createHash('sha256') : undefined,
      }
      return open.digest !== undefined
    },
    partData(bytes) {
      if (open === undefined) return
      if (open.headBytes < SNIFF_BYTES) {
        const more = bytes.subarray(0, SNIFF_BYTES - open.headBytes)
        open.head.set(more, open.headBytes)
        open.headBytes += more.length
      }
      open.text?.push(bytes)
      open.digest?.update(bytes)
    },
    partEnd(intact) {
      if (open === undefined) return undefined
      const { type } = open
      const sniffed = sniffMediaType(open.head.subarray(0, open.headBytes), type)
      media.push({ type, ...(sniffed === undefined ? {} : { sniffed }) })
      const digest = open.digest?.digest('hex')
      digests.push(digest)
      const read = open.text?.end()
      if (read !== undefined) {
        textReadable &&= read.readable && intact
        if (type !== SMIL && read.text !== '') text += joined(text, read.text, textMax)
      }
      open = undefined
      return digest
    },
    finish: () => ({ media, textReadable, text, digests }),
  }
}

function joined(before: string, more: string, textMax: number): string {
  const separated = before === '' ? more : `\n${more}`
  return separated.slice(0, textMax - before.length)
}
