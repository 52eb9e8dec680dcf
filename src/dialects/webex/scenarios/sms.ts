/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { smsCodes } from '../codes/sms.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const smsScenarios = {
  '7500': { via: 'pending', given: 'SMS: a receipt with stat:DELIVRD' },
  '7501': { via: 'pending', given: 'SMS: submit_sm answered with command_status 0' },
  '7004': { via: 'pending', given: 'SMS: a binary message whose body is not hex' },
  '7006': { via: 'pending', given: 'SMS: no bind comes up during the whole retry window' },
  '7101': { via: 'pending', given: 'SMS: a sender ID the account does not own' },
  '7102': { via: 'pending', given: 'SMS: the recipient 12345 without a country code' },
  '7109': { via: 'pending', given: 'SMS: a recipient on the do-not-disturb list of the tenant' },
  '7201': { via: 'pending', given: 'SMS: a receipt with stat:UNDELIV and no finer error' },
  '7202': { via: 'pending', given: 'SMS: a router of the gateway answers command_status 0x64' },
  '7203': { via: 'pending', given: 'SMS: a receipt with GSM error 1, unknown subscriber' },
  '7204': { via: 'pending', given: 'SMS: a receipt that says no credit' },
  '7205': { via: 'pending', given: 'SMS: a user data header longer than its payload' },
  '7206': { via: 'pending', given: 'SMS: a receipt with memory capacity exceeded' },
  '7207': { via: 'pending', given: 'SMS: a receipt with GSM error 27, absent subscriber' },
  '7208': {
    via: 'pending',
    given: 'SMS: the clock moves past the validity while the phone is off',
  },
  '7209': { via: 'pending', given: 'SMS: the second of three segments ends in UNDELIV' },
  '7210': { via: 'pending', given: 'SMS: a destination country without a price' },
  '7211': { via: 'pending', given: 'SMS: a receipt with a charging error of the carrier' },
  '7111': { via: 'pending', given: 'SMS: a text with a shared short link at a filtering carrier' },
  '7280': { via: 'pending', given: 'SMS: a receipt with stat:DELETED on a US route' },
  '7281': { via: 'pending', given: 'SMS: a US sender without an approved campaign' },
  '7282': { via: 'pending', given: 'SMS: a recipient whose prefix no route covers' },
  '7283': { via: 'pending', given: 'SMS: a number look-up that says fixed line' },
  '7284': { via: 'pending', given: 'SMS: the same sender, recipient and text twice in a second' },
  '7302': { via: 'pending', given: 'SMS: command_status 0x58 until the retries are spent' },
  '7513': { via: 'pending', given: 'SMS: a receipt with GSM error 12, illegal equipment' },
  '7518': { via: 'pending', given: 'SMS: a receipt with stat:UNKNOWN on a US route' },
  '7607': { via: 'pending', given: 'SMS: command_status 0x104 for a UCS-2 text' },
  '7720': { via: 'pending', given: 'SMS: a receipt that says the sender is blocked' },
} satisfies Record<RowKey<(typeof smsCodes)[number]>, Scenario>
