/**
 * Template of a code table. Copy the folder, replace the rows by the vendor's, and let the compiler
 * name what is missing. `text` exactly as printed, misprints included; every other sentence yours.
 */
import type { CodeRow } from '../../core/code-row.ts'

/** The rows of one printed list. */
export const templateCodes = [
  {
    code: '0',
    text: 'OK',
    class: 'accepted',
    meaning: 'The request passed every check and is stored; nothing is delivered yet.',
    action: 'Keep the message id and wait for the delivery report.',
  },
  {
    code: '1',
    text: 'Try again',
    class: 'busy',
    meaning: 'The service takes no messages at the moment; this one was not taken.',
    action: 'Send again later, with growing pauses.',
  },
  {
    code: '2',
    text: 'No',
    class: 'refused',
    override: {
      permanence: 'permanent',
      retry: 'never',
      because: 'say here why this row differs from its class',
    },
    meaning: 'The service refuses this message and would refuse it again, without saying why.',
    action: 'Ask the provider for the reason.',
    marks: ['inferred'],
    note: 'Say here what is odd in the source, and what was decided.',
  },
  {
    code: '3',
    text: 'Error',
    class: 'unknown',
    meaning: 'Something happened that the source does not explain; the message may be delivered.',
    action: 'Do not conclude anything from the code; ask the provider.',
    marks: ['catch-all', 'inferred'],
  },
] as const satisfies readonly CodeRow[]

/** A code of the list. */
export type TemplateCode = (typeof templateCodes)[number]['code']
