/** Requests that end in a fault of ours: told as one, and one that does so every time as its own. */
import { hash } from 'node:crypto'
import type { Submission } from '../core/message.ts'
import type { Acceptance } from '../engine/accept.ts'
import { createOwnFailures } from '../engine/own-failures.ts'

type Accept = (submission: Submission) => Promise<Acceptance>

/** `failed` hears of every fault. */
export function blamingRepeats(accept: Accept, failed: (error: unknown) => void): Accept {
  const failures = createOwnFailures()
  return async (submission) => {
    try {
      const acceptance = await accept(submission)
      if (acceptance.kind !== 'refused' && failures.any) failures.passed(nameOf(submission))
      return acceptance
    } catch (error) {
      failed(error)
      return { kind: 'refused', reason: failures.failed(nameOf(submission)) }
    }
  }
}

/** A digest: the parts of a name are the client's own, and as long as it likes. */
function nameOf({ accountId, idempotency }: Submission): string {
  const { scope = accountId, key = '', fingerprint = '' } = idempotency ?? {}
  return hash('sha256', `${scope} ${key} ${fingerprint}`, 'base64url')
}
