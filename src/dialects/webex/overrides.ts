/** Overrides that many rows of this dialect share, each with its reason. */

/** The door cannot know it: the provider behind the channel says so in its answer. */
export const providerAnswers = {
  stage: 'handoff',
  because: 'the provider answers it, not the door',
} as const

/** Keys, tokens and certificates of the account, refused further on. */
export const credentialsRefused = {
  stage: 'handoff',
  party: 'account',
  retry: 'provision',
  because: 'the provider refuses what the account has set up for it',
} as const

/** Time ran out before the first attempt, so nobody outside the gateway can be at fault. */
export const expiredInQueue = {
  stage: 'admission',
  party: 'provider',
  billing: 'no',
  because: 'it waited in the gateway and was never attempted',
} as const

/** A wrapper: whether a repetition helps is known only from the error inside. */
export const innerErrorDecides = {
  stage: 'handoff',
  permanence: 'unknown',
  because: 'the error of the provider inside decides',
} as const

/** The copy of a media file failed. */
export const copyFailed = {
  party: 'unknown',
  permanence: 'unknown',
  because: 'the source does not say whether fetching or storing failed',
} as const
