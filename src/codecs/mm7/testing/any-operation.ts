/** Operations with every combination of what each release allows in them. */
import fc, { type Arbitrary } from 'fast-check'
import {
  type Address,
  CHARGED_PARTIES,
  CONTENT_CLASSES,
  type Content,
  type DeliverReq,
  type DeliveryReportReq,
  MESSAGE_CLASSES,
  type Mm7Operation,
  type OperationName,
  PRIORITIES,
  type ReadReplyReq,
  type Recipient,
  type ResponseStatus,
  type SubmitReq,
} from '../types.ts'
import type { When } from '../values.ts'

const VERSION = '6.8.0'
/** Of every plane, and controls: what XML cannot hold is left out in writing. */
const wild = fc.string({ unit: 'binary', maxLength: 20 })
/** At least one character that XML can hold and white space is not. */
export const anyText: Arbitrary<string> = fc.tuple(wild, wild).map(([a, b]) => `${a}x${b}`)
const text = fc.oneof(anyText, fc.constant(''))
const positive = fc.integer({ min: 1, max: 999_999_999 })
const code = fc.integer({ min: 1000, max: 9999 })
/** From the year 1 to the year 9999, as xs:dateTime has them. */
const moment = fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
const when: Arbitrary<When> = fc.oneof(
  moment.map((ms) => ({ kind: 'at' as const, ms })),
  fc.integer().map((ms) => ({ kind: 'after' as const, ms })),
)

/** A record with any of its keys left out but those that must be there. */
function some<T extends object>(
  must: Partial<Record<keyof T, Arbitrary<unknown>>>,
  may: Partial<Record<keyof T, Arbitrary<unknown>>>,
): Arbitrary<T> {
  const requiredKeys = Object.keys(must) as never[]
  return fc.record({ ...must, ...may } as Record<string, Arbitrary<unknown>>, {
    requiredKeys,
  }) as Arbitrary<unknown> as Arbitrary<T>
}

function parties(release6: boolean) {
  const address = some<Address>(
    { kind: fc.constantFrom('Number', 'ShortCode', 'RFC2822Address'), value: anyText },
    {
      displayOnly: fc.boolean(),
      ...(release6 ? { addressCoding: fc.constantFrom('encrypted', 'obfuscated') } : {}),
      // xs:ID: no two in one document.
      ...(release6 ? { id: fc.uuid().map((uuid) => `id-${uuid}`) } : {}),
    },
  )
  const list = fc.constantFrom('To' as const, 'Cc' as const, 'Bcc' as const)
  const recipient: Arbitrary<Recipient> = fc.record({ list, address })
  return { address, recipients: fc.array(recipient, { minLength: 1, maxLength: 5 }) }
}

function parts(release6: boolean) {
  const { address, recipients } = parties(release6)
  const mm7Version = fc.constant(VERSION)
  const senderIdentification = some({}, { vaspId: text, vasId: text, senderAddress: address })
  const status = some<ResponseStatus>({ statusCode: code, statusText: text }, { details: text })
  return {
    address,
    recipients,
    status,
    fromVasp: { mm7Version, senderIdentification },
    fromRelay: { mm7Version },
    relay: { mmsRelayServerId: text },
    content: some<Content>(
      { href: fc.webUrl().map((url) => `cid:${url.replace(/^\w+:\/\//, '')}`) },
      { allowAdaptations: fc.boolean() },
    ),
    capabilities: some({}, { uaProf: text, timeStamp: when }),
    application: release6
      ? { applicId: text, replyApplicId: text, auxApplicInfo: text }
      : ({} as Record<string, Arbitrary<string>>),
    contentClass: release6
      ? { contentClass: fc.constantFrom(...CONTENT_CLASSES), drmContent: fc.boolean() }
      : ({} as Record<string, Arbitrary<unknown>>),
  }
}

function submit(release6: boolean): Arbitrary<SubmitReq> {
  const { fromVasp, recipients, content, application, contentClass } = parts(release6)
  const payers = CHARGED_PARTIES.filter((party) => release6 || party !== 'ThirdParty')
  return some<SubmitReq>(
    { name: fc.constant('SubmitReq'), ...fromVasp, recipients },
    {
      serviceCode: text,
      linkedId: text,
      messageClass: fc.constantFrom(...MESSAGE_CLASSES),
      timeStampMs: moment,
      replyCharging: some({}, { replyChargingSize: positive, replyDeadline: when }),
      earliestDeliveryTime: when,
      expiryDate: when,
      deliveryReport: fc.boolean(),
      readReply: fc.boolean(),
      priority: fc.constantFrom(...PRIORITIES),
      subject: text,
      chargedParty: fc.constantFrom(...payers),
      ...(release6 ? { chargedPartyId: text } : {}),
      distributionIndicator: fc.boolean(),
      ...(release6
        ? { deliveryCondition: fc.array(positive, { minLength: 1, maxLength: 3 }) }
        : {}),
      ...application,
      ...contentClass,
      content,
    },
  )
}

function deliver(release6: boolean): Arbitrary<DeliverReq> {
  const { fromRelay, relay, address, recipients, content, application, capabilities } =
    parts(release6)
  const numbered = (entry: object) =>
    fc.array(some<object>(entry, { sequence: positive } as object), { minLength: 1, maxLength: 3 })
  return some<DeliverReq>(
    { name: fc.constant('DeliverReq'), ...fromRelay, sender: address },
    {
      ...relay,
      vaspId: text,
      vasId: text,
      linkedId: text,
      recipients,
      previouslySentBy: numbered({ address }),
      previouslySentDateAndTime: numbered({ time: when }),
      senderSpi: text,
      recipientSpi: text,
      timeStampMs: moment,
      replyChargingId: text,
      priority: fc.constantFrom(...PRIORITIES),
      subject: text,
      ...application,
      uaCapabilities: capabilities,
      content,
    },
  )
}

function reports(release6: boolean) {
  const { fromRelay, relay, address, application, capabilities } = parts(release6)
  const about = { ...fromRelay, messageId: anyText, recipient: address, sender: address }
  const statuses = ['Expired', 'Retrieved', 'Rejected', 'Indeterminate', 'Forwarded']
  const later = release6 ? ['Deferred', 'Unrecognised'] : []
  return {
    DeliveryReportReq: some<DeliveryReportReq>(
      {
        name: fc.constant('DeliveryReportReq'),
        ...about,
        dateMs: moment,
        mmStatus: fc.constantFrom(...statuses, ...later),
      },
      {
        ...relay,
        ...(release6
          ? { mmStatusExtension: fc.constantFrom('RejectionByMMSRecipient', 'RejectionByOtherRS') }
          : {}),
        statusText: text,
        ...application,
        uaCapabilities: capabilities,
      },
    ),
    ReadReplyReq: some<ReadReplyReq>(
      {
        name: fc.constant('ReadReplyReq'),
        ...about,
        timeStampMs: moment,
        mmStatus: fc.constantFrom('Indeterminate', 'Read', 'Deleted'),
      },
      { ...relay, statusText: text, ...application },
    ),
  }
}

function answers(): Record<string, Arbitrary<Mm7Operation>> {
  const { fromRelay, status } = parts(true)
  const answer = (name: OperationName, must: object = {}, may: object = {}) =>
    some<Mm7Operation>({ name: fc.constant(name), ...fromRelay, status, ...must } as object, may)
  return {
    SubmitRsp: answer('SubmitRsp', { messageId: anyText }),
    CancelRsp: answer('CancelRsp'),
    ReplaceRsp: answer('ReplaceRsp'),
    DeliverRsp: answer('DeliverRsp', {}, { serviceCode: text }),
    DeliveryReportRsp: answer('DeliveryReportRsp'),
    ReadReplyRsp: answer('ReadReplyRsp'),
    RSErrorRsp: answer('RSErrorRsp'),
    VASPErrorRsp: answer('VASPErrorRsp'),
  }
}

function changes(release6: boolean): Record<string, Arbitrary<Mm7Operation>> {
  const { fromVasp, recipients, content, application, contentClass } = parts(release6)
  return {
    CancelReq: some<Mm7Operation>(
      { name: fc.constant('CancelReq'), ...fromVasp, messageId: anyText } as object,
      { ...(release6 ? { recipients } : {}), ...application } as object,
    ),
    ReplaceReq: some<Mm7Operation>(
      { name: fc.constant('ReplaceReq'), ...fromVasp, messageId: anyText } as object,
      {
        serviceCode: text,
        timeStampMs: moment,
        readReply: fc.boolean(),
        earliestDeliveryTime: when,
        distributionIndicator: fc.boolean(),
        ...contentClass,
        ...application,
        content,
      } as object,
    ),
  }
}

function extended(): Record<string, Arbitrary<Mm7Operation>> {
  const { fromVasp, fromRelay, status, content } = parts(true)
  const named = (name: OperationName) => ({ name: fc.constant(name) })
  return {
    extendedCancelReq: some<Mm7Operation>(
      { ...named('extendedCancelReq'), ...fromVasp, cancelId: anyText } as object,
      {},
    ),
    extendedCancelRsp: some<Mm7Operation>(
      { ...named('extendedCancelRsp'), ...fromRelay, status } as object,
      {},
    ),
    extendedReplaceReq: some<Mm7Operation>(
      { ...named('extendedReplaceReq'), ...fromRelay } as object,
      {
        vaspId: text,
        vasId: text,
        serviceCode: text,
        replaceId: text,
        timeStampMs: moment,
        earliestDeliveryTime: when,
        expiryDate: when,
        readReply: fc.boolean(),
        deliveryReport: fc.boolean(),
        content,
      } as object,
    ),
    extendedReplaceRsp: some<Mm7Operation>(
      { ...named('extendedReplaceRsp'), ...fromRelay, messageId: anyText, status } as object,
      {},
    ),
  }
}

/** By operation name, all that a release has. */
export function operationsOf(release: 5 | 6): Record<string, Arbitrary<Mm7Operation>> {
  const release6 = release === 6
  return {
    SubmitReq: submit(release6),
    DeliverReq: deliver(release6),
    ...reports(release6),
    ...changes(release6),
    ...answers(),
    ...(release6 ? extended() : {}),
  }
}
