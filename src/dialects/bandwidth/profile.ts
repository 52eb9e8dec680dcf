/**
 * Bandwidth's MM4 door: the order of its checks, and which status words go with each of its codes.
 * The order and the words are inferred; only the codes and where they travel are printed.
 */
import type { Mm4Profile, Mm4RequestStatus, Mm4StatusFace } from '../../core/code-row.ts'
import type { BandwidthCode } from './codes.ts'

/** By stage: parse, account, addressing, provisioning, content, policy, route; by number inside. */
const policyOrder = [
  'hops',
  'service-enabled',
  'application',
  'sender-form',
  'recipient-form',
  'loop',
  'group-size',
  'emergency',
  'sender-fails',
  'sender-owned',
  'recipient-allowed',
  'sender-in-inventory',
  'sender-account',
  'recipient-account',
  'recipient-profile',
  'short-code',
  'country',
  'toll-free',
  'encoding',
  'content-size',
  'media-type',
  'spam',
  'opt-out',
  'recipient-carrier',
] as const satisfies Mm4Profile['policyOrder']

const OWN: Mm4StatusFace = { status: 'Rejected' }
const CARRIERS: Mm4StatusFace = { status: 'Rejected', extension: 'Rejection-by-other-RS' }
const LATER: Mm4StatusFace = { status: 'Deferred' }

/** One row: what a response says and what a report says. */
type Row = readonly [Mm4RequestStatus, Mm4StatusFace]

const TRANSIENT: Row = ['Error-network-problem', LATER]
const MALFORMED: Row = ['Error-message-format-corrupt', OWN]
const UNRESOLVED: Row = ['Error-sending-address-unresolved', OWN]
const DENIED: Row = ['Error-service-denied', OWN]
const CONTENT: Row = ['Error-content-not-accepted', OWN]
const FAILED: Row = ['Error-unspecified', OWN]
const REFUSED: Row = ['Error-unspecified', CARRIERS]

// biome-ignore format: a table
const ROWS: Readonly<Record<BandwidthCode, Row>> = {
  '1': DENIED,
  '2': ['Ok', LATER],
  '100': TRANSIENT, '101': TRANSIENT, '111': TRANSIENT, '112': TRANSIENT, '113': TRANSIENT,
  '114': TRANSIENT, '115': TRANSIENT, '116': TRANSIENT, '130': TRANSIENT, '140': TRANSIENT,
  '141': TRANSIENT, '150': TRANSIENT,
  '201': ['Error-network-problem', { status: 'Expired' }],
  '211': TRANSIENT, '220': TRANSIENT,
  '231': MALFORMED, '242': MALFORMED,
  '301': MALFORMED, '302': UNRESOLVED, '303': UNRESOLVED,
  '304': MALFORMED, '305': MALFORMED, '306': MALFORMED, '350': MALFORMED,
  '352': CONTENT,
  '401': DENIED, '402': DENIED, '403': DENIED,
  '404': UNRESOLVED, '405': DENIED, '406': UNRESOLVED, '407': DENIED, '408': UNRESOLVED, '409': DENIED,
  '410': CONTENT, '411': CONTENT, '412': CONTENT,
  '420': DENIED, '421': DENIED, '431': DENIED, '432': DENIED, '433': DENIED,
  '435': CONTENT,
  '451': DENIED, '452': DENIED,
  '470': CONTENT,
  '475': DENIED, '492': DENIED,
  '500': FAILED, '600': FAILED, '620': FAILED, '650': FAILED,
  '700': ['Error-unsupported-message', { status: 'Unrecognised' }],
  '712': REFUSED,
  '720': ['Error-sending-address-unresolved', CARRIERS],
  '740': REFUSED, '750': REFUSED, '770': REFUSED, '775': REFUSED,
  '902': ['Error-unspecified', { status: 'Indeterminate' }],
  '999': FAILED,
}

function column<Value>(pick: (row: Row) => Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(ROWS).map(([code, row]) => [code, pick(row)]))
}

/** The door as data. */
export const bandwidthMm4: Mm4Profile = {
  policyOrder,
  codeHeader: 'X-Internal-Status-Code',
  delivered: { code: '0', text: 'delivered' },
  requestStatus: column(([request]) => request),
  mmStatus: column(([, report]) => report),
  interimFaces: { 'carrier-busy': '115', 'carrier-error': '115' },
  exhaustedFaces: {
    'carrier-busy': { code: '600' },
    'carrier-error': { code: '620', steady: true },
  },
}
