/** The ways in which MIME can arrive broken. */
export type MimeFaultName =
  /** A header block is longer than `headerBytesMax`. */
  | 'headers-too-long'
  /** A header block has more fields than `headerFieldsMax`. */
  | 'too-many-header-fields'
  /** A header line has no colon, or no name before it. */
  | 'header-malformed'
  /** A multipart Content-Type without a usable boundary parameter. */
  | 'boundary-missing'
  /** The boundary never came, or its first delimiter was already the closing one. */
  | 'no-parts'
  /** Parts came, the closing delimiter did not. */
  | 'not-closed'
  /** More multipart levels than `depthMax`. */
  | 'too-deep'
  /** More parts than `partsMax`. */
  | 'too-many-parts'

/** A named fault and where it is: the part's path (empty for the outermost) and the byte reached. */
export interface MimeFault {
  readonly fault: MimeFaultName
  readonly at: readonly number[]
  /** Bytes of input read when the fault was certain. Where headers are decoded alone: of the block. */
  readonly offset: number
}
