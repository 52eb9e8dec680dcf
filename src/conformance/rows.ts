/** Every row that can be provoked, of every dialect that has provocations. */
import { entries } from '../catalog/index.ts'
import { bandwidthProvocations } from './dialects/bandwidth.ts'
import { sinchProvocations } from './dialects/sinch.ts'
import { skycoreProvocations, skycoreStatusProvocations } from './dialects/skycore.ts'
import { smsglobalProvocations } from './dialects/smsglobal.ts'
import type { Provocation, Row } from './provocation.ts'

/** By code. */
type ByCode = Readonly<Record<string, Provocation>>

/** By `dialect/surface`. */
const PROVOCATIONS: Readonly<Record<string, ByCode>> = {
  'sinch/mm7': sinchProvocations,
  'skycore/mm7': skycoreProvocations,
  'skycore/report': skycoreStatusProvocations,
  'smsglobal/mm7': smsglobalProvocations,
  'bandwidth/mm4': bandwidthProvocations,
}

/** Dialects that can be tried, in the order of the catalogue. */
export const TRIED_DIALECTS: readonly string[] = [
  ...new Set(Object.keys(PROVOCATIONS).map((key) => key.split('/')[0] ?? '')),
]

/** Rows of these dialects; `only`: the codes wanted, all when empty. */
export function rowsOf(dialects: readonly string[], only: readonly string[]): readonly Row[] {
  return entries().flatMap((entry) => {
    const { dialect, surface, code } = entry
    const provocation = PROVOCATIONS[`${dialect}/${surface}`]?.[code]
    if (provocation === undefined || !dialects.includes(dialect)) return []
    return only.length === 0 || only.includes(code) ? [{ entry, provocation }] : []
  })
}
