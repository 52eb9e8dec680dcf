/** MM7 by the standard itself: a door and its codes, and no provider. */
import type { Dialect } from '../../core/code-row.ts'
import { standardCodes } from './codes.ts'

/** The standard as data. */
export const standardMm7Dialect: Dialect = {
  name: '3gpp',
  title: '3GPP MM7',
  sandboxDigit: '5',
  surfaces: [
    {
      name: 'mm7',
      title: '3GPP TS 23.140 MM7 status codes',
      codes: standardCodes,
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
