/**
 * How every row is made to happen, by dialect and surface. Apart from the codes: a gateway answers
 * with them and provokes none, so it never loads this.
 */
import type { Scenarios } from '../core/code-row.ts'
import { standardScenarios } from './3gpp/scenarios.ts'
import { bandwidthScenarios } from './bandwidth/scenarios.ts'
import { sinchScenarios } from './sinch/scenarios.ts'
import { skycoreScenarios, skycoreStatusScenarios } from './skycore/scenarios.ts'
import { smsglobalScenarios } from './smsglobal/scenarios.ts'
import { webexScenarios } from './webex/scenarios.ts'

const SCENARIOS: Readonly<Record<string, Readonly<Record<string, Scenarios>>>> = {
  sinch: { mm7: sinchScenarios },
  skycore: { mm7: skycoreScenarios, report: skycoreStatusScenarios },
  smsglobal: { mm7: smsglobalScenarios },
  bandwidth: { mm4: bandwidthScenarios },
  webex: webexScenarios,
  '3gpp': { mm7: standardScenarios },
}

/** The scenarios of one list, by the names of its dialect and surface. */
export function scenariosOf(dialect: string, surface: string): Scenarios {
  return SCENARIOS[dialect]?.[surface] ?? {}
}
