/**
 * What a subscriber's reply says about wanting messages. Only a message that is nothing but a
 * keyword counts: "please stop calling me Sir" is not an opt-out.
 */

/** No more, again, or "who are you?". */
export type Consent = 'stop' | 'start' | 'help'

/**
 * Keywords of the North American handbooks (CTIA) and the regulator's list of 2025, and their kin
 * in French and Spanish. `YES` is left out: it answers questions that have nothing to do with it.
 */
export const CONSENT_KEYWORDS: Readonly<Record<Consent, readonly string[]>> = {
  stop: [
    'STOP',
    'STOPALL',
    'STOP ALL',
    'UNSUBSCRIBE',
    'CANCEL',
    'END',
    'QUIT',
    'REVOKE',
    'OPTOUT',
    'OPT OUT',
    'ARRET',
    'ARRÊT',
    'ALTO',
    'PARAR',
  ],
  start: ['START', 'UNSTOP', 'SUBSCRIBE', 'OPTIN', 'OPT IN', 'COMMENCER', 'EMPEZAR'],
  help: ['HELP', 'INFO', 'AIDE', 'AYUDA'],
}

/** Longest keyword in characters: a reader needs no more of a text than this and some blanks. */
export const CONSENT_TEXT_MAX = 32

const BY_KEYWORD: ReadonlyMap<string, Consent> = new Map(
  Object.entries(CONSENT_KEYWORDS).flatMap(([consent, words]) =>
    words.map((word) => [word, consent as Consent] as const),
  ),
)

/** The keyword a text is, in capitals, and what it means; `undefined` for any other text. */
export function consentOf(
  text: string,
): { readonly consent: Consent; readonly keyword: string } | undefined {
  if (text.length > CONSENT_TEXT_MAX * 2) return undefined
  const keyword = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toUpperCase()
  const consent = BY_KEYWORD.get(keyword)
  return consent === undefined ? undefined : { consent, keyword }
}
