/**
 * The one spelling of a URL that we take from others. What the WHATWG parser forgives (back
 * slashes, one slash, blanks inside) is refused: where two readers may disagree about the host, an
 * attacker chooses which of them we ask.
 */

/** A URL that may be dialled, if its addresses may. */
export type MediaUrl =
  | {
      readonly kind: 'ok'
      readonly url: URL
      /** A name, or an address in its canonical form without brackets. */
      readonly host: string
    }
  | { readonly kind: 'refused'; readonly detail: string }

const URL_CHARACTERS_MAX = 2048
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const STRICT = /^https?:\/\/[^\s\\/?#@\x00-\x20\x7f]+(?:[/?#][^\s\\\x00-\x20\x7f]*)?$/i

/** Ports that may be dialled. */
export interface MediaPorts {
  has(port: number): boolean
}

/** Reads a URL; `ports` are those that may be dialled. */
export function readMediaUrl(written: string, ports: MediaPorts): MediaUrl {
  if (written.length > URL_CHARACTERS_MAX) return refused(`over ${URL_CHARACTERS_MAX} characters`)
  if (!STRICT.test(written)) return refused('not a plain http or https address')
  if (!URL.canParse(written)) return refused('not an address')
  const url = new URL(written)
  // Asked of the parser as well, since its word is what counts.
  if (url.username !== '' || url.password !== '') return refused('credentials in the address')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused(url.protocol)
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  if (!ports.has(port)) return refused(`port ${port}`)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return host === '' ? refused('no host') : { kind: 'ok', url, host }
}

function refused(detail: string): MediaUrl {
  return { kind: 'refused', detail }
}
