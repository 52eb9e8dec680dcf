/** How each code of this list will be made to happen; one forgotten does not compile. */
import type { Scenario } from '../../../core/code-row.ts'
import type { googleBusinessMessagesCodes } from '../codes/google-business-messages.ts'
import type { RowKey } from '../row-key.ts'

/** One scenario for each row. */
export const googleBusinessMessagesScenarios = {
  '7900': { via: 'pending', given: 'Google Business Messages: the API answers OK' },
  '7904': {
    via: 'pending',
    given: 'Google Business Messages: the API answers UNAUTHENTICATED twice',
  },
  '7905': { via: 'pending', given: 'Google Business Messages: the API answers PERMISSION_DENIED' },
  '7906': { via: 'pending', given: 'Google Business Messages: the API answers NOT_FOUND' },
  '7909': { via: 'pending', given: 'Google Business Messages: the API answers RESOURCE_EXHAUSTED' },
  '7910': {
    via: 'pending',
    given: 'Google Business Messages: the gateway shuts down while the API is thinking',
  },
  '7913': { via: 'pending', given: 'Google Business Messages: the API answers UNIMPLEMENTED' },
  '7914': { via: 'pending', given: 'Google Business Messages: the API host has no address' },
  '7915': { via: 'pending', given: 'Google Business Messages: the API answers UNAVAILABLE' },
  '7916': { via: 'pending', given: 'Google Business Messages: the API answers DEADLINE_EXCEEDED' },
  '7901': { via: 'pending', given: 'Google Business Messages: the API answers INVALID_ARGUMENT' },
  '7902': {
    via: 'pending',
    given: 'Google Business Messages: the API answers FAILED_PRECONDITION',
  },
  '7903': { via: 'pending', given: 'Google Business Messages: the API answers OUT_OF_RANGE' },
  '7907': { via: 'pending', given: 'Google Business Messages: the API answers ABORTED' },
  '7908': { via: 'pending', given: 'Google Business Messages: the API answers ALREADY_EXISTS' },
  '7911': { via: 'pending', given: 'Google Business Messages: the API answers DATA_LOSS' },
  '7917': { via: 'pending', given: 'Google Business Messages: the API answers UNKNOWN' },
  '7912': { via: 'pending', given: 'Google Business Messages: the API answers INTERNAL' },
  '7501': {
    via: 'pending',
    given: 'Google Business Messages: the API answers with the created message',
  },
  '7500': { via: 'pending', given: 'Google Business Messages: a DELIVERED receipt comes' },
  '7502': { via: 'pending', given: 'Google Business Messages: a READ receipt comes' },
} satisfies Record<RowKey<(typeof googleBusinessMessagesCodes)[number]>, Scenario>
