/** Checks of the envelope's own elements. */
import type { Check } from './check.ts'

const VERSION = /^[0-9]+\.[0-9]+\.[0-9]+$/

export const ELEMENT_CHECKS = {
  version: (r, a) => {
    const given = r.version.given
    if (given === undefined || !VERSION.test(given)) return 'version-unsupported'
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
  'element-values': (r, a) => {
    const at = r.badElements[0]
    if (at !== undefined) return { reason: 'element-value-invalid', at }
    return r.subjectCharacters > a.limits.subjectCharactersMax
      ? { reason: 'element-value-invalid', at: 'Subject' }
      : undefined
  },
} as const satisfies Record<string, Check>
