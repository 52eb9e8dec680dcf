/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { rcsCodes } from '../codes/rcs.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const rcsScenarios = {
  '7000': { via: 'pending', given: 'RCS: a carousel with one card' },
  '7006': { via: 'pending', given: 'RCS: the store fails while the message is prepared' },
  '7010': { via: 'pending', given: 'RCS: the MaaP answers 409' },
  '7011': { via: 'pending', given: 'RCS: the MaaP answers 200 with a body that is not JSON' },
  '7301': {
    via: 'pending',
    given: 'RCS: the clock moves past the validity while the phone is off',
  },
  '7307': {
    via: 'pending',
    given: 'RCS: the MaaP refuses connections until the retries are spent',
  },
  '7500': { via: 'pending', given: 'RCS: the MaaP reports delivered' },
  '7501': { via: 'pending', given: 'RCS: the MaaP answers 202' },
  '7502': { via: 'pending', given: 'RCS: the MaaP reports displayed' },
  '7740': { via: 'pending', given: 'RCS: a file size of 0' },
  '7318': { via: 'pending', given: 'RCS: the MaaP answers 400 without a known reason' },
  '7319': { via: 'pending', given: 'RCS: the MaaP answers 404 for a file' },
  '7320': { via: 'pending', given: 'RCS: the MaaP answers 400, not JSON' },
  '7321': { via: 'pending', given: 'RCS: a suggestion of 26 characters' },
  '7322': { via: 'pending', given: 'RCS: a chatbot without a provider for the carrier' },
  '7323': { via: 'pending', given: 'RCS: a carrier look-up that finds nothing' },
  '7324': { via: 'pending', given: 'RCS: one message more than the chatbot may send in a second' },
  '7325': { via: 'pending', given: 'RCS: the MaaP answers 401 twice' },
  '7326': { via: 'pending', given: 'RCS: the RCS connector meets an impossible state' },
  '7327': { via: 'pending', given: 'RCS: the MaaP answers 500' },
  '7328': { via: 'pending', given: 'RCS: the MaaP answers with an unlisted error text' },
  '7329': { via: 'pending', given: 'RCS: the carrier look-up answers 500' },
  '7330': { via: 'pending', given: 'RCS: the MaaP answers with a policy exception' },
  '7331': { via: 'pending', given: 'RCS: the MaaP answers 429 until the retries are spent' },
  '7334': { via: 'pending', given: 'RCS: a failure IMDN comes after acceptance' },
} satisfies Record<RowKey<(typeof rcsCodes)[number]>, Scenario>
