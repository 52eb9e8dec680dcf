/** What a MIME reader refuses to exceed, whatever the peer sends. */
export interface MimeLimits {
  /** Multipart levels, the outermost counting as one. */
  readonly depthMax: number
  /** Body parts over all levels together. */
  readonly partsMax: number
  /** Bytes of one header block, blank line not counted. */
  readonly headerBytesMax: number
  /** Header fields in one block. */
  readonly headerFieldsMax: number
}

/** The limits used where the operator sets none. */
export const defaultMimeLimits: MimeLimits = {
  depthMax: 8,
  partsMax: 100,
  headerBytesMax: 65_536,
  headerFieldsMax: 1_000,
}
