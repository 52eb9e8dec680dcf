/** Template of a provider. Add the copy to the list in `../index.ts`. */
import type { Dialect } from '../../core/code-row.ts'
import { templateCodes } from './codes.ts'

/** The provider as data. */
export const template: Dialect = {
  name: 'template',
  title: 'Template',
  // The next free digit: sandbox recipients are +999, this digit, the code padded to seven.
  sandboxDigit: '9',
  surfaces: [
    {
      name: 'api',
      title: 'Template status codes',
      codes: templateCodes,
    },
  ],
  // Each must be a code of the table that has this permanence.
  fallback: { transient: '1', permanent: '2', unknown: '3' },
}
