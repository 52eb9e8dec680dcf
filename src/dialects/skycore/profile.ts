/** Skycore's MM7 door: Sinch's with differences. */
import type { Mm7Profile } from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import { sinchFaces, sinchMm7, sinchNativeHttpStatus } from '../sinch/profile.ts'
import type { SkycoreCode } from './codes.ts'

/** Sinch's, and what it has two codes of its own for. */
export const skycoreFaces: Readonly<Partial<Record<Reason, SkycoreCode>>> = {
  ...sinchFaces,
  'carrier-lookup-failed': '2569',
  'carrier-not-provisioned': '2570',
}

const nativeHttpStatus: Readonly<Record<SkycoreCode, number>> = {
  ...sinchNativeHttpStatus,
  '2569': 503,
  '2570': 403,
}

/** The MM7 door: Sinch's, with another carrier header and no demand for a SMIL part. */
export const skycoreMm7: Mm7Profile = {
  ...sinchMm7,
  path: 'skycore',
  carrierIdHeader: 'X-Skycore-Carrier-Id',
  checkOrder: sinchMm7.checkOrder.filter((name) => name !== 'presentation'),
  nativeHttpStatus,
}
