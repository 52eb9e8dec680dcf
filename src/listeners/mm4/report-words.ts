/**
 * How a report says what became of a message: MM status, extension, text, and the code where the
 * client's dialect has a header for it. What a carrier said itself is passed on as it said it.
 */
import type { MmStatus } from '../../codecs/mm4/types.ts'
import type { CodeRow, ReportedResult, SpokenDialect } from '../../core/code-row.ts'
import { REASONS, type Reason } from '../../core/reason.ts'
import { finalFaceOf, interimFaceOf, mmStatusOf } from '../../dialects/mm4-face.ts'
import type { Notice } from '../../engine/ports/report-sender.ts'

/** The words of one report. */
export interface ReportWords {
  readonly status: MmStatus
  readonly extension?: string
  readonly text?: string
  /** The header that carries the code. */
  readonly code?: { readonly name: string; readonly value: string }
}

export type ReportFaceOf = (notice: Notice) => ReportWords

/** Our word for what became of a message, in MM4's. */
const STATUSES: Readonly<Record<ReportedResult | 'retrying', MmStatus>> = {
  'handed-to-network': 'Forwarded',
  deferred: 'Deferred',
  retrying: 'Deferred',
  delivered: 'Retrieved',
  forwarded: 'Forwarded',
  expired: 'Expired',
  rejected: 'Rejected',
  unknown: 'Indeterminate',
  incapable: 'Unrecognised',
  unsupported: 'Unrecognised',
  unreachable: 'Unreachable',
}

/** What only a far end's report can say: its status is the one it gave. */
const REPORTED: ReadonlySet<Reason> = new Set([
  'recipient-rejected',
  'recipient-unreachable',
  'handset-incapable',
  'application-unsupported',
  'expired-at-carrier',
  'indeterminate',
])

/** Towards a peer: the standard's words and nothing else. */
export function standardFaceOf({ result }: Notice): ReportWords {
  return { status: statusOf(result) }
}

/** Towards an account, in its dialect. */
export function wordReport(dialect: SpokenDialect, notice: Notice): ReportWords {
  const { result, reason } = notice
  const plain = statusOf(result)
  if (result === 'delivered' || result === 'forwarded') {
    const said = dialect.mm4?.delivered
    return said === undefined ? { status: plain } : told(dialect, plain, said.code, said.text)
  }
  if (reason === undefined) return { status: plain }
  if (dialect.mm4?.codeHeader === undefined) {
    return { status: plain, text: REASONS[reason].text }
  }
  if (result === 'retrying') {
    const row = interimFaceOf(dialect, reason)
    return told(dialect, plain, row.code, row.text)
  }
  const { row, last } = finalFaceOf(dialect, { ...notice, reason })
  const face = mmStatusOf(dialect, row)
  const kept = result === 'unknown' || REPORTED.has(reason) || face?.status === 'Deferred'
  const status = kept ? plain : (face?.status ?? plain)
  const extension = status === 'Rejected' ? face?.extension : undefined
  return {
    ...told(dialect, status, row.code, textOf(row, last, notice)),
    ...(extension === undefined ? {} : { extension }),
  }
}

function told(dialect: SpokenDialect, status: MmStatus, value: string, text: string): ReportWords {
  const name = dialect.mm4?.codeHeader
  return { status, text, ...(name === undefined ? {} : { code: { name, value } }) }
}

/** Text that a carrier's report brought stands after ours. */
const CARRIER_TEXT = /^MM4_delivery_report\.REQ [^"]*"([^"]+)"$/

function textOf(row: CodeRow, last: CodeRow | undefined, { raw = '' }: Notice): string {
  if (last !== undefined) return `${row.text} (${last.code} ${last.text})`
  const carrier = CARRIER_TEXT.exec(raw)?.[1]
  return carrier === undefined ? row.text : `${row.text}; ${carrier}`
}

function statusOf(result: Notice['result']): MmStatus {
  return result === 'read' || result === 'deleted-unread' ? 'Retrieved' : STATUSES[result]
}
