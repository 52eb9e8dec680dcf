/**
 * SMSGlobal's MM7 service on the wire. Its article lists codes and little else: what stands here is
 * 3GPP's meaning of the numbers, and where that is silent too, our choice, said so.
 */
import type { CheckName } from '../../core/checks/index.ts'
import type {
  ElementUse,
  Mm7Profile,
  OptionalElement,
  ReportedResult,
  ReportFace,
} from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import { sinchPostback, sinchVersions } from '../sinch/profile.ts'
import type { SmsglobalCode } from './codes.ts'

/**
 * What must be there comes first, since one code (4004) says all of it and strangers learn nothing
 * by it; then version, identity, what the account may do, whom and what the request names, values,
 * content. Load comes last.
 */
export const smsglobalCheckOrder = [
  // 4004
  'version-present',
  'recipient-present',
  'content-present',
  'sender-present',
  'message-id-present',
  // 4002
  'version',
  'version-namespace',
  // 4001
  'sender-identification',
  'vaspid',
  'vasid',
  // 2008
  'credentials',
  // 2001
  'client-address',
  'api-enabled',
  'sender-provisioned',
  'reply-charging',
  'read-reply',
  // 4007
  'account-enabled',
  'service-live',
  'recipient-blocked',
  // 4008
  'application',
  // 3003, 2002
  'recipient-count',
  'recipient-address',
  // 2006, 2009
  'linked-message',
  'reply-application',
  // 2007
  'element-values',
  // 2004
  'content-readable',
  'content-types',
  'content-size',
  // 4006
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

/** Only reply charging is not served; whoever pays, the request is taken. */
export const smsglobalElements = {
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

/** One code for each reason that can reach this door, at submit or in a verbose report. */
export const smsglobalFaces = {
  'protocol-refused': '2000',
  'address-not-allowed': '2001',
  'http-headers-invalid': '4004',
  'request-too-large': '2004',
  'request-unreadable': '4004',
  'root-part-type-invalid': '4004',
  'namespace-unknown': '4004',
  'namespace-unsupported': '4002',
  'soap-header-invalid': '4004',
  'soap-body-invalid': '4004',
  'operation-unknown': '4003',
  'operation-unsupported': '4003',
  'version-missing': '4004',
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
  'read-reply-not-enabled': '2001',
  'linked-message-unknown': '2006',
  // 2008 is about credentials here; an application nobody registered has no permission either.
  'application-unknown': '4008',
  'application-denied': '4008',
  'reply-application-unknown': '2009',
  'message-id-missing': '4004',
  'message-unknown': '2005',
  'recipient-not-of-message': '2003',
  'no-longer-changeable': '3001',
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
  'application-unsupported': '3004',
  'expired-at-carrier': '4006',
  indeterminate: '4000',
  'report-missing': '4000',
} as const satisfies Partial<Record<Reason, SmsglobalCode>>

/** HTTP statuses for accounts that ask for native ones; where two fit, the plainer one. */
export const smsglobalNativeHttpStatus = {
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
  // HTTP 200 lets every known client read the code.
  faultStatus: '200',
  mediaLengthRequired: false,
  // 300 KB of content is documented for the sister service; carriers behind it take up to 2 MB.
  requestBytesMax: 4 * 1024 * 1024,
  // Several are not supported at present, says the source; an account may be granted them.
  recipientsMax: 1,
  partialCode: '1100',
  elements: smsglobalElements,
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
  nativeHttpStatus: smsglobalNativeHttpStatus,
}
