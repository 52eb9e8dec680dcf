/**
 * Sinch's MM7 service on the wire: versions, order of checks, limits, report words, retry plan.
 * What its documents leave open is chosen here and said so.
 */
import type { CheckName } from '../../core/checks/index.ts'
import type {
  ElementUse,
  Mm7Profile,
  OptionalElement,
  PostbackPlan,
  ReportedResult,
  ReportFace,
} from '../../core/code-row.ts'
import type { Reason } from '../../core/reason.ts'
import type { SinchCode } from './codes.ts'

const release5 = [0, 1, 2, 3, 4, 5].map((minor) => `REL-5-MM7-1-${minor}`)
const release6 = [0, 1, 2, 3, 4].map((minor) => `REL-6-MM7-1-${minor}`)

/** Version and schema pairs the service documents. */
export const sinchVersions = [
  { version: '5.3.0', namespaces: [...release5, ...release6] },
  { version: '6.8.0', namespaces: ['REL-6-MM7-1-4'] },
]

/** Identity before account state, presence before count before syntax, cheap before expensive. */
export const sinchCheckOrder = [
  'version',
  'version-namespace',
  'sender-identification',
  'vaspid',
  'client-address',
  'credentials',
  'account-enabled',
  'api-enabled',
  'call-rate',
  'vasid',
  'sender-present',
  'sender-provisioned',
  'service-live',
  'recipient-present',
  'recipient-count',
  'recipient-number',
  'reply-charging',
  'charged-party',
  'element-values',
  'content-present',
  'content-readable',
  'content-types',
  'presentation',
  'content-size',
  'carrier-id-known',
  'carrier-id-present',
  'recipient-blocked',
] as const satisfies readonly CheckName[]

/**
 * `Forwarded` is interim here: the carrier took the message. So a delivery whose last evidence is
 * "passed on" ends as `Indeterminate`, or its client would wait for an end that never comes.
 */
export const sinchReports = {
  'handed-to-network': { status: 'Forwarded', text: 'Forwarded' },
  deferred: { status: 'Deferred', text: 'Deferred' },
  delivered: { status: 'Retrieved', text: 'Success' },
  forwarded: { status: 'Indeterminate', text: 'Indeterminate' },
  expired: { status: 'Expired', text: 'Expired' },
  rejected: { status: 'Rejected', text: 'Rejected' },
  unknown: { status: 'Indeterminate', text: 'Indeterminate' },
  incapable: { status: 'Unrecognized', text: 'Unrecognized' },
  unsupported: { status: 'NotSupported', text: 'NotSupported' },
  unreachable: { status: 'Unreachable', text: 'Unreachable' },
} as const satisfies Record<ReportedResult, ReportFace>

/** Documented: 10 s to connect and to answer, then five repeats, five minutes apart. */
export const sinchPostback: PostbackPlan = {
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 10_000,
  attemptsMax: 6,
  delayMs: 300_000,
  perSecond: 1,
}

/** Documented, element by element; displayOnly is not in this revision. */
export const sinchElements = {
  linkedId: 'stripped',
  replyCharging: 'refused',
  earliestDeliveryTime: 'stripped',
  readReply: 'stripped',
  chargedParty: 'refused',
  distributionIndicator: 'stripped',
  deliveryCondition: 'stripped',
  application: 'stripped',
  contentClass: 'stripped',
  drmContent: 'stripped',
  displayOnly: 'stripped',
} as const satisfies Record<OptionalElement, ElementUse>

/** One code for each reason that can reach this door, at submit or in a verbose report. */
export const sinchFaces = {
  'protocol-refused': '2000',
  'address-not-allowed': '2000',
  'http-headers-invalid': '2500',
  'request-too-large': '2560',
  'request-unreadable': '2007',
  'root-part-type-invalid': '2515',
  'namespace-unknown': '2507',
  'namespace-unsupported': '2507',
  'soap-header-invalid': '2510',
  'soap-body-invalid': '2511',
  'operation-unknown': '2511',
  'operation-unsupported': '2512',
  'version-missing': '2505',
  'version-unsupported': '2505',
  'sender-identification-missing': '2561',
  'vaspid-unknown': '2564',
  'credentials-invalid': '2568',
  'account-disabled': '2550',
  'api-not-enabled': '2551',
  'call-rate-exceeded': '3510',
  'vasid-unknown': '2562',
  'sender-missing': '2504',
  'sender-not-provisioned': '2563',
  'service-misconfigured': '3520',
  'recipient-missing': '2502',
  'recipients-too-many': '2503',
  'recipient-invalid': '2002',
  'recipient-blocked': '3001',
  'reply-charging-unsupported': '2565',
  'charged-party-unsupported': '3002',
  'element-value-invalid': '4004',
  'carrier-id-invalid': '2566',
  'carrier-id-missing': '2567',
  'content-missing': '2506',
  'attachment-unreadable': '2513',
  'attachment-type-invalid': '2514',
  'presentation-missing': '4004',
  'content-too-large': '2560',
  'media-fetch-failed': '3003',
  // This table has neither 2569 nor 2570.
  'carrier-lookup-failed': '3000',
  'carrier-not-provisioned': '3520',
  'internal-error': '3000',
  'storage-full': '3000',
  overloaded: '3000',
  draining: '3000',
  'poison-message': '3000',
  'no-route': '3520',
  'loop-detected': '3520',
  expired: '3500',
  'retries-exhausted': '4006',
  'attempt-lost': '3500',
  'link-down': '3500',
  'link-closed': '3500',
  'link-refused': '3500',
  'carrier-busy': '4006',
  'carrier-error': '4006',
  'carrier-timeout': '3500',
  'response-missing': '3500',
  'carrier-refused': '4000',
  'carrier-version-unsupported': '4002',
  'carrier-operation-unsupported': '4003',
  'carrier-denied': '4007',
  'content-refused': '2004',
  'spam-refused': '2004',
  'too-large-for-carrier': '2004',
  'malformed-for-carrier': '4004',
  'recipient-unknown': '4007',
  'recipient-opted-out': '4007',
  'sender-refused': '2563',
  'unrecognised-response': '4000',
  'recipient-rejected': '4000',
  'recipient-unreachable': '3500',
  'handset-incapable': '4003',
  'application-unsupported': '4003',
  'expired-at-carrier': '3500',
  indeterminate: '4000',
  'report-missing': '4000',
} as const satisfies Partial<Record<Reason, SinchCode>>

/** HTTP statuses for accounts that ask for native ones; where two fit, the plainer one. */
export const sinchNativeHttpStatus = {
  '1000': 200,
  '2000': 403,
  '2002': 400,
  '2004': 502,
  '2007': 400,
  '2500': 400,
  '2502': 400,
  '2503': 400,
  '2504': 400,
  '2505': 400,
  '2506': 400,
  '2507': 400,
  '2510': 400,
  '2511': 400,
  '2512': 501,
  '2513': 400,
  '2514': 400,
  '2515': 400,
  '2550': 403,
  '2551': 403,
  '2560': 413,
  '2561': 400,
  '2562': 403,
  '2563': 403,
  '2564': 401,
  '2565': 400,
  '2566': 400,
  '2567': 400,
  '2568': 401,
  '3000': 503,
  '3001': 403,
  '3002': 400,
  '3003': 502,
  '3500': 504,
  '3510': 429,
  '3520': 503,
  '4000': 502,
  '4002': 502,
  '4003': 502,
  '4004': 400,
  '4006': 503,
  '4007': 403,
} as const satisfies Record<SinchCode, number>

/** The MM7 door of this dialect. */
export const sinchMm7: Mm7Profile = {
  path: 'sinch',
  versions: sinchVersions,
  defaultVersion: '6.8.0',
  operations: ['SubmitReq'],
  checkOrder: sinchCheckOrder,
  contentLengthRequired: true,
  // Not documented; 200 lets every known client read the code.
  faultStatus: '200',
  // Documented for media given by URL: a chunked answer is refused.
  mediaLengthRequired: true,
  // Not documented for MM7. The sister service takes 10 MB of video; base64 and an envelope on top.
  requestBytesMax: 15 * 1024 * 1024,
  recipientsMax: 1,
  elements: sinchElements,
  // 80 is the documented advice, not a limit; this one is ours.
  subjectCharactersMax: 255,
  carrierIdHeader: 'X-Mblox-Carrier-Id',
  // As its samples have it, in reports and in messages alike.
  shortCodeElement: 'Number',
  // Documented: three days.
  defaultValidityMs: 259_200_000,
  reportsAlways: true,
  successText: 'Successfully parsed and validated request',
  reports: sinchReports,
  postback: sinchPostback,
  nativeHttpStatus: sinchNativeHttpStatus,
}
