/**
 * MM7 as TS 23.140 has it, for peers without a provider's dialect: the standard's meanings, faults
 * on HTTP 500, reports only when asked for, follow-up requests in all their forms.
 */
import type {
  ElementUse,
  Mm7Profile,
  OptionalElement,
  ReportedResult,
  ReportFace,
} from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import { sinchPostback } from '../sinch/profile.ts'
import {
  smsglobalCheckOrder,
  smsglobalFaces,
  smsglobalNativeHttpStatus,
} from '../smsglobal/profile.ts'
import type { StandardCode } from './codes.ts'

const release5 = [0, 1, 2, 3, 4, 5].map((minor) => `REL-5-MM7-1-${minor}`)
const release6 = [0, 1, 2, 3, 4].map((minor) => `REL-6-MM7-1-${minor}`)

/** The versions the schema of Release 6 enumerates; those of Release 5 are valid in both. */
const versions = [
  ...['5.3.0', '5.5.0', '5.6.0', '5.8.0', '5.10.0'].map((version) => ({
    version,
    namespaces: [...release5, 'REL-6-MM7-1-4'],
  })),
  ...['6.3.0', '6.4.0', '6.5.0', '6.6.0', '6.8.0'].map((version) => ({
    version,
    namespaces: release6,
  })),
]

/** Only replies that the sender pays for are not served. */
const elements = {
  linkedId: 'kept',
  replyCharging: 'refused',
  earliestDeliveryTime: 'kept',
  readReply: 'kept',
  chargedParty: 'stripped',
  distributionIndicator: 'kept',
  deliveryCondition: 'stripped',
  application: 'kept',
  contentClass: 'kept',
  drmContent: 'kept',
  displayOnly: 'kept',
} as const satisfies Record<OptionalElement, ElementUse>

/**
 * `Forwarded` is an end here, so nothing says "the network has it": that is not reported at all.
 */
const reports = {
  'handed-to-network': undefined,
  deferred: { status: 'Deferred', text: 'Deferred' },
  delivered: { status: 'Retrieved', text: 'Retrieved' },
  forwarded: { status: 'Forwarded', text: 'Forwarded' },
  expired: { status: 'Expired', text: 'Expired' },
  rejected: { status: 'Rejected', text: 'Rejected' },
  unknown: { status: 'Indeterminate', text: 'Indeterminate' },
  incapable: { status: 'Unrecognised', text: 'Unrecognised' },
  unsupported: { status: 'Rejected', text: 'Rejected' },
  unreachable: { status: 'Expired', text: 'Expired' },
} as const satisfies Record<ReportedResult, ReportFace | undefined>

/** The strict meanings, where the provider that uses these numbers has others. */
export const standardFaces = {
  ...smsglobalFaces,
  'protocol-refused': '2001',
  'namespace-unknown': '4002',
  'operation-unknown': '4004',
  'version-missing': '4002',
  'credentials-invalid': '4001',
  'application-unknown': '2008',
  'carrier-id-invalid': '2000',
  'carrier-id-missing': '2000',
} as const satisfies Partial<Record<Reason, StandardCode>>

const { '0': _client, ...nativeHttpStatus } = smsglobalNativeHttpStatus

/** The door of the standard. */
export const standardMm7: Mm7Profile = {
  path: '3gpp',
  versions,
  defaultVersion: '6.8.0',
  operations: ['SubmitReq', 'CancelReq', 'ReplaceReq', 'extendedCancelReq', 'extendedReplaceReq'],
  // The standard orders nothing; the order of the provider with the same numbers will do.
  checkOrder: smsglobalCheckOrder,
  mediaLengthRequired: false,
  contentLengthRequired: false,
  // SOAP 1.1 §6.2.
  faultStatus: '500',
  // The standard limits nothing; the largest content of a known MM7 service, in base64.
  requestBytesMax: 15 * 1024 * 1024,
  recipientsMax: 1,
  partialCode: '1100',
  elements,
  subjectCharactersMax: 255,
  // TS 23.140 leaves it to the relay; the providers say three days.
  defaultValidityMs: 259_200_000,
  reportsAlways: false,
  successText: 'Success',
  reports,
  postback: sinchPostback,
  nativeHttpStatus,
}
