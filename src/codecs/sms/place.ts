/**
 * Where a message stands among the parts of a longer one. A peer can say it in two ways: a header
 * element, or the three `sar_…` parameters of SMPP 3.4 §5.3.2.22 to 24. It may say both if they agree.
 */
import {
  type Concatenation,
  createConcatenation,
  findConcatenation,
  type InformationElement,
  type UdhFaultName,
} from './udh.ts'

/** The `sar_…` parameters that came; without all three there is no saying. */
export interface SarValues {
  /** `sar_msg_ref_num`, 16 bits. */
  readonly reference?: number
  /** `sar_total_segments`. */
  readonly total?: number
  /** `sar_segment_seqnum`. */
  readonly sequence?: number
}

/** A whole message, one part of several, or two sayings that differ or mean no part. */
export type Place =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly concatenation: Concatenation }
  | { readonly kind: 'fault'; readonly because: UdhFaultName | 'sar-contradicts-header' }

/** Finds the place. Where both sayings agree the header's counts, for its size of the reference. */
export function findPlace(elements: readonly InformationElement[], sar: SarValues = {}): Place {
  const header = findConcatenation(elements)
  const { reference, total, sequence } = sar
  if (reference === undefined || total === undefined || sequence === undefined) {
    return header === undefined ? { kind: 'whole' } : { kind: 'part', concatenation: header }
  }
  const said = createConcatenation(16, reference, total, sequence)
  if (typeof said === 'string') return { kind: 'fault', because: said }
  if (header === undefined) return { kind: 'part', concatenation: said }
  return agrees(header, said)
    ? { kind: 'part', concatenation: header }
    : { kind: 'fault', because: 'sar-contradicts-header' }
}

/** Of eight bits only the lowest of the sixteen can agree. */
function agrees(header: Concatenation, said: Concatenation): boolean {
  const mask = header.referenceBits === 8 ? 0xff : 0xffff
  const same = header.reference === (said.reference & mask)
  return same && header.total === said.total && header.sequence === said.sequence
}
