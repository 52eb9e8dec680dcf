/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { commonCodes } from '../codes/every-channel.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const commonScenarios = {
  '7000': {
    via: 'pending',
    given: 'any channel: a POST whose body is cut off after the first brace',
  },
  '7001': {
    via: 'pending',
    given: 'any channel: the service key of a service that was given a new one',
  },
  '7002': {
    via: 'pending',
    given: 'any channel: a request without the key and Authorization headers',
  },
  '7003': { via: 'pending', given: 'any channel: a request with no list of destinations' },
  '7004': { via: 'pending', given: 'any channel: a request with both validity and expireAt' },
  '7005': {
    via: 'pending',
    given: 'any channel: an expiry one hour behind the clock of the gateway',
  },
  '7006': { via: 'pending', given: 'any channel: a store that refuses to commit' },
  '7007': { via: 'pending', given: 'any channel: the key of a service that was switched off' },
  '7009': { via: 'pending', given: 'any channel: one request with 1001 destinations' },
  '7020': {
    via: 'pending',
    given: 'any channel: one request more than the burst allowance of the tenant',
  },
  '7104': { via: 'pending', given: 'any channel: the app id of another tenant' },
  '7200': { via: 'pending', given: 'any channel: a provider report with a code no table holds' },
} satisfies Record<RowKey<(typeof commonCodes)[number]>, Scenario>
