/**
 * Whose subscriber a number is. Whoever asks waits for the answer with a client on the line, so a
 * source answers inside its own time limit or says that it could not; it never hangs and never
 * throws.
 */

/** What a source says of a number. */
export type CarrierFound =
  /**
   * The number belongs to this carrier, by the id or name the source uses. Whether we know a carrier
   * of that id is for the caller to see.
   */
  | { readonly kind: 'carrier'; readonly carrier: string }
  /** The source answered, and knows no carrier for it. Asking again soon is no use. */
  | { readonly kind: 'unknown' }
  /** The source gave no answer: too slow, down, overloaded, or what it said cannot be read. */
  | { readonly kind: 'unavailable'; readonly because: string }

/** A source of such answers. */
export interface CarrierLookup {
  /**
   * Looks up one number: E.164 digits without plus. An aborted signal makes it `unavailable` at
   * once; others who asked for the same number are not disturbed.
   */
  find(number: string, signal?: AbortSignal): Promise<CarrierFound>
  /** Takes no more questions; those under way are answered `unavailable` at the latest then. */
  close(): Promise<void>
}
