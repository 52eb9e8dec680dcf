/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { whatsappCodes } from '../codes/whatsapp.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const whatsappScenarios = {
  '7500': { via: 'pending', given: 'WhatsApp: a status event says delivered' },
  '7501': { via: 'pending', given: 'WhatsApp: the API answers with a message id' },
  '7502': { via: 'pending', given: 'WhatsApp: a status event says read' },
  '7010': { via: 'pending', given: 'WhatsApp: the API answers error 131031' },
  '7011': { via: 'pending', given: 'WhatsApp: the API answers error 1' },
  '7701': { via: 'pending', given: 'WhatsApp: error 131052 for a link that answers 404' },
  '7704': {
    via: 'pending',
    given: 'WhatsApp: the clock moves a day on while WhatsApp is out of reach',
  },
  '7705': {
    via: 'pending',
    given: 'WhatsApp: the clock moves past the lifetime while the phone is off',
  },
  '7706': { via: 'pending', given: 'WhatsApp: the API answers error 130429' },
  '7710': { via: 'pending', given: 'WhatsApp: free text 25 hours after the last inbound message' },
  '7711': { via: 'pending', given: 'WhatsApp: a status event with error 131048' },
  '7714': { via: 'pending', given: 'WhatsApp: a text of 4097 characters' },
  '7715': { via: 'pending', given: 'WhatsApp: the recipient type everybody' },
  '7721': { via: 'pending', given: 'WhatsApp: a template with a placeholder left open' },
  '7722': { via: 'pending', given: 'WhatsApp: the template namespace of another account' },
  '7726': { via: 'pending', given: 'WhatsApp: error 131026 for a number without WhatsApp' },
  '7736': { via: 'pending', given: 'WhatsApp: a status event with error 131000' },
} satisfies Record<RowKey<(typeof whatsappCodes)[number]>, Scenario>
