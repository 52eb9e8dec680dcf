/**
 * One defect for each check of the MM7 door: what breaks a good request, or the account it names, so
 * that this check objects. Defects are applied one over another, so each changes what is there
 * already and leaves the rest alone.
 */
import { NAMESPACE_BASE } from '../../src/codecs/mm7/versions.ts'
import { hashKey } from '../../src/config/secret.ts'
import type { CheckName } from '../../src/core/checks/index.ts'
import type { Account, DirectoryData, Mm7Access } from '../../src/core/directory.ts'
import type { Reason } from '../../src/core/reason.ts'
import { type Mm7Draft, ordinaryOperation, ordinaryParts } from './mm7-client.ts'

/** A request and the world it comes to. */
export interface Mm7Case {
  readonly draft: Mm7Draft
  readonly account: Account
  readonly blocks: DirectoryData['blocks']
}

/** What makes one check object, and how. */
export interface Mm7Defect {
  readonly reason: Reason
  apply(good: Mm7Case): Mm7Case
}

const SENDER = '12345'
const RECIPIENT = '15550100199'
const ANOTHER = '15550100198'
const OTHER_NAMESPACE = `${NAMESPACE_BASE}REL-5-MM7-1-0`
const CARRIER_ID_HEADERS = ['X-Mblox-Carrier-Id', 'X-Skycore-Carrier-Id']

/** A request without defect, to an account without trouble, at the door of this dialect. */
export function goodCase(dialect: string, path: string, id: string): Mm7Case {
  return {
    draft: {
      path: `/mm7/${path}`,
      operation: ordinaryOperation(RECIPIENT, id),
      parts: ordinaryParts(),
    },
    account: {
      id,
      name: 'An account without trouble',
      dialect,
      enabled: true,
      mm7: {
        enabled: true,
        vaspIdHash: hashKey(id),
        allowAddresses: [],
        faultStatus: '200',
        replyType: 'text/xml',
        reports: true,
        verboseReports: false,
        blankAnswerAccepted: false,
        passThrough: false,
        passThroughWaitMs: 10_000,
      },
      services: [{ id: 'demo', senders: [SENDER], shared: false, live: true }],
      limits: { callsPerSecond: 1000, callsBurst: 1000, contentBytesMax: 1024 * 1024 },
      carrierIdRequired: false,
      carrierLookup: false,
      presentationRequired: false,
    },
    blocks: [],
  }
}

type Operation = NonNullable<Mm7Draft['operation']>
type Sender = NonNullable<Operation['senderIdentification']>

/** A defect of the request's operation. */
function wrong(reason: Reason, change: (operation: Operation) => Partial<Operation>): Mm7Defect {
  return {
    reason,
    apply: ({ draft, ...rest }) => {
      const { operation = {} } = draft
      return { ...rest, draft: { ...draft, operation: { ...operation, ...change(operation) } } }
    },
  }
}

/** A defect of its SenderIdentification; absent means absent. */
function wrongSender(reason: Reason, change: { [K in keyof Sender]?: unknown }): Mm7Defect {
  return wrong(reason, ({ senderIdentification }) => ({
    senderIdentification: { ...senderIdentification, ...change } as Sender,
  }))
}

/** A defect of every recipient. */
function wrongRecipients(
  reason: Reason,
  change: (recipients: NonNullable<Operation['recipients']>) => Operation['recipients'],
): Mm7Defect {
  return wrong(reason, ({ recipients = [] }) => ({ recipients: change(recipients) ?? [] }))
}

/** A defect of the parts. */
function wrongParts(
  reason: Reason,
  change: (parts: NonNullable<Mm7Draft['parts']>) => Mm7Draft['parts'],
  account: Partial<Account> = {},
): Mm7Defect {
  return {
    reason,
    apply: (given) => ({
      ...given,
      draft: { ...given.draft, parts: change(given.draft.parts ?? []) ?? [] },
      account: { ...given.account, ...account },
    }),
  }
}

/** Trouble of the account. */
function trouble(reason: Reason, change: (account: Account) => Partial<Account>): Mm7Defect {
  return {
    reason,
    apply: (given) => ({ ...given, account: { ...given.account, ...change(given.account) } }),
  }
}

/** Trouble of its access to the door. */
function troubleAtDoor(reason: Reason, change: Partial<Mm7Access>): Mm7Defect {
  return trouble(reason, ({ mm7 }) => (mm7 === undefined ? {} : { mm7: { ...mm7, ...change } }))
}

/** Carrier id headers, of every dialect that has one; `undefined`: none. */
function carrierId(reason: Reason, value: string | undefined, change: Partial<Account>): Mm7Defect {
  return {
    reason,
    apply: ({ draft, account, ...rest }) => ({
      ...rest,
      account: { ...account, ...change },
      draft: {
        ...draft,
        headers: {
          ...draft.headers,
          ...Object.fromEntries(CARRIER_ID_HEADERS.map((name) => [name, value])),
        },
      },
    }),
  }
}

/** By check. One that is missing here is found by the test of the orders. */
export const MM7_DEFECTS: Partial<Record<CheckName, Mm7Defect>> = {
  'version-present': {
    reason: 'version-missing',
    apply: ({ draft, ...rest }) => ({
      ...rest,
      draft: { ...draft, without: [...(draft.without ?? []), 'mm7Version'] },
    }),
  },
  'message-id-present': wrong(
    'message-id-missing',
    // Of a follow-up, which the drafts write as a SubmitReq of another name.
    () => ({ messageId: undefined }) as Partial<Operation>,
  ),
  version: wrong('version-unsupported', () => ({ mm7Version: '9.9.9' })),
  'version-namespace': {
    reason: 'namespace-unsupported',
    apply: ({ draft, ...rest }) => ({ ...rest, draft: { ...draft, namespace: OTHER_NAMESPACE } }),
  },
  'sender-identification': wrong('sender-identification-missing', () => ({
    senderIdentification: {},
  })),
  vaspid: wrongSender('vaspid-unknown', { vaspId: 'nobody' }),
  'client-address': troubleAtDoor('address-not-allowed', { allowAddresses: ['192.0.2.1'] }),
  credentials: troubleAtDoor('credentials-invalid', {
    basic: { user: 'demo', passwordHash: hashKey('never compared: no header is sent') },
  }),
  'account-enabled': trouble('account-disabled', () => ({ enabled: false })),
  'api-enabled': troubleAtDoor('api-not-enabled', { enabled: false }),
  'call-rate': trouble('call-rate-exceeded', ({ limits }) => ({
    limits: { ...limits, callsPerSecond: 0 },
  })),
  vasid: wrongSender('vasid-unknown', { vasId: 'nobody' }),
  'sender-present': wrongSender('sender-missing', { senderAddress: undefined }),
  'sender-provisioned': wrongSender('sender-not-provisioned', {
    senderAddress: { kind: 'ShortCode', value: '54321' },
  }),
  'service-live': trouble('service-misconfigured', ({ services }) => ({
    services: services.map((service) => ({ ...service, live: false })),
  })),
  'recipient-present': wrongRecipients('recipient-missing', (recipients) =>
    recipients.map(({ list, address }) => ({ list, address: { ...address, kind: 'text' } })),
  ),
  'recipient-count': wrongRecipients('recipients-too-many', (recipients) =>
    recipients.flatMap((one) => [one, { ...one, address: { ...one.address, value: ANOTHER } }]),
  ),
  'recipient-number': wrongRecipients('recipient-invalid', (recipients) =>
    recipients.map(({ list, address }) => ({ list, address: { ...address, value: '12' } })),
  ),
  'recipient-address': wrongRecipients('recipient-invalid', (recipients) =>
    recipients.map(({ list, address }) => ({ list, address: { ...address, kind: 'ShortCode' } })),
  ),
  'recipient-blocked': {
    reason: 'recipient-blocked',
    apply: (given) => ({
      ...given,
      blocks: [RECIPIENT, ANOTHER].map((number) => ({ number, because: 'They said STOP.' })),
    }),
  },
  'reply-charging': wrong('reply-charging-unsupported', () => ({ replyCharging: {} })),
  'read-reply': {
    reason: 'read-reply-not-enabled',
    apply: (given) =>
      troubleAtDoor('read-reply-not-enabled', { readReplies: false }).apply(
        wrong('read-reply-not-enabled', () => ({ readReply: true })).apply(given),
      ),
  },
  application: wrong('application-unknown', () => ({ applicId: 'nobody' })),
  'reply-application': wrong('reply-application-unknown', () => ({ replyApplicId: 'nobody' })),
  'linked-message': wrong('linked-message-unknown', () => ({ linkedId: '100000000000000000' })),
  'charged-party': wrong('charged-party-unsupported', () => ({ chargedParty: 'Sender' })),
  'element-values': {
    reason: 'element-value-invalid',
    apply: ({ draft, ...rest }) => ({
      ...rest,
      draft: {
        ...draft,
        envelope: (xml) => {
          const earlier = draft.envelope?.(xml) ?? xml
          return earlier.replace('</SubmitReq>', '<MessageClass>Loud</MessageClass></SubmitReq>')
        },
      },
    }),
  },
  'content-present': {
    reason: 'content-missing',
    apply: ({ draft, ...rest }) => ({
      ...rest,
      draft: { ...draft, without: [...(draft.without ?? []), 'content'] },
    }),
  },
  'content-readable': wrong('attachment-unreadable', () => ({
    content: { href: 'cid:elsewhere' },
  })),
  'content-types': wrongParts('attachment-type-invalid', (parts) =>
    parts.map((part, index) =>
      index === parts.length - 1 ? { ...part, contentType: 'jpeg' } : part,
    ),
  ),
  presentation: wrongParts('presentation-missing', (parts) => parts.slice(-1), {
    presentationRequired: true,
  }),
  'content-size': trouble('content-too-large', ({ limits }) => ({
    limits: { ...limits, contentBytesMax: 1 },
  })),
  'carrier-id-known': carrierId('carrier-id-invalid', '99999', {}),
  'carrier-id-present': carrierId('carrier-id-missing', undefined, { carrierIdRequired: true }),
}

/** Checks that look at requests about an earlier message alone. */
export const FOLLOW_UP_CHECKS: readonly CheckName[] = ['message-id-present']

/** The good case as a request to take an earlier message back; nobody knows the message. */
export function asCancel({ draft, ...rest }: Mm7Case): Mm7Case {
  const { senderIdentification } = draft.operation ?? {}
  const operation = {
    name: 'CancelReq',
    senderIdentification,
    recipients: undefined,
    messageId: '100000000000000000',
  }
  return {
    ...rest,
    draft: { ...draft, parts: [], operation: operation as unknown as Operation },
  }
}

/** Checks that cannot both object: the one is about what is there, the other about its absence. */
export const NEVER_BOTH: readonly (readonly [CheckName, CheckName])[] = [
  ['carrier-id-known', 'carrier-id-present'],
]

/** The good case with these defects; the first is applied last, so that no later one hides it. */
export function withDefects(good: Mm7Case, ...checks: readonly CheckName[]): Mm7Case {
  return [...checks].reverse().reduce((given, check) => {
    const defect = MM7_DEFECTS[check]
    if (defect === undefined)
      throw new Error(`test/support/mm7-defects.ts has no defect for ${check}`)
    return defect.apply(given)
  }, good)
}
