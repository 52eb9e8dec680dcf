/**
 * Why something did not simply succeed, in words no dialect owns. A reason is finer than an outcome
 * class and coarser than a carrier's text; each dialect gives it a face (its own code), and whether
 * an attempt is worth repeating is written here and nowhere else.
 */
import type { OutcomeClass } from './outcome-class.ts'

/** What the gateway does with an attempt that ended for this reason. */
export type Handling =
  /** The same message would fail the same way: end the delivery. */
  | 'final'
  /** Try again within the retry plan of the route. */
  | 'retry'
  /** The bytes may have arrived: repeat only where the route says the peer drops duplicates. */
  | 'ambiguous'

/** One reason: its outcome class, what the engine does about it, and what it says in English. */
export interface ReasonRow {
  readonly class: OutcomeClass
  readonly handling: Handling
  readonly text: string
}

type Row = readonly [OutcomeClass, Handling, string]

// biome-ignore format: a table
const ROWS = {
  // What arrives: the request itself
  'protocol-refused':               ['unauthenticated', 'final', 'protocol or method not allowed on this door'],
  'address-not-allowed':            ['unauthenticated', 'final', 'the client address is not on the allow list'],
  'http-headers-invalid':           ['malformed', 'final', 'Content-Length or Content-Type absent or invalid'],
  'request-too-large':              ['too-large', 'final', 'the request is larger than the account allows'],
  'request-unreadable':             ['malformed', 'final', 'MIME or XML cannot be read'],
  'root-part-type-invalid':         ['malformed', 'final', 'the envelope part has a wrong or unreadable Content-Type'],
  'namespace-unknown':              ['malformed', 'final', 'a namespace is none that is known'],
  'namespace-unsupported':          ['unsupported', 'final', 'a namespace is not one of this version'],
  'soap-header-invalid':            ['malformed', 'final', 'SOAP header absent or not one TransactionID'],
  'soap-body-invalid':              ['malformed', 'final', 'SOAP body absent, empty or more than one operation'],
  'operation-unknown':              ['unsupported', 'final', 'the SOAP body holds an element of no known operation'],
  'operation-unsupported':          ['unsupported', 'final', 'the operation is not offered'],
  'version-missing':                ['missing-field', 'final', 'no protocol version'],
  'version-unsupported':            ['unsupported', 'final', 'the protocol version is not supported'],
  // Who sends it
  'sender-identification-missing':  ['unauthenticated', 'final', 'no sender identification'],
  'vaspid-unknown':                 ['unauthenticated', 'final', 'VASPID absent or unknown'],
  'credentials-invalid':            ['unauthenticated', 'final', 'user name or password wrong or absent'],
  'identity-mismatch':              ['unauthenticated', 'final', 'the login may not speak for the domain it sends from'],
  'account-disabled':               ['account-suspended', 'final', 'the account is disabled'],
  'api-not-enabled':                ['not-provisioned', 'final', 'the account may not use this interface'],
  'call-rate-exceeded':             ['rate-limited', 'final', 'more requests than the account may make'],
  'vasid-unknown':                  ['not-found', 'final', 'VASID absent or unknown for the account'],
  'sender-missing':                 ['missing-field', 'final', 'no sender address'],
  'sender-not-provisioned':         ['invalid-sender', 'final', 'sender address malformed or not provisioned'],
  'service-misconfigured':          ['not-provisioned', 'final', 'the service has no working carrier binding'],
  'application-unknown':            ['not-found', 'final', 'the application is not registered, or not for the account'],
  'sender-malformed':               ['invalid-sender', 'final', 'the sender is no valid address'],
  'sender-unallocated':             ['invalid-sender', 'final', 'the sender is not an active number of the inventory'],
  'sender-account-missing':         ['not-provisioned', 'final', 'the sender’s number leads to no account'],
  'fails-always':                   ['refused', 'final', 'the sender’s number is set to fail every message'],
  'short-code-forbidden':           ['not-provisioned', 'final', 'the account has no short code service'],
  'toll-free-forbidden':            ['not-provisioned', 'final', 'toll-free numbers are not enabled for this'],
  'country-forbidden':              ['not-provisioned', 'final', 'the account may not send to this country'],
  // Whom it is for
  'recipient-missing':              ['missing-field', 'final', 'no recipient address'],
  'recipients-too-many':            ['too-many', 'final', 'more recipients than allowed'],
  'recipient-invalid':              ['invalid-recipient', 'final', 'the recipient address is not valid'],
  'recipient-blocked':              ['opted-out', 'final', 'the recipient is on the block list'],
  'recipient-forbidden':            ['unknown-recipient', 'final', 'the recipient’s number is reserved or not enabled'],
  'recipient-unallocated':          ['unknown-recipient', 'final', 'no carrier is assigned to the recipient’s number'],
  'recipient-account-missing':      ['unknown-recipient', 'final', 'the recipient’s number leads to no account'],
  'recipient-incapable':            ['incapable', 'final', 'the recipient’s line takes no such message'],
  'emergency-number':               ['invalid-recipient', 'final', 'emergency services take no messages here'],
  // What it asks for
  'reply-charging-unsupported':     ['unsupported', 'final', 'reply charging is not offered'],
  'charged-party-unsupported':      ['unsupported', 'final', 'choosing the charged party is not offered'],
  'read-reply-not-enabled':         ['forbidden', 'final', 'the account may not ask for read replies'],
  'element-value-invalid':          ['invalid-field', 'final', 'an element has a value that is not allowed'],
  'carrier-id-invalid':             ['invalid-field', 'final', 'the carrier id is not known'],
  'carrier-id-missing':             ['missing-field', 'final', 'the account must name the carrier'],
  // What it refers to
  'linked-message-unknown':         ['not-found', 'final', 'LinkedID names no earlier message of the account'],
  'application-denied':             ['forbidden', 'final', 'the application has no permission or funds'],
  'reply-application-unknown':      ['not-found', 'final', 'ReplyApplicID names no registered application'],
  'message-id-missing':             ['missing-field', 'final', 'no id of the message that is meant'],
  'message-unknown':                ['not-found', 'final', 'the account has no message of this id'],
  'recipient-not-of-message':       ['not-found', 'final', 'the message does not have this recipient'],
  'no-longer-changeable':           ['wrong-state', 'final', 'the message has left the queue and cannot be changed'],
  // What it carries
  'content-missing':                ['missing-field', 'final', 'no content'],
  'attachment-unreadable':          ['media-broken', 'final', 'an attachment is absent, empty or cannot be decoded'],
  'attachment-type-invalid':        ['malformed', 'final', 'an attachment has no readable Content-Type'],
  'presentation-missing':           ['invalid-field', 'final', 'no SMIL part'],
  'content-too-large':              ['too-large', 'final', 'the content is larger than the limit'],
  'media-fetch-failed':             ['media-unavailable', 'final', 'content given by URL could not be fetched'],
  'text-undecodable':               ['malformed', 'final', 'a text does not decode in its charset'],
  'media-type-refused':             ['media-type-refused', 'final', 'a media type is not allowed or contradicts its bytes'],
  'spam-detected':                  ['policy-blocked', 'final', 'the content filter matched'],
  'header-invalid':                 ['malformed', 'final', 'a user data header is wrong'],
  'header-length-invalid':          ['malformed', 'final', 'a user data header is longer than its message'],
  'receipt-flag-invalid':           ['invalid-field', 'final', 'the flag that asks for receipts has a value not taken'],
  'concatenation-conflict':         ['malformed', 'final', 'a part contradicts the parts before it'],
  'concatenation-timeout':          ['malformed', 'final', 'not every part came in time'],
  // Looking the carrier up
  'carrier-unknown':                ['no-route', 'final', 'the carrier is not configured'],
  'no-destination':                 ['no-route', 'final', 'the next hop’s name leads nowhere'],
  'database-unavailable':           ['internal-error', 'retry', 'a directory that is needed gave no answer'],
  'policy-service-down':            ['internal-error', 'retry', 'a policy service that is needed gave no answer'],
  'carrier-lookup-failed':          ['downstream-error', 'final', 'the carrier look-up gave no answer'],
  'carrier-not-provisioned':        ['no-route', 'final', 'the account is not provisioned on that carrier'],
  // Ourselves
  'internal-error':                 ['internal-error', 'retry', 'an error inside the gateway'],
  'storage-full':                   ['busy', 'retry', 'the disk reserve is reached'],
  overloaded:                       ['busy', 'retry', 'more in flight than the gateway takes'],
  draining:                         ['busy', 'retry', 'the gateway is shutting down'],
  held:                             ['deferred', 'retry', 'kept back on purpose: paused, over its rate, or not yet due'],
  'route-unusable':                 ['link-down', 'retry', 'no route can be used just now'],
  'too-many-hops':                  ['no-route', 'final', 'it came through too many hands'],
  'window-full':                    ['busy', 'retry', 'as much is under way to the next hop as may be'],
  'session-gone':                   ['link-down', 'retry', 'the session it came by is gone'],
  'no-route':                       ['no-route', 'final', 'no route to the recipient'],
  'loop-detected':                  ['no-route', 'final', 'the message came back'],
  expired:                          ['expired', 'final', 'the validity period is over'],
  cancelled:                        ['cancelled', 'final', 'withdrawn by the client'],
  'retries-exhausted':              ['expired', 'final', 'every permitted attempt was used'],
  'attempt-lost':                   ['timeout', 'ambiguous', 'the gateway stopped in the middle of the attempt'],
  'poison-message':                 ['internal-error', 'final', 'handling this message failed again and again'],
  // What the next party answered
  'link-down':                      ['link-down', 'retry', 'no connection to the next hop'],
  'link-closed':                    ['link-down', 'retry', 'the next hop closed the connection before taking the message'],
  'link-refused':                   ['link-down', 'retry', 'the next hop refuses our identity on this link'],
  'carrier-busy':                   ['busy', 'retry', 'the carrier is full or throttles'],
  'carrier-error':                  ['downstream-error', 'retry', 'an error inside the carrier'],
  'carrier-timeout':                ['timeout', 'ambiguous', 'the carrier did not answer in time'],
  'carrier-refused':                ['refused', 'final', 'the carrier refused without a reason'],
  'carrier-failed':                 ['refused', 'final', 'the carrier failed at it and does not say why'],
  'carrier-version-unsupported':    ['unsupported', 'final', 'the carrier does not speak this protocol version'],
  'carrier-operation-unsupported':  ['unsupported', 'final', 'the carrier does not support the operation or format'],
  'carrier-denied':                 ['forbidden', 'final', 'the carrier denies service for this recipient'],
  'content-refused':                ['policy-blocked', 'final', 'the carrier refuses the content'],
  'spam-refused':                   ['policy-blocked', 'final', 'the carrier calls it spam'],
  'too-large-for-carrier':          ['too-large', 'final', 'the content is larger than the carrier takes'],
  'coding-refused':                 ['media-type-refused', 'final', 'the carrier does not take this alphabet or kind of octets'],
  'sender-unregistered':            ['not-provisioned', 'final', 'the sender is not registered for such traffic'],
  'malformed-for-carrier':          ['invalid-field', 'final', 'the carrier calls the message malformed'],
  'recipient-unknown':              ['unknown-recipient', 'final', 'the carrier does not know the recipient'],
  'recipient-opted-out':            ['opted-out', 'final', 'the recipient opted out at the carrier'],
  'sender-refused':                 ['invalid-sender', 'final', 'the carrier refuses the sender'],
  'unrecognised-response':          ['unknown', 'final', 'the answer has no mapping'],
  // What the far end reported
  'recipient-rejected':             ['refused', 'final', 'rejected by the recipient or its network'],
  'recipient-unreachable':          ['unreachable', 'final', 'the handset could not be reached'],
  'application-unsupported':        ['incapable', 'final', 'the handset takes no data for applications'],
  'recipient-full':                 ['recipient-full', 'final', 'the handset has no room for it'],
  'recipient-without-credit':       ['recipient-full', 'final', 'the recipient has no credit left'],
  'handset-unregistered':           ['unknown-recipient', 'final', 'the handset is barred or not registered'],
  'deleted-by-carrier':             ['cancelled', 'final', 'the carrier threw it away'],
  'handset-incapable':              ['incapable', 'final', 'the handset did not understand the message'],
  'expired-at-carrier':             ['expired', 'final', 'never fetched before the carrier gave up'],
  indeterminate:                    ['unknown', 'final', 'the far end does not know what became of it'],
  'response-missing':               ['timeout', 'ambiguous', 'the next hop took the bytes and never answered the request'],
  'report-missing':                 ['report-missing', 'final', 'no report came inside the window'],
  // Towards the client
  'client-unreachable':             ['link-down', 'retry', 'the client could not be reached'],
  'client-timeout':                 ['timeout', 'retry', 'the client did not answer in time'],
  'client-refused':                 ['refused', 'retry', 'the client answered with an error'],
} as const satisfies Record<string, Row>

/** Name of a reason. */
export type Reason = keyof typeof ROWS

/** Every reason with its class, handling and text. */
export const REASONS: Readonly<Record<Reason, ReasonRow>> = Object.fromEntries(
  Object.entries(ROWS).map(([name, [klass, handling, text]]) => [
    name,
    { class: klass, handling, text },
  ]),
) as Record<Reason, ReasonRow>

/** Narrows a string read from storage or the wire. */
export function isReason(text: string): text is Reason {
  return Object.hasOwn(ROWS, text)
}
