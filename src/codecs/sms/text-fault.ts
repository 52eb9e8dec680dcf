/** The ways in which text of a short message can arrive broken, or not fit an alphabet. */

/** Why bytes are no text. */
export type TextFaultName =
  /** The last septet announces another one. */
  | 'escape-at-end'
  /** The septet after an escape stands for nothing in the table in force. */
  | 'escape-unknown'
  /** The septet is reserved in the locking table in force. */
  | 'septet-reserved'
  /** An octet with its highest bit set, where septets or ASCII stand one in each octet. */
  | 'octet-above-7f'
  /** UCS-2 of an odd number of octets. */
  | 'odd-length'
  /** Half of a surrogate pair without the other. */
  | 'surrogate-alone'
  /** The octets are no text in any alphabet. */
  | 'not-text'

/** Text, or the first fault and the index of its octet (for packed septets: of its septet). */
export type DecodedText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly because: TextFaultName; readonly at: number }

/** Octets, or the index (UTF-16 units) of the first character the alphabet does not have. */
export type EncodedText =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'unencodable'; readonly at: number }

/** `strict` names the first fault; `lenient` always gives text, with U+FFFD where nothing is meant. */
export type Reading = 'strict' | 'lenient'

/** What a lenient reading puts where nothing is meant. */
export const REPLACEMENT = '\ufffd'
