/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { appleMessagesCodes } from '../codes/apple-messages.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const appleMessagesScenarios = {
  '7000/input-details': {
    via: 'pending',
    given: 'Apple Messages: interactive data that is a string',
  },
  '7006': {
    via: 'pending',
    given: 'Apple Messages: the store fails while the message is prepared',
  },
  '7010': { via: 'pending', given: 'Apple Messages: Apple answers 429' },
  '7011': { via: 'pending', given: 'Apple Messages: Apple answers 200 and resets the stream' },
  '7301': {
    via: 'pending',
    given: 'Apple Messages: the clock moves past the expiry during a back-off',
  },
  '7307': {
    via: 'pending',
    given: 'Apple Messages: Apple refuses connections until the retries are spent',
  },
  '7316': { via: 'pending', given: 'Apple Messages: Apple answers 401' },
  '7317': { via: 'pending', given: 'Apple Messages: the merchant session answers 400' },
  '7501': { via: 'pending', given: 'Apple Messages: Apple answers 200' },
  '7738': { via: 'pending', given: 'Apple Messages: Apple answers 500 to the upload' },
  '1001': { via: 'pending', given: 'Apple Messages: a correct request' },
  '7000/invalid-json': {
    via: 'pending',
    given: 'Apple Messages: a body cut off after the first brace',
  },
  '7001': { via: 'pending', given: 'Apple Messages: the service key of a deleted service' },
  '7002': { via: 'pending', given: 'Apple Messages: a request without the key header' },
  '7003': { via: 'pending', given: 'Apple Messages: a request without the app id' },
  '7004': { via: 'pending', given: 'Apple Messages: a correlation id of 51 bytes' },
  '7007': { via: 'pending', given: 'Apple Messages: the key of a service that was switched off' },
  '7009': { via: 'pending', given: 'Apple Messages: one request with 1001 destinations' },
  '7722': {
    via: 'pending',
    given: 'Apple Messages: Apple answers 400 to a time picker without times',
  },
} satisfies Record<RowKey<(typeof appleMessagesCodes)[number]>, Scenario>
