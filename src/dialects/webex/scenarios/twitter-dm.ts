/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { twitterDmCodes } from '../codes/twitter-dm.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const twitterDmScenarios = {
  '7000': { via: 'pending', given: 'Twitter: a quick reply that is a string' },
  '7006': { via: 'pending', given: 'Twitter: the store fails while the message is prepared' },
  '7010': { via: 'pending', given: 'Twitter: the API answers 403 with code 349' },
  '7011': { via: 'pending', given: 'Twitter: the API answers code 131' },
  '7301': { via: 'pending', given: 'Twitter: the clock moves past the expiry during a back-off' },
  '7302': { via: 'pending', given: 'Twitter: the API answers 429' },
  '7304': { via: 'pending', given: 'Twitter: the API answers 401 with code 89' },
  '7306': { via: 'pending', given: 'Twitter: the API answers code 187' },
  '7307': {
    via: 'pending',
    given: 'Twitter: the API refuses connections until the retries are spent',
  },
  '7501': { via: 'pending', given: 'Twitter: the API answers with an event id' },
} satisfies Record<RowKey<(typeof twitterDmCodes)[number]>, Scenario>
