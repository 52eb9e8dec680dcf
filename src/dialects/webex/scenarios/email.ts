/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { emailCodes } from '../codes/email.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const emailScenarios = {
  '7500': { via: 'pending', given: 'e-mail: SES sends a Delivery event' },
  '7501': { via: 'pending', given: 'e-mail: the relay answers 250 after DATA' },
  '7520': { via: 'pending', given: 'e-mail: SES sends a Bounce of type Transient, MailboxFull' },
  '7521': { via: 'pending', given: 'e-mail: SES sends a Complaint of type abuse' },
  '7522': { via: 'pending', given: 'e-mail: a sandbox account and an unverified recipient' },
  '7523': { via: 'pending', given: 'e-mail: a recipient with two @ signs' },
  '7524': { via: 'pending', given: 'e-mail: a recipient with 65 characters before the @' },
  '7535': { via: 'pending', given: 'e-mail: attachments of 41 MB' },
  '7536': { via: 'pending', given: 'e-mail: a template id that was deleted' },
  '7240': { via: 'pending', given: 'e-mail: a recipient who bounced yesterday' },
  '7241': { via: 'pending', given: 'e-mail: a recipient who used the unsubscribe link' },
  '7553': { via: 'pending', given: 'e-mail: the relay answers 535 to AUTH' },
  '7554': { via: 'pending', given: 'e-mail: the relay answers 451 until the retries are spent' },
} satisfies Record<RowKey<(typeof emailCodes)[number]>, Scenario>
