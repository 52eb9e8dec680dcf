/** Webex Connect's names and the codes common to all channels, without those of each. */
import type { Dialect } from '../../core/code-row.ts'
import { commonCodes } from './codes/every-channel.ts'

/** What a gateway needs of it: no channel of it is a door yet. */
export const webexCommon: Dialect = {
  name: 'webex',
  title: 'Webex Connect',
  sandboxDigit: '4',
  surfaces: [
    {
      name: 'common',
      title: 'Webex Connect codes common to all channels',
      codes: commonCodes,
      general: { unauthenticated: '7001' },
    },
  ],
  // All three stand in the common list, so every channel has them, each of the permanence told.
  fallback: { transient: '7006', permanent: '7004', unknown: '7200' },
}
