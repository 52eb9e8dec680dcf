/**
 * Sinch's MM7 status codes: `text` and `details` exactly as its table prints them, misprints
 * included; every other sentence is ours.
 */
import type { CodeRow } from '../../core/code-row.ts'

const atTheCarrier = 'the carrier decided it, not the request at the door'

/** The 42 rows of the MM7 service, in the order of the numbers. */
export const sinchCodes = [
  {
    code: '1000',
    text: 'Success',
    details: 'Successfully parsed and validated request.',
    class: 'accepted',
    meaning:
      'The request passed every check, is stored, and has a MessageID; nothing is delivered yet.',
    action: 'Keep the MessageID and wait for the delivery report.',
  },
  {
    code: '2000',
    text: 'Client error',
    details: 'Invalid IP Address or Protocol',
    class: 'unauthenticated',
    meaning:
      'The caller may not use this door as it did: wrong client address, no TLS, or not a POST.',
    action: 'Use HTTPS and POST, and have your outgoing address put on the allow list.',
    causes: [
      'the client address is not on the account’s allow list',
      'plain HTTP where TLS is demanded',
      'a method other than POST',
    ],
    marks: ['several-causes'],
    note: 'In 3GPP this number means any invalid request.',
  },
  {
    code: '2002',
    text: 'Address Error',
    details: 'Invalid Address',
    class: 'invalid-recipient',
    meaning: 'The recipient is there but is not a phone number of 7 to 15 international digits.',
    action:
      'Send digits with the country code, without plus or leading zeros, in a Number element.',
    causes: [
      'national format or a leading zero',
      'too few or too many digits',
      'an e-mail address or a short code',
    ],
    marks: ['several-causes'],
    note: 'The source does not say which address; a bad sender address is 2563.',
  },
  {
    code: '2004',
    text: 'Multimedia refused',
    details: 'Carrier refuses content',
    class: 'policy-blocked',
    override: { stage: 'network', because: atTheCarrier },
    meaning:
      'The carrier took the message and then refused what is in it: a type, a size or a rule of its own.',
    action: 'Change or shrink the media for this carrier and send a new message.',
    causes: [
      'a media type the carrier does not carry',
      'more bytes than the carrier allows',
      'its content rules or filters',
    ],
    marks: ['several-causes'],
    candidates: ['media-type-refused', 'too-large'],
    note: 'The carrier refuses, but only the sender can change the content, so the sender must act.',
  },
  {
    code: '2007',
    text: 'Unable to parse request',
    details: 'Message format corrupt',
    class: 'malformed',
    meaning: 'The body cannot be read at all: broken MIME framing or XML that is not well formed.',
    action:
      'Look at the bytes you sent: boundary, closing delimiter, charset, escaping of & and <.',
    causes: [
      '& or < written unescaped',
      'MIME boundary absent or cut short',
      'bytes that do not fit the declared charset',
    ],
    note: '3GPP calls 2007 a bad element value; here that is 4004.',
  },
  {
    code: '2500',
    text: 'Missing or Invalid HTTP header Content-Length or Content-Type',
    details: 'Ensure the HTTP Content-Length and Content Type header are included and valid.',
    class: 'malformed',
    meaning:
      'The HTTP headers do not describe the body: no usable Content-Length, or an unusable Content-Type.',
    action:
      'Send a Content-Length (not chunked) and multipart/related with a boundary, or text/xml.',
    causes: [
      'chunked transfer',
      'multipart/related without a boundary',
      'another media type or content coding',
    ],
  },
  {
    code: '2502',
    text: 'Missing destination address',
    details: 'Ensure the recipient is specified correctly for the MM7 version that is used.',
    class: 'missing-field',
    meaning:
      'No recipient can be found: Recipients, To or the Number inside it is absent or empty.',
    action: 'Put one Number in Recipients/To, in the form of your MM7 version.',
    causes: ['bare text instead of a Number element', 'an empty element'],
  },
  {
    code: '2503',
    text: 'Multiple destination addresses not supported',
    details: 'Multiple recipients not supported. Instead, create multiple messages',
    class: 'too-many',
    meaning:
      'The request names more than one recipient over To, Cc and Bcc together; one is allowed.',
    action: 'Send one request for each recipient.',
  },
  {
    code: '2504',
    text: 'Missing source address',
    details: 'Ensure source address is specified correctly for the MM7 version that is used',
    class: 'missing-field',
    meaning:
      'The sender address is absent or empty, or stands as bare text where an element is required.',
    action: 'Put your short code or number into SenderAddress, in the form of your MM7 version.',
  },
  {
    code: '2505',
    text: 'Missing or unsupported MM7 Version',
    details:
      'Ensure specified MM7 version is on the list of supported versions, and is in the format x.y.z',
    class: 'unsupported',
    meaning:
      'MM7Version is absent, is not written as three numbers, or is a release this service does not speak.',
    action: 'Send MM7Version 5.3.0 or 6.8.0.',
    marks: ['several-causes'],
    candidates: ['missing-field'],
  },
  {
    code: '2506',
    text: 'Missing XML element - Content',
    details: 'Ensure the Content element is included in the SubmitRequest.',
    class: 'missing-field',
    meaning:
      'SubmitReq has no Content element, so there is nothing that points to the message body.',
    action: 'Add Content with an href that names the message part, for example cid:message.',
    note: 'Printed with a hyphen; the Skycore table prints a dash here.',
  },
  {
    code: '2507',
    text: 'Unsupported namespace',
    details: 'Ensure that all the namespaces specified are on the list of supported namespaces.',
    class: 'unsupported',
    meaning:
      'An XML namespace is not SOAP 1.1, not a known MM7 schema, or does not go with the MM7Version sent.',
    action: 'Use the namespace that belongs to your MM7Version, letter by letter.',
    causes: [
      'a schema of another release',
      'blanks, https or .xsd in the namespace',
      'a SOAP 1.2 envelope',
    ],
  },
  {
    code: '2510',
    text: 'Missing or Invalid SOAP header',
    details: 'Ensure the SOAP envelope contains a SOAP header with only the TransactionID element',
    class: 'malformed',
    meaning:
      'The SOAP header is absent, empty, or holds anything besides one filled TransactionID.',
    action: 'Send exactly one TransactionID in the SOAP header and nothing else.',
  },
  {
    code: '2511',
    text: 'Missing or Invalid SOAP body',
    details: 'Ensure the SOAP envelope contains a SOAP body with the SubmitReq',
    class: 'malformed',
    meaning: 'The SOAP body is absent or empty, or what it holds is not one MM7 operation.',
    action: 'Put one SubmitReq into the SOAP body.',
  },
  {
    code: '2512',
    text: 'Unsupported operation',
    details: 'SubmitReq is the only supported operation',
    class: 'unsupported',
    meaning:
      'The SOAP body holds an MM7 operation that this service does not offer, such as a cancel or replace.',
    action: 'Use SubmitReq only; a message already sent cannot be taken back here.',
  },
  {
    code: '2513',
    text: 'Unable to parse attachment',
    details: 'Ensure your attachment is specified, and encoded properly',
    class: 'media-broken',
    meaning:
      'The part that Content points to is not there, is empty, or its transfer coding cannot be decoded.',
    action: 'Match the href to a Content-ID and check the base64 or nested multipart of that part.',
    causes: ['href and Content-ID differ', 'broken base64', 'a nested multipart without parts'],
  },
  {
    code: '2514',
    text: 'Invalid SOAP attachment header Content-Type',
    details: 'Ensure the Content-Type headers of all the attachments are formatted properly',
    class: 'malformed',
    meaning: 'A media part has no Content-Type, or one that does not read as type/subtype.',
    action: 'Give every part a Content-Type, for example image/jpeg.',
  },
  {
    code: '2515',
    text: 'Invalid SOAP body part Content-Type',
    details:
      'Ensure the Content-Type header of the SOAP body part, aka the SOAP envelope part, is formatted properly',
    class: 'malformed',
    meaning:
      'The MIME part that holds the SOAP envelope has a Content-Type that is absent, unreadable or not XML.',
    action: 'Label the envelope part text/xml; charset=utf-8.',
  },
  {
    code: '2550',
    text: 'Account disabled',
    details: 'Your account is no longer provisioned for MMS',
    class: 'account-suspended',
    meaning:
      'The account is known and the credentials are right, but it has been switched off for MMS.',
    action: 'Ask your account manager to switch the account on again.',
  },
  {
    code: '2551',
    text: 'Account not Provisioned for MM7',
    details: 'Your account is not provisioned for MM7 API',
    class: 'not-provisioned',
    meaning: 'The account is live, but the MM7 interface is not part of what it may use.',
    action: 'Ask your account manager to enable MM7, or use an interface you have.',
  },
  {
    code: '2560',
    text: 'Content length exceeded maximum supported request size',
    details: 'Reduce the size of the content you are sending.',
    class: 'too-large',
    meaning:
      'The request, or its content once decoded, is larger than the account or the service takes.',
    action: 'Make the media smaller; base64 adds about 37 % to its size.',
  },
  {
    code: '2561',
    text: 'Invalid sender identification',
    details: 'Sender identification invalid or missing.',
    class: 'unauthenticated',
    meaning: 'SenderIdentification is absent, or present without VASPID, VASID and sender address.',
    action: 'Send SenderIdentification with VASPID, VASID and SenderAddress.',
  },
  {
    code: '2562',
    text: 'Invalid VASID',
    details: 'The VASID is your ServiceID',
    class: 'not-found',
    meaning:
      'The VASID names no service of this account, or is absent although its short codes are shared.',
    action: 'Send the service id that belongs to your sender as VASID.',
  },
  {
    code: '2563',
    text: 'Invalid source address',
    details: 'The Shortcode may be incorrect or not provisioned',
    class: 'invalid-sender',
    meaning: 'The sender address is malformed, or it is not set up for this account and service.',
    action: 'Check the short code; if it is right, have it provisioned for this service.',
    causes: ['the short code is not provisioned for the service', 'a typing error'],
    marks: ['several-causes'],
    candidates: ['not-provisioned'],
  },
  {
    code: '2564',
    text: 'Invalid VASPID',
    details: 'The VASPID is your API Key',
    class: 'unauthenticated',
    meaning: 'The VASPID, which is the API key here, is absent, unknown or revoked.',
    action: 'Send a valid API key as VASPID.',
  },
  {
    code: '2565',
    text: 'Message rejected, reply charging not supported',
    details: 'Message rejected, reply charging not supported',
    class: 'unsupported',
    meaning:
      'The request asks to pay for the recipient’s reply (ReplyCharging), which is not offered.',
    action: 'Remove the ReplyCharging element.',
  },
  {
    code: '2566',
    text: 'Invalid carrier',
    details: 'Invalid carrier ID.',
    class: 'invalid-field',
    meaning:
      'The carrier id header names a carrier that is not in the provider’s table, or is not digits.',
    action: 'Correct the carrier id, or leave the header out and let the provider look it up.',
  },
  {
    code: '2567',
    text: 'Missing carrier ID',
    details: 'Carrier ID is required to be passed',
    class: 'missing-field',
    meaning:
      'This account has no carrier look-up, so it must name the carrier of each message and did not.',
    action: 'Add the X-Mblox-Carrier-Id header, or have look-up enabled.',
  },
  {
    code: '2568',
    text: 'Unable to authenticate',
    details:
      'Ensure the HTTP username and password you have specified are correct and formatted properly within the Authorization header.',
    class: 'unauthenticated',
    meaning:
      'The account demands HTTP Basic, and user name or password are absent, unreadable or wrong.',
    action: 'Send Authorization: Basic with the right credentials on every request.',
  },
  {
    code: '3000',
    text: 'System error',
    details: 'Internal system/service error.',
    class: 'internal-error',
    meaning:
      'Something failed inside the service before the message was kept; the request itself may be fine.',
    action: 'Send the same request again later, with growing pauses.',
    causes: [
      'store or queue unavailable',
      'disk reserve reached',
      'overload or shutdown',
      'carrier look-up down',
    ],
  },
  {
    code: '3001',
    text: 'Number blacklisted',
    details: 'Phone number is blacklisted for receiving messages do not retry',
    class: 'opted-out',
    meaning:
      'The recipient is on the provider’s block list, by a STOP, a deactivation or a complaint.',
    action: 'Take the number off your list and never send it this again.',
    note: 'A 3xxx number, yet permanent: the class of the number would advise a retry.',
  },
  {
    code: '3002',
    text: 'Charged party not supported',
    details: 'Charged Party not supported',
    class: 'unsupported',
    meaning: 'The request chooses who pays (ChargedParty or ChargedPartyID), which is not offered.',
    action: 'Remove ChargedParty and ChargedPartyID.',
    note: 'A client fault under a 3xxx number: sending it unchanged fails again.',
  },
  {
    code: '3003',
    text: 'Multimedia download failed',
    details: 'Using URLs in the MM7 the fetch of content failed or took too long',
    class: 'media-unavailable',
    meaning: 'The content was given by URL, and the media server did not hand it over in time.',
    action: 'Make the URL answer 200 with a Content-Length quickly, then send again.',
    causes: ['the URL answers an error or nothing', 'no Content-Length', 'too slow or too large'],
  },
  {
    code: '3500',
    text: 'Timeout',
    details: 'Carrier gateway timeout',
    class: 'timeout',
    meaning:
      'The carrier’s gateway gave no answer in time; the message may have arrived all the same.',
    action: 'Wait for a report before you send again, or the recipient may get it twice.',
  },
  {
    code: '3510',
    text: 'Throughput exceeded',
    details: 'Throughput exceeded please retry later',
    class: 'rate-limited',
    meaning: 'The account made more API calls than its second, minute or day allows.',
    action: 'Slow down and repeat the request later; it was not kept.',
  },
  {
    code: '3520',
    text: 'Provisioning issue',
    details: 'Provisioning problem, please contact your account manager',
    class: 'not-provisioned',
    override: { party: 'provider', because: 'the carrier binding is the provider’s to mend' },
    meaning:
      'The sender is yours, but its service is half set up: no working binding to the carrier.',
    action: 'Report it to your account manager; sending again helps only after the repair.',
    note: 'A 3xxx number, yet permanent until somebody repairs the set-up.',
  },
  {
    code: '4000',
    text: 'General service error',
    details: 'Carrier rejects the message due to a general service error',
    class: 'refused',
    meaning: 'The carrier rejected the message and gave no reason that could be told apart.',
    action: 'Try once more or by another route; ask the provider if it repeats.',
    marks: ['catch-all'],
  },
  {
    code: '4002',
    text: 'Unsuported MM7 version',
    details: 'The carrier does not support this MM7 version',
    class: 'unsupported',
    override: {
      stage: 'handoff',
      party: 'provider',
      retry: 'switch',
      because: 'the version spoken towards the carrier is the provider’s choice, not the sender’s',
    },
    meaning:
      'The carrier does not speak the MM7 release in which the provider handed the message on.',
    action: 'Report it to the provider: the connection to that carrier needs another version.',
    note: 'Misprinted so in the source. About the carrier; your own version is 2505.',
  },
  {
    code: '4003',
    text: 'Unsupported operation',
    details: 'Carrier rejects the message due to unsupported operation or format',
    class: 'unsupported',
    override: { stage: 'handoff', party: 'carrier', retry: 'switch', because: atTheCarrier },
    meaning:
      'The carrier answered that it does not support the operation or the format handed to it.',
    action: 'Use another channel for this recipient, or ask the provider what this carrier takes.',
  },
  {
    code: '4004',
    text: 'Validation error',
    details: 'Validation error',
    class: 'invalid-field',
    meaning: 'An element has a value that is not allowed, or the message lacks its SMIL part.',
    action: 'Correct the element named in the details and send a new request.',
    causes: [
      'an illegal enumeration, date, duration or boolean',
      'a single element given twice',
      'no SMIL part',
      'the carrier’s own validation',
    ],
    marks: ['several-causes'],
    candidates: ['missing-field', 'malformed'],
    note: 'The source explains nothing. Decided: the request is at fault, as it is answered at the door.',
  },
  {
    code: '4006',
    text: 'Service unavailable',
    details: 'Carrier capacity reached. Retry later',
    class: 'busy',
    meaning: 'The carrier is at capacity or throttles the provider; the message was not taken.',
    action: 'Send again later, with growing pauses.',
  },
  {
    code: '4007',
    text: 'Service denied',
    details: 'Carrier denies service for the recipient address',
    class: 'refused',
    override: {
      permanence: 'permanent',
      retry: 'never',
      because: 'the carrier denies this recipient, which no repetition changes',
    },
    meaning:
      'The carrier denies service to this recipient: MMS barred, no credit, or an opt-out kept there.',
    action: 'Stop sending MMS to this number; another channel may reach it.',
    causes: ['MMS barred for the subscriber', 'prepaid credit used up', 'opted out at the carrier'],
    candidates: ['opted-out', 'incapable'],
  },
] as const satisfies readonly CodeRow[]

/** A number of the table. */
export type SinchCode = (typeof sinchCodes)[number]['code']
