/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { instagramCodes } from '../codes/instagram.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const instagramScenarios = {
  '7000': { via: 'pending', given: 'Instagram: a template that is a string' },
  '7307': {
    via: 'pending',
    given: 'Instagram: Graph refuses connections until the retries are spent',
  },
  '7302': { via: 'pending', given: 'Instagram: Graph answers error 613' },
  '7301': { via: 'pending', given: 'Instagram: the clock moves past the expiry during a back-off' },
  '7303': { via: 'pending', given: 'Instagram: no event before the receipt timer ends' },
  '7006': { via: 'pending', given: 'Instagram: the store fails while the message is prepared' },
  '7304': { via: 'pending', given: 'Instagram: Graph answers error 190' },
  '7305': { via: 'pending', given: 'Instagram: Graph answers error 190, sub-code 463' },
  '7306': { via: 'pending', given: 'Instagram: the same content to one person twice in a second' },
  '7011': { via: 'pending', given: 'Instagram: Graph answers 200 with a body that is not JSON' },
  '7501': { via: 'pending', given: 'Instagram: Graph answers with a message id' },
  '7500': { via: 'pending', given: 'Instagram: a seen event stands in for the delivery' },
  '7502': { via: 'pending', given: 'Instagram: a seen event names the message' },
  '7010': { via: 'pending', given: 'Instagram: Graph answers error 551' },
  '7526': { via: 'pending', given: 'Instagram: the tag HUMAN_AGENT without that right' },
  '7313': { via: 'pending', given: 'Instagram: a person with no inbound message on record' },
} satisfies Record<RowKey<(typeof instagramCodes)[number]>, Scenario>
