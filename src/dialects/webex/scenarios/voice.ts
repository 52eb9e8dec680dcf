/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { voiceCodes } from '../codes/voice.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const voiceScenarios = {
  '7000': { via: 'pending', given: 'Voice: a call request with a trailing comma' },
  '7003': { via: 'pending', given: 'Voice: a call request without the number to call' },
  '7004': { via: 'pending', given: 'Voice: an expireAt that is not a time' },
  '7127': { via: 'pending', given: 'Voice: a caller outside the address ranges of the tenant' },
  '7016': { via: 'pending', given: 'Voice: a call ended by SIP 606' },
  '7020': { via: 'pending', given: 'Voice: one call more than the number may have at once' },
  '7101': { via: 'pending', given: 'Voice: the caller ID of another tenant' },
  '7102': { via: 'pending', given: 'Voice: a call to 555-0100' },
  '7104': { via: 'pending', given: 'Voice: the app id of a messaging channel' },
  '8009': { via: 'pending', given: 'Voice: a customer id no profile has' },
  '7107': { via: 'pending', given: 'Voice: 2001 characters of text to speech' },
  '7108': { via: 'pending', given: 'Voice: a media id that was never uploaded' },
  '7126': { via: 'pending', given: 'Voice: the content type text' },
  '7009': { via: 'pending', given: 'Voice: one request with 1001 numbers to call' },
  '7022': { via: 'pending', given: 'Voice: a request body one byte over the cap' },
  '7005': { via: 'pending', given: 'Voice: the clock moves past the expiry before dialling' },
  '7519': { via: 'pending', given: 'Voice: the callee answers INVITE with 200 OK' },
} satisfies Record<RowKey<(typeof voiceCodes)[number]>, Scenario>
