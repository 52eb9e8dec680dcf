/**
 * SMSGlobal's MM7 codes: the 3GPP numbers with the titles of its knowledge base, exactly as printed.
 * Its explanations are not part of the wire and are rewritten here.
 */
import type { CodeRow } from '../../core/code-row.ts'

const atTheDoor = 'this service decides it itself, before any carrier is asked'

/** The 27 rows, in the order of the numbers. */
export const smsglobalCodes = [
  {
    code: '0',
    text: 'Connection error',
    class: 'link-down',
    override: {
      party: 'provider',
      because: 'what could not be reached is the provider’s own relay',
    },
    meaning: 'The client could not connect to the MMS relay at all, so nothing was sent to it.',
    action: 'Check name resolution, firewall and TLS on your side, then try again.',
    causes: ['your own network', 'the relay is down', 'a TLS or DNS fault'],
    note: 'Produced by the calling side; it never appears inside a SOAP answer.',
  },
  {
    code: '1000',
    text: 'Success',
    class: 'accepted',
    meaning:
      'The operation was carried out; for a submit, the message is stored and has a MessageID.',
    action: 'Keep the MessageID and wait for the delivery report.',
  },
  {
    code: '1100',
    text: 'Partial success',
    class: 'partial',
    meaning:
      'Some recipients of the request were taken and others were not, for instance unresolvable ones.',
    action: 'Read in the details which recipients failed, and repeat only those.',
    marks: ['per-recipient'],
    note: 'The source adds that several recipients are not supported at present.',
  },
  {
    code: '2000',
    text: 'Client error',
    class: 'malformed',
    meaning: 'The request is wrong in a way that none of the finer 2xxx codes describes.',
    action: 'Compare the request with a working one: method, headers, elements that contradict.',
    marks: ['catch-all'],
    candidates: ['invalid-field', 'missing-field', 'unauthenticated'],
    note: 'Sinch and Skycore use this number for a refused address or protocol.',
  },
  {
    code: '2001',
    text: 'Operation restricted',
    class: 'forbidden',
    meaning: 'The account may not use the feature that the request asks for.',
    action: 'Ask the provider to grant the feature, or leave it out.',
    causes: ['MM7 access or a sender not granted', 'reply charging or read reply not granted'],
  },
  {
    code: '2002',
    text: 'Address Error',
    class: 'invalid-recipient',
    meaning: 'An address is neither a phone number in international digits nor an e-mail address.',
    action: 'Correct the address and send a new request.',
  },
  {
    code: '2003',
    text: 'Address Not Found',
    class: 'not-found',
    meaning: 'A follow-up such as a cancel names an address that the earlier message did not have.',
    action: 'Use one of the recipients of the original message.',
  },
  {
    code: '2004',
    text: 'Multimedia',
    class: 'media-type-refused',
    meaning:
      'The attached content is unreadable, too large, or of a media type that is not accepted.',
    action: 'Check the MIME parts and their types, and keep the content below 300 KB.',
    causes: [
      'a media type that is not allowed',
      'more than the size limit',
      'broken MIME, or no such part',
    ],
    marks: ['several-causes'],
    candidates: ['media-broken', 'too-large', 'media-unavailable'],
    note: 'The title is cut off in the source.',
  },
  {
    code: '2005',
    text: 'Message ID Not found',
    class: 'not-found',
    meaning: 'A cancel, replace or status query names a MessageID that this account never got.',
    action: 'Use the MessageID from the answer to the submit.',
  },
  {
    code: '2006',
    text: 'LinkedID not found',
    class: 'not-found',
    meaning: 'The message claims to answer an earlier one by LinkedID, and that one is not known.',
    action: 'Send the LinkedID of the delivered message unchanged, or leave it out.',
  },
  {
    code: '2007',
    text: 'Message format corrupt',
    class: 'invalid-field',
    meaning:
      'An element is in its place, but its value is wrong: a date, a boolean, a choice, a length.',
    action: 'Correct the value named in the details.',
  },
  {
    code: '2008',
    text: 'Application ID not found',
    class: 'unauthenticated',
    meaning: 'The user name or password for MM7 is wrong, whatever the title of this code says.',
    action: 'Check the MM7 credentials of the account.',
    marks: ['text-contradicts-code'],
    candidates: ['not-found'],
    note: 'The title is 3GPP’s, about applications; the explanation printed below it is about credentials.',
  },
  {
    code: '2009',
    text: 'Reply Application ID not found',
    class: 'not-found',
    meaning: 'The application that replies should go to (ReplyApplicID) is not registered.',
    action: 'Register the application or correct its id.',
  },
  {
    code: '3000',
    text: 'Server Error',
    class: 'internal-error',
    meaning: 'The service failed inside, for a time nobody knows; the request may be fine.',
    action: 'Send the same request again later, with growing pauses.',
    marks: ['text-contradicts-code'],
    note: 'The source repeats the explanation of 3003 here by mistake; the title is right.',
  },
  {
    code: '3001',
    text: 'Not Possible',
    class: 'wrong-state',
    meaning:
      'The message is known, but it is finished: it can no longer be cancelled, replaced or queried.',
    action: 'Look at its delivery report; the operation will never succeed.',
    note: 'Sinch and Skycore use this number for a block-listed recipient.',
  },
  {
    code: '3002',
    text: 'Message Rejected',
    class: 'refused',
    override: { stage: 'admission', party: 'provider', because: atTheDoor },
    meaning:
      'The request was understood, and the service would not complete it; it does not say why.',
    action: 'Ask the provider for the reason before you try again or by another route.',
    causes: ['a policy or anti-spam rule', 'a refusal by the carrier'],
    candidates: ['policy-blocked', 'unsupported'],
  },
  {
    code: '3003',
    text: 'Multiple addresses not supported',
    class: 'too-many',
    meaning: 'The operation names several recipients, and only one is supported in a request.',
    action: 'Send one request for each recipient.',
    note: 'A client fault under a 3xxx number: the same request fails again.',
  },
  {
    code: '3004',
    text: 'Application Addressing not supported',
    class: 'incapable',
    override: { stage: 'admission', billing: 'no', because: atTheDoor },
    meaning:
      'The message is for an application on the handset, and that handset takes no such data.',
    action: 'Send it as an ordinary message, without ApplicID.',
  },
  {
    code: '4000',
    text: 'General service error',
    class: 'refused',
    meaning:
      'The service could not fulfil the request and says nothing more: a carrier’s blank refusal.',
    action: 'Try once more later; ask the provider if it repeats.',
    marks: ['catch-all'],
    candidates: ['internal-error', 'downstream-error'],
  },
  {
    code: '4001',
    text: 'Improper identification',
    class: 'unauthenticated',
    meaning: 'The identification in the request (VASPID, VASID) does not name exactly one client.',
    action: 'Send the VASPID and VASID the provider gave you.',
  },
  {
    code: '4002',
    text: 'Unsupported version',
    class: 'unsupported',
    meaning:
      'This server does not speak the MM7 release of the request, or its namespace is of another.',
    action: 'Use MM7Version 5.3.0 with a namespace of Release 5.',
    note: 'About your own request; Sinch and Skycore use this number for the carrier.',
  },
  {
    code: '4003',
    text: 'Unsupported operation',
    class: 'unsupported',
    meaning: 'The operation in the SOAP body is not one this server carries out.',
    action: 'Use SubmitReq, CancelReq or ReplaceReq.',
  },
  {
    code: '4004',
    text: 'Validation error',
    class: 'malformed',
    meaning:
      'The SOAP or XML cannot be read, or something mandatory such as a recipient is missing.',
    action: 'Read the details for the place, then correct the structure of the request.',
    causes: [
      'XML that is not well formed',
      'no recipient, sender, content or TransactionID',
      'wrong MIME or HTTP framing',
    ],
    marks: ['several-causes'],
    candidates: ['missing-field'],
  },
  {
    code: '4005',
    text: 'Service error',
    class: 'internal-error',
    override: {
      permanence: 'permanent',
      retry: 'never',
      because: 'the source says that this message must not be sent again',
    },
    meaning: 'Handling this very message breaks the service, and would do so every time.',
    action: 'Do not send it again; report it to the provider and change the message.',
    note: 'The counterpart of 3000, which may be repeated.',
  },
  {
    code: '4006',
    text: 'Service unavailable',
    class: 'busy',
    override: { stage: 'admission', party: 'provider', because: atTheDoor },
    meaning: 'The service is busy or unavailable for a while; nothing was taken.',
    action: 'Send again later, with growing pauses.',
    causes: ['overload or a limit per account', 'maintenance or shutdown', 'short of disk space'],
  },
  {
    code: '4007',
    text: 'Service denied',
    class: 'forbidden',
    meaning: 'The account may not do this, or has no credit left to do it with.',
    action: 'Check the balance first, then the permissions of the account.',
    causes: [
      'no credit',
      'account blocked',
      'destination not allowed, or the recipient is blocked',
    ],
    marks: ['several-causes'],
    candidates: ['no-funds', 'account-suspended', 'opted-out'],
  },
  {
    code: '4008',
    text: 'Application denied',
    class: 'forbidden',
    meaning: 'The application the message names (ApplicID) has no permission or no credit.',
    action: 'Have the application permitted or paid for, or send without it.',
    causes: ['the application is not permitted', 'its credit is used up'],
    marks: ['several-causes'],
    candidates: ['no-funds'],
  },
] as const satisfies readonly CodeRow[]

/** A number of the table. */
export type SmsglobalCode = (typeof smsglobalCodes)[number]['code']
