/**
 * Which part a reference means: the `href` of an MM7 Content, a `src` in SMIL, a `start` parameter.
 * Peers write the same id with and without angle brackets, percent-encoded or not, with blanks after
 * `cid:`; ids are compared as opaque text after all outer brackets are gone.
 */
import { type ContentType, parseParameterised } from './content-type.ts'
import type { Headers } from './headers.ts'

/** What a part can be referred to by. */
export interface PartNames {
  /** As written, perhaps with brackets. */
  readonly contentId: string | undefined
  readonly contentLocation: string | undefined
  /** The name parameter of Content-Type. */
  readonly name: string | undefined
  /** The filename parameter of Content-Disposition. */
  readonly filename: string | undefined
}

/** The names in a part's headers. */
export function namesOf(headers: Headers, contentType: ContentType | undefined): PartNames {
  const disposition = headers.get('content-disposition')
  return {
    contentId: headers.get('content-id'),
    contentLocation: headers.get('content-location'),
    name: contentType?.parameters.get('name'),
    filename:
      disposition === undefined
        ? undefined
        : parseParameterised(disposition)?.parameters.get('filename'),
  }
}

/** An id without blanks and angle brackets round it, however many. */
export function stripId(id: string): string {
  let from = 0
  let end = id.length
  while (from < end && /[<\s]/.test(id[from] ?? '')) from++
  while (end > from && /[>\s]/.test(id[end - 1] ?? '')) end--
  return id.slice(from, end)
}

/**
 * The parts a reference means, by the first rule that any part meets: Content-ID, Content-Location,
 * and with `byName` name parameter and file name. Several parts: the sender used a name twice.
 */
export function findReferenced<T extends PartNames>(
  reference: string,
  parts: readonly T[],
  byName = false,
): readonly T[] {
  const bare = reference.trim().replace(/^cid:/i, '')
  const spellings = new Set([bare.trim(), percentDecoded(bare).trim()])
  const ids = new Set([...spellings].map(stripId))
  if (ids.has('')) return []
  const byId = parts.filter(
    (part) => part.contentId !== undefined && ids.has(stripId(part.contentId)),
  )
  if (byId.length > 0) return byId
  spellings.add(reference.trim())
  const rules: readonly (keyof PartNames)[] = byName
    ? ['contentLocation', 'name', 'filename']
    : ['contentLocation']
  for (const rule of rules) {
    const found = parts.filter((part) => matches(part[rule], spellings))
    if (found.length > 0) return found
  }
  return []
}

function matches(name: string | undefined, spellings: ReadonlySet<string>): boolean {
  if (name === undefined) return false
  return spellings.has(name.trim()) || spellings.has(percentDecoded(name).trim())
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
