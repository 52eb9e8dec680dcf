/** SMSGlobal: one surface, the 3GPP numbers of its MM7 service. */
import type { Dialect } from '../../core/code-row.ts'
import { smsglobalCodes } from './codes.ts'

/** The provider as data. */
export const smsglobal: Dialect = {
  name: 'smsglobal',
  title: 'SMSGlobal',
  sandboxDigit: '2',
  surfaces: [
    {
      name: 'mm7',
      title: 'SMSGlobal MMS API status codes',
      codes: smsglobalCodes,
      general: {
        malformed: '4004',
        unsupported: '4003',
        'not-found': '2005',
        unauthenticated: '4001',
        forbidden: '4007',
        refused: '4000',
        'internal-error': '3000',
      },
    },
  ],
  fallback: { transient: '3000', permanent: '4007', unknown: '4000' },
}
