/** Sinch: one surface, the MM7 service. */
import type { Dialect } from '../../core/code-row.ts'
import { sinchCodes } from './codes.ts'

/** Which code stands for a class that several rows share. */
export const sinchGeneral = {
  malformed: '2007',
  unsupported: '2512',
  'missing-field': '2502',
  'invalid-field': '4004',
  unauthenticated: '2568',
  'not-provisioned': '3520',
  refused: '4000',
} as const

/** The provider as data. */
export const sinch: Dialect = {
  name: 'sinch',
  title: 'Sinch',
  sandboxDigit: '0',
  surfaces: [
    {
      name: 'mm7',
      title: 'Sinch MM7 status codes',
      codes: sinchCodes,
      general: sinchGeneral,
    },
  ],
  fallback: { transient: '3000', permanent: '4007', unknown: '4000' },
}
