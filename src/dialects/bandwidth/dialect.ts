/** Bandwidth: one surface, the internal status codes of its MM4 interface. */
import type { Dialect } from '../../core/code-row.ts'
import { bandwidthCodes } from './codes.ts'

/** The provider as data. */
export const bandwidth: Dialect = {
  name: 'bandwidth',
  title: 'Bandwidth',
  sandboxDigit: '3',
  surfaces: [
    {
      name: 'mm4',
      title: 'Bandwidth MM4 error codes',
      codes: bandwidthCodes,
      general: {
        malformed: '304',
        'invalid-recipient': '303',
        'invalid-sender': '302',
        'too-large': '411',
        'media-type-refused': '412',
        'policy-blocked': '470',
        'not-provisioned': '403',
        busy: '211',
        'unknown-recipient': '404',
        'opted-out': '475',
        incapable: '700',
        'no-route': '421',
        refused: '750',
        'downstream-error': '500',
        'internal-error': '220',
        expired: '201',
      },
    },
  ],
  fallback: { transient: '500', permanent: '1', unknown: '999' },
}
