/** Which class of the same family may stand for another when a dialect lacks it, nearest first. */
import { OUTCOME_CLASSES, type OutcomeClass } from '../core/outcome-class.ts'

/** The order of choice where the order of the class table would choose badly. */
const FIRST: Readonly<Partial<Record<OutcomeClass, readonly OutcomeClass[]>>> = {
  accepted: ['submitted'],
  submitted: ['accepted'],
  read: ['delivered'],
  delivered: ['read', 'submitted'],
  malformed: ['invalid-field', 'missing-field'],
  unsupported: ['invalid-field', 'malformed'],
  'missing-field': ['malformed', 'invalid-field'],
  'invalid-field': ['malformed', 'missing-field'],
  'invalid-recipient': ['invalid-field'],
  'invalid-sender': ['invalid-field', 'not-found'],
  'too-many': ['too-large', 'invalid-field'],
  'too-large': ['too-many', 'invalid-field'],
  'not-found': ['invalid-field'],
  'wrong-state': ['duplicate', 'not-found'],
  duplicate: ['wrong-state'],
  'media-type-refused': ['media-broken', 'policy-blocked'],
  'media-broken': ['media-type-refused', 'policy-blocked'],
  'policy-blocked': ['media-type-refused'],
  forbidden: ['not-provisioned', 'account-suspended'],
  'not-provisioned': ['forbidden', 'account-suspended'],
  'account-suspended': ['forbidden', 'not-provisioned'],
  'no-funds': ['forbidden', 'account-suspended'],
  'rate-limited': ['busy', 'quota-exhausted'],
  'quota-exhausted': ['rate-limited'],
  busy: ['rate-limited'],
  'downstream-error': ['internal-error'],
  'internal-error': ['downstream-error'],
}

/** Every other class of the family of `klass`, in the order of choice. */
export function neighboursOf(klass: OutcomeClass): readonly OutcomeClass[] {
  const { family } = OUTCOME_CLASSES[klass]
  const classes = Object.keys(OUTCOME_CLASSES) as OutcomeClass[]
  const others = classes.filter((other) => OUTCOME_CLASSES[other].family === family)
  return [...new Set([...(FIRST[klass] ?? []), ...others])].filter((other) => other !== klass)
}
