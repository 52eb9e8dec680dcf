/** Skycore: the MM7 service it shares with Sinch, and the statuses of its delivery reports. */
import type { Dialect } from '../../core/code-row.ts'
import { sinchGeneral } from '../sinch/dialect.ts'
import { skycoreCodes, skycoreStatuses } from './codes.ts'

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
      general: sinchGeneral,
    },
    {
      name: 'report',
      title: 'Skycore delivery report statuses',
      codes: skycoreStatuses,
    },
  ],
  fallback: { transient: '3000', permanent: '4007', unknown: '4000' },
}
