/**
 * SMSGlobal's MM7 service on the wire. Its article lists codes and little else: what stands here is
 * 3GPP's meaning of the numbers, and where that is silent too, our choice, said so.
 */
import type { CheckName } from '../../core/checks/index.ts'
import type { Mm7Profile, ReportedResult, ReportFace } from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import { sinchPostback, sinchVersions } from '../sinch/profile.ts'
import type { SmsglobalCode } from './codes.ts'

/** What must be there comes first: one code (4004) says all of it, before any identity. */
export const smsglobalCheckOrder = [
  'recipient-present',
  'content-present',
  'sender-present',
  'version',
  'version-namespace',
  'sender-identification',
  'vaspid',
  'credentials',
  'vasid',
  'client-address',
  'api-enabled',
  'sender-provisioned',
  'reply-charging',
  'account-enabled',
  'service-live',
  'recipient-count',
  'recipient-number',
  'element-values',
  'content-readable',
  'content-types',
  'content-size',
  'recipient-blocked',
  'call-rate',
] as const satisfies readonly CheckName[]

/**
 * Only words of the 3GPP schema, which this service's clients expect. "The network has it" has no
 * word there, so `Forwarded` stands for it as elsewhere, and a delivery that ends as "passed on"
 * is `Indeterminate`.
 */
export const smsglobalReports = {
  'handed-to-network': { status: 'Forwarded', text: 'Forwarded' },
  deferred: { status: 'Deferred', text: 'Deferred' },
  delivered: { status: 'Retrieved', text: 'Retrieved' },
  forwarded: { status: 'Indeterminate', text: 'Indeterminate' },
  expired: { status: 'Expired', text: 'Expired' },
  rejected: { status: 'Rejected', text: 'Rejected' },
  unknown: { status: 'Indeterminate', text: 'Indeterminate' },
  incapable: { status: 'Unrecognised', text: 'Unrecognised' },
  unsupported: { status: 'Rejected', text: 'Rejected' },
  unreachable: { status: 'Expired', text: 'Expired' },
} as const satisfies Record<ReportedResult, ReportFace>

/** One code for each reason that can reach this door, at submit or in a verbose report. */
export const smsglobalFaces = {
  'protocol-refused': '2000',
  'address-not-allowed': '2001',
  'http-headers-invalid': '4004',
  'request-too-large': '2004',
  'request-unreadable': '4004',
  'root-part-type-invalid': '4004',
  'namespace-unsupported': '4002',
  'soap-header-invalid': '4004',
  'soap-body-invalid': '4004',
  'operation-unsupported': '4003',
  'version-unsupported': '4002',
  'sender-identification-missing': '4001',
  'vaspid-unknown': '4001',
  'credentials-invalid': '2008',
  'account-disabled': '4007',
  'api-not-enabled': '2001',
  'call-rate-exceeded': '4006',
  'vasid-unknown': '4001',
  'sender-missing': '4004',
  'sender-not-provisioned': '2001',
  'service-misconfigured': '4007',
  'recipient-missing': '4004',
  'recipients-too-many': '3003',
  'recipient-invalid': '2002',
  'recipient-blocked': '4007',
  'reply-charging-unsupported': '2001',
  'charged-party-unsupported': '2001',
  'element-value-invalid': '2007',
  'content-missing': '4004',
  'attachment-unreadable': '2004',
  'attachment-type-invalid': '2004',
  'presentation-missing': '2004',
  'content-too-large': '2004',
  // The client's own URL failed: the request is answered as one whose content cannot be read.
  'media-fetch-failed': '2004',
  'carrier-lookup-failed': '4006',
  'carrier-not-provisioned': '4007',
  'internal-error': '3000',
  'storage-full': '4006',
  overloaded: '4006',
  draining: '4006',
  // It would break again: 4005 forbids what 3000 advises.
  'poison-message': '4005',
  'no-route': '4007',
  'loop-detected': '4007',
  expired: '4006',
  'retries-exhausted': '4006',
  'attempt-lost': '4006',
  'link-down': '4006',
  'link-closed': '4006',
  'link-refused': '4006',
  'carrier-busy': '4006',
  'carrier-error': '4006',
  'carrier-timeout': '4006',
  'response-missing': '4006',
  'carrier-refused': '4000',
  'carrier-version-unsupported': '3002',
  'carrier-operation-unsupported': '3002',
  'carrier-denied': '4007',
  'content-refused': '2004',
  'spam-refused': '3002',
  'too-large-for-carrier': '2004',
  'malformed-for-carrier': '3002',
  'recipient-unknown': '3002',
  'recipient-opted-out': '4007',
  'sender-refused': '3002',
  'unrecognised-response': '4000',
  'recipient-rejected': '3002',
  'recipient-unreachable': '4006',
  'handset-incapable': '3002',
  'expired-at-carrier': '4006',
  indeterminate: '4000',
  'report-missing': '4000',
} as const satisfies Partial<Record<Reason, SmsglobalCode>>

/** HTTP statuses for accounts that ask for native ones; where two fit, the plainer one. */
const nativeHttpStatus = {
  '0': 503,
  '1000': 200,
  '1100': 200,
  '2000': 400,
  '2001': 403,
  '2002': 400,
  '2003': 404,
  '2004': 415,
  '2005': 404,
  '2006': 404,
  '2007': 400,
  '2008': 401,
  '2009': 404,
  '3000': 500,
  '3001': 409,
  '3002': 502,
  '3003': 400,
  '3004': 502,
  '4000': 502,
  '4001': 401,
  '4002': 400,
  '4003': 501,
  '4004': 400,
  '4005': 500,
  '4006': 503,
  '4007': 403,
  '4008': 403,
} as const satisfies Record<SmsglobalCode, number>

/** The MM7 door of this dialect. */
export const smsglobalMm7: Mm7Profile = {
  path: 'smsglobal',
  // 5.3.0 is documented for the service behind it; 6.8.0 is accepted too and answered in kind.
  versions: sinchVersions,
  defaultVersion: '5.3.0',
  operations: ['SubmitReq', 'CancelReq', 'ReplaceReq'],
  checkOrder: smsglobalCheckOrder,
  // Nothing printed speaks against a chunked body.
  contentLengthRequired: false,
  // 300 KB of content is documented for the sister service; carriers behind it take up to 2 MB.
  requestBytesMax: 4 * 1024 * 1024,
  recipientsMax: 1,
  // Not documented; ours.
  subjectCharactersMax: 255,
  // Not documented; Sinch's three days.
  defaultValidityMs: 259_200_000,
  // 3GPP: a report is sent when the request asks for it.
  reportsAlways: false,
  successText: 'Success',
  reports: smsglobalReports,
  // Not documented; the same plan as Sinch.
  postback: sinchPostback,
  faces: smsglobalFaces,
  nativeHttpStatus,
}
