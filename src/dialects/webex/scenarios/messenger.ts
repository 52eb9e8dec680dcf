/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { messengerCodes } from '../codes/messenger.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const messengerScenarios = {
  '7000': { via: 'pending', given: 'Messenger: an attachment that is a string' },
  '7006': { via: 'pending', given: 'Messenger: the store fails while the message is prepared' },
  '7010': { via: 'pending', given: 'Messenger: Graph answers error 190' },
  '7011': { via: 'pending', given: 'Messenger: Graph answers 200 with a body that is not JSON' },
  '7301': { via: 'pending', given: 'Messenger: the clock moves past the expiry during a back-off' },
  '7303': {
    via: 'pending',
    given: 'Messenger: Graph refuses connections until the retries are spent',
  },
  '7313': { via: 'pending', given: 'Messenger: a person with no inbound message on record' },
  '7500': { via: 'pending', given: 'Messenger: a delivery event names the message' },
  '7501': { via: 'pending', given: 'Messenger: Graph answers with a message id' },
  '7502': { via: 'pending', given: 'Messenger: a read event is later than the message' },
  '7526': { via: 'pending', given: 'Messenger: the tag HUMAN_AGENT on a page without that right' },
  '2018336': { via: 'pending', given: 'Messenger: Graph answers sub-code 2018336' },
  '2018047': { via: 'pending', given: 'Messenger: Graph answers sub-code 2018047' },
} satisfies Record<RowKey<(typeof messengerCodes)[number]>, Scenario>
