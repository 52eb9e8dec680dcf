/** How each code is made to happen. Keyed by the codes: one forgotten does not compile. */
import type { Scenario } from '../../core/code-row.ts'
import type { TemplateCode } from './codes.ts'

/** One scenario for each row. */
export const templateScenarios = {
  '0': { via: 'request', given: 'a correct request' },
  '1': { via: 'gateway', given: 'a gateway that is draining' },
  '2': { via: 'recipient', given: 'its carrier refuses the message' },
  '3': { via: 'pending', given: 'REST door: name the channel that is not built yet' },
} as const satisfies Record<TemplateCode, Scenario>
