/** Checks of the envelope's own elements. */
import type { Check } from './check.ts'

export const ELEMENT_CHECKS = {
  'version-present': (r) => ((r.version.given ?? '') === '' ? 'version-missing' : undefined),
  version: (r, a) => {
    const given = r.version.given ?? ''
    // One code may say both; the reason still tells them apart.
    if (given === '') return 'version-missing'
    return a.limits.versions.some((pair) => pair.version === given)
      ? undefined
      : 'version-unsupported'
  },
  'version-namespace': (r, a) => {
    // A missing namespace is tolerated: real clients leave it out.
    if (r.version.namespaceTail === undefined) return undefined
    const pair = a.limits.versions.find((candidate) => candidate.version === r.version.given)
    return pair?.namespaces.includes(r.version.namespaceTail) === true
      ? undefined
      : 'namespace-unsupported'
  },
  'reply-charging': (r) => (r.replyCharging ? 'reply-charging-unsupported' : undefined),
  'charged-party': (r) => (r.chargedParty ? 'charged-party-unsupported' : undefined),
  'read-reply': (r, a) => (r.readReply && !a.readReplies ? 'read-reply-not-enabled' : undefined),
  'element-values': (r, a) => {
    const at = r.badElements[0]
    if (at !== undefined) return { reason: 'element-value-invalid', at }
    return r.subjectCharacters > a.limits.subjectCharactersMax
      ? { reason: 'element-value-invalid', at: 'Subject' }
      : undefined
  },
} as const satisfies Record<string, Check>
