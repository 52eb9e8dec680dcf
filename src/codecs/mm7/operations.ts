/**
 * The MM7 operations as tables: which property is which element, in schema order (REL-6-MM7-1-4).
 * Reading and writing both follow them.
 */
import { textBelow, type XmlElement } from '../soap/xml.ts'
import { elementOf, textElement } from '../soap/xml-writer.ts'
import { oneAddress, previousSenders, previousTimes, recipients } from './addresses.ts'
import {
  attributeOf,
  boolean,
  dateTime,
  type ElementCodec,
  type Field,
  type FieldPlan,
  type FieldTable,
  group,
  oneOf,
  planFields,
  positives,
  readAttribute,
  text,
  token,
  when,
} from './fields.ts'
import {
  CHARGED_PARTIES,
  CONTENT_CLASSES,
  type Content,
  MESSAGE_CLASSES,
  type OperationName,
  type OperationNamed,
  PRIORITIES,
  type ReplyCharging,
  type ResponseStatus,
  type SenderIdentification,
  type UaCapabilities,
} from './types.ts'
import { parseBoolean, parsePositive, parseWhen, printWhen } from './values.ts'

const replyCharging: ElementCodec<ReplyCharging> = {
  read(element, name, findings) {
    const read = <T>(attribute: string, parse: (written: string) => T | undefined) =>
      readAttribute(element, attribute, name, findings, parse)
    const replyChargingSize = read('replyChargingSize', parsePositive)
    const replyDeadline = read('replyDeadline', parseWhen)
    return {
      ...(replyChargingSize === undefined ? {} : { replyChargingSize }),
      ...(replyDeadline === undefined ? {} : { replyDeadline }),
    }
  },
  write: (name, { replyChargingSize: size, replyDeadline }) =>
    elementOf(name, '', {
      replyChargingSize: size === undefined ? undefined : String(size),
      replyDeadline: replyDeadline === undefined ? undefined : printWhen(replyDeadline),
    }),
}

const content: ElementCodec<Content> = {
  read(element, name, findings) {
    const href = attributeOf(element, 'href')
    const allow = readAttribute(element, 'allowAdaptations', name, findings, parseBoolean)
    const read: { href?: string; allowAdaptations?: boolean } = {}
    if (href !== undefined) read.href = href
    if (allow !== undefined) read.allowAdaptations = allow
    return read
  },
  write: (name, { href, allowAdaptations: allow }) =>
    elementOf(name, '', {
      href,
      allowAdaptations: allow === undefined ? undefined : String(allow),
    }),
}

const uaCapabilities: ElementCodec<UaCapabilities> = {
  read(element, name, findings) {
    const uaProf = attributeOf(element, 'UAProf')
    const timeStamp = readAttribute(element, 'TimeStamp', name, findings, parseWhen)
    return {
      ...(uaProf === undefined ? {} : { uaProf }),
      ...(timeStamp === undefined ? {} : { timeStamp }),
    }
  },
  write: (name, { uaProf, timeStamp }) =>
    elementOf(name, '', {
      UAProf: uaProf,
      TimeStamp: timeStamp === undefined ? undefined : printWhen(timeStamp),
    }),
}

/** Status is an `all` group: its elements come in any order. */
const responseStatus: ElementCodec<ResponseStatus> = {
  read(element, _name, findings) {
    const child = (local: string): XmlElement | undefined =>
      element.children.find((candidate) => candidate.local === local)
    const statusCode = parsePositive(child('StatusCode')?.text ?? '')
    if (statusCode === undefined) {
      findings.issues.push({ element: 'StatusCode', problem: 'bad-value' })
      return undefined
    }
    const statusText = child('StatusText')?.text.trim() ?? ''
    const details = child('Details')
    return {
      statusCode,
      statusText,
      ...(details === undefined ? {} : { details: textBelow(details).trim() }),
    }
  },
  write: (name, { statusCode, statusText, details }) =>
    elementOf(
      name,
      textElement('StatusCode', String(statusCode)) +
        textElement('StatusText', statusText) +
        (details === undefined ? '' : textElement('Details', details)),
    ),
}

const senderIdentification: ElementCodec<SenderIdentification> = group<SenderIdentification>({
  vaspId: { element: 'VASPID', codec: token },
  vasId: { element: 'VASID', codec: token },
  senderAddress: { element: 'SenderAddress', codec: oneAddress },
})

function field<T>(element: string, codec: ElementCodec<T>): Field<T> {
  return { element, codec }
}

const mm7Version = field('MM7Version', token)
const status = field('Status', responseStatus)
const messageId = field('MessageID', token)
const serviceCode = field('ServiceCode', token)
const timeStampMs = field('TimeStamp', dateTime)
const readReply = field('ReadReply', boolean)
const deliveryReport = field('DeliveryReport', boolean)
const distributionIndicator = field('DistributionIndicator', boolean)
const contentClass = field('ContentClass', oneOf(CONTENT_CLASSES))
const drmContent = field('DRMContent', boolean)
const priority = field('Priority', oneOf(PRIORITIES))
const subject = field('Subject', text)
const statusText = field('StatusText', text)
const expiryDate = field('ExpiryDate', when)
const contentField = field('Content', content)
const recipientList = field('Recipients', recipients)
const capabilities = field('UACapabilities', uaCapabilities)
const earliestDeliveryTime = {
  element: 'EarliestDeliveryTime',
  // A well-known client leaves a letter out; passed over, its message would go out too early.
  aliases: ['EarlistDeliveryTime'],
  codec: when,
}
const fromVasp = {
  mm7Version,
  senderIdentification: field('SenderIdentification', senderIdentification),
}
const fromRelay = { mm7Version, mmsRelayServerId: field('MMSRelayServerID', token) }
const application = {
  applicId: field('ApplicID', token),
  replyApplicId: field('ReplyApplicID', token),
  auxApplicInfo: field('AuxApplicInfo', text),
}
const parties = {
  messageId,
  recipient: field('Recipient', oneAddress),
  sender: field('Sender', oneAddress),
}
const plain = { mm7Version, status }

const TABLES: { readonly [N in OperationName]: FieldTable<OperationNamed<N>> } = {
  SubmitReq: {
    ...fromVasp,
    recipients: recipientList,
    serviceCode,
    linkedId: field('LinkedID', token),
    messageClass: field('MessageClass', oneOf(MESSAGE_CLASSES)),
    timeStampMs,
    replyCharging: field('ReplyCharging', replyCharging),
    earliestDeliveryTime,
    expiryDate,
    deliveryReport,
    readReply,
    priority,
    subject,
    chargedParty: field('ChargedParty', oneOf(CHARGED_PARTIES)),
    chargedPartyId: field('ChargedPartyID', token),
    distributionIndicator,
    deliveryCondition: field('DeliveryCondition', positives('DC')),
    ...application,
    contentClass,
    drmContent,
    content: contentField,
  },
  SubmitRsp: { ...plain, messageId },
  CancelReq: { ...fromVasp, messageId, recipients: recipientList, ...application },
  CancelRsp: plain,
  ReplaceReq: {
    ...fromVasp,
    messageId,
    serviceCode,
    timeStampMs,
    readReply,
    earliestDeliveryTime,
    distributionIndicator,
    contentClass,
    drmContent,
    ...application,
    content: contentField,
  },
  ReplaceRsp: plain,
  extendedCancelReq: { ...fromVasp, cancelId: field('CancelID', token) },
  extendedCancelRsp: plain,
  extendedReplaceReq: {
    mm7Version,
    vaspId: field('VASPID', token),
    vasId: field('VASID', token),
    serviceCode,
    replaceId: field('ReplaceID', token),
    timeStampMs,
    earliestDeliveryTime,
    expiryDate,
    readReply,
    deliveryReport,
    content: contentField,
  },
  extendedReplaceRsp: { mm7Version, messageId, status },
  DeliverReq: {
    ...fromRelay,
    vaspId: field('VASPID', token),
    vasId: field('VASID', token),
    linkedId: field('LinkedID', token),
    sender: field('Sender', oneAddress),
    recipients: recipientList,
    previouslySentBy: field('Previouslysentby', previousSenders),
    previouslySentDateAndTime: field('Previouslysentdateandtime', previousTimes),
    senderSpi: field('SenderSPI', token),
    recipientSpi: field('RecipientSPI', token),
    timeStampMs,
    replyChargingId: field('ReplyChargingID', token),
    priority,
    subject,
    ...application,
    uaCapabilities: capabilities,
    content: contentField,
  },
  DeliverRsp: { ...plain, serviceCode },
  DeliveryReportReq: {
    ...fromRelay,
    ...parties,
    dateMs: field('Date', dateTime),
    mmStatus: field('MMStatus', token),
    mmStatusExtension: field('MMStatusExtension', token),
    statusText,
    ...application,
    uaCapabilities: capabilities,
  },
  DeliveryReportRsp: plain,
  ReadReplyReq: {
    ...fromRelay,
    ...parties,
    timeStampMs,
    mmStatus: field('MMStatus', token),
    statusText,
    ...application,
  },
  ReadReplyRsp: plain,
  RSErrorRsp: plain,
  VASPErrorRsp: plain,
}

const PLANS: ReadonlyMap<string, FieldPlan> = new Map(
  Object.entries(TABLES).map(([name, table]) => [name, planFields(table as FieldTable<object>)]),
)

/** Every operation name, as the element is spelt. */
export const OPERATION_NAMES = Object.keys(TABLES) as readonly OperationName[]

/** Whether an element name is one of an MM7 operation. */
export function isOperationName(name: string): name is OperationName {
  return PLANS.has(name)
}

/** The plan of an operation. */
export function planOf(name: OperationName): FieldPlan {
  return PLANS.get(name) ?? planFields({})
}
