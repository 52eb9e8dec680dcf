/** How each row of Sinch's table is provoked. Keyed by the codes: one forgotten does not compile. */
import type { SinchCode } from '../../dialects/sinch/codes.ts'
import { sinchMm7 } from '../../dialects/sinch/profile.ts'
import { envelopeCut, envelopeLabelledAsText, partTypeInOneWord } from '../mm7/body-defects.ts'
import { inTurn } from '../mm7/draft.ts'
import {
  account,
  bodyEmpty,
  contentAt,
  operationNamed,
  passThrough,
  priorityUrgent,
  schema,
  sender,
  submitting,
  to,
  toEmpty,
  version,
  without,
  withoutTransactionId,
} from '../mm7/element-defects.ts'
import { basic, chunked, declaredLength, header, method } from '../mm7/http-defects.ts'
import { answered, type Provocation } from '../provocation.ts'

/** A URL nobody answers at: port 1 (tcpmux) is open nowhere. */
export const DEAD_URL = 'http://127.0.0.1:1/photo.png'

/** What tells the two dialects of this service apart here. */
interface ServiceFacts {
  /** Their accounts in the sandbox begin with it. */
  readonly dialect: string
  /** The short code of its pass-through account. */
  readonly passThroughSender: string
  readonly carrierIdHeader: string
  readonly carrierIdOfNobody: string
}

/** The rows that both dialects of this service share. */
export function serviceRows(facts: ServiceFacts) {
  const asAccount = (name: string) => account(`${facts.dialect}-${name}`)
  const fromCarrier = answered(passThrough(facts.dialect, facts.passThroughSender))
  return {
    '1000': answered(),
    '2000': answered(method('GET')),
    '2002': answered(to('12')),
    '2004': fromCarrier,
    '2007': answered(envelopeCut),
    '2500': answered(chunked),
    '2502': answered(toEmpty),
    '2503': answered(to('15550100198', '15550100199')),
    '2504': answered(sender({ senderAddress: undefined })),
    '2505': answered(version('9.9.9')),
    '2506': answered(without('content')),
    '2507': answered(schema('REL-5-MM7-1-0')),
    '2510': answered(withoutTransactionId),
    '2511': answered(bodyEmpty),
    '2512': answered(operationNamed('CancelReq')),
    '2513': answered(contentAt('cid:elsewhere')),
    '2514': answered(partTypeInOneWord),
    '2515': answered(envelopeLabelledAsText),
    '2550': answered(asAccount('2550')),
    '2551': answered(asAccount('2551')),
    '2560': answered(declaredLength(sinchMm7.requestBytesMax + 1)),
    '2561': answered(without('senderIdentification')),
    '2562': answered(sender({ vasId: 'nobody' })),
    '2563': answered(sender({ senderAddress: { kind: 'ShortCode', value: '54321' } })),
    '2564': answered(account('nobody')),
    '2565': answered(submitting({ replyCharging: {} })),
    '2566': answered(header(facts.carrierIdHeader, facts.carrierIdOfNobody)),
    '2567': answered(asAccount('2567')),
    '2568': answered(inTurn(asAccount('2568'), basic('demo', 'wrong'))),
    '3000': answered(asAccount('3000')),
    '3001': answered(),
    '3002': answered(submitting({ chargedParty: 'Sender' })),
    '3003': answered(contentAt(DEAD_URL)),
    '3500': fromCarrier,
    '3510': answered(asAccount('3510')),
    '3520': answered(asAccount('3520')),
    '4000': fromCarrier,
    '4002': fromCarrier,
    '4003': fromCarrier,
    '4004': answered(priorityUrgent),
    '4006': fromCarrier,
    '4007': fromCarrier,
  } as const satisfies Record<SinchCode, Provocation>
}

/** One way for each row of the MM7 service. */
export const sinchProvocations: Readonly<Record<SinchCode, Provocation>> = serviceRows({
  dialect: 'sinch',
  passThroughSender: '12345',
  carrierIdHeader: 'X-Mblox-Carrier-Id',
  carrierIdOfNobody: '99999',
})
