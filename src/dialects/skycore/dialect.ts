/** Skycore: the MM7 service it shares with Sinch, and the statuses of its delivery reports. */
import type { Dialect, Mm7Profile } from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import { sinchGeneral } from '../sinch/dialect.ts'
import { sinchFaces, sinchMm7, sinchNativeHttpStatus } from '../sinch/profile.ts'
import { type SkycoreCode, skycoreCodes, skycoreStatuses } from './codes.ts'
import { skycoreScenarios, skycoreStatusScenarios } from './scenarios.ts'

const faces: Readonly<Partial<Record<Reason, SkycoreCode>>> = {
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
  faces,
  nativeHttpStatus,
}

/** The provider as data. */
export const skycore: Dialect = {
  name: 'skycore',
  title: 'Skycore',
  sandboxDigit: '1',
  surfaces: [
    {
      name: 'mm7',
      title: 'Skycore MM7 status codes',
      codes: skycoreCodes,
      scenarios: skycoreScenarios,
      general: sinchGeneral,
    },
    {
      name: 'report',
      title: 'Skycore delivery report statuses',
      codes: skycoreStatuses,
      scenarios: skycoreStatusScenarios,
    },
  ],
  fallback: { transient: '3000', permanent: '4007', unknown: '4000' },
  mm7: skycoreMm7,
}
