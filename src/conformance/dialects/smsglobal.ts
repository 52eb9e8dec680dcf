/** How each row of SMSGlobal's table is provoked. Keyed by the codes: one forgotten does not compile. */
import type { SmsglobalCode } from '../../dialects/smsglobal/codes.ts'
import { inTurn } from '../mm7/draft.ts'
import {
  account,
  contentAt,
  operationNamed,
  passThrough,
  priorityUrgent,
  submitting,
  to,
  version,
  without,
} from '../mm7/element-defects.ts'
import { cancel } from '../mm7/follow-ups.ts'
import { basic, method } from '../mm7/http-defects.ts'
import { answered, answeredAfter, type Provocation } from '../provocation.ts'

const asAccount = (name: string) => account(`smsglobal-${name}`)
const throughToCarrier = passThrough('smsglobal', '12347')
const fromCarrier = answered(throughToCarrier)
/** As long as ours, and never given out. */
const UNKNOWN_ID = '100000000000000000'
/** So often an account's own failure is repeated before it counts as the message's fault. */
const POISON_TRIES = 3

/** One way for each row. */
export const smsglobalProvocations: Readonly<Record<SmsglobalCode, Provocation>> = {
  '0': { by: 'send-command' },
  '1000': answered(),
  '1100': answered(inTurn(asAccount('1100'), to('15550100199', '12'))),
  '2000': answered(method('GET')),
  '2001': answered(submitting({ replyCharging: {} })),
  '2002': answered(to('12')),
  '2003': answeredAfter('accepted', (messageId) => cancel(messageId, '15550100111')),
  '2004': answered(contentAt('cid:elsewhere')),
  '2005': answered(cancel(UNKNOWN_ID)),
  '2006': answered(submitting({ linkedId: UNKNOWN_ID })),
  '2007': answered(priorityUrgent),
  '2008': answered(inTurn(asAccount('2008'), basic('demo', 'wrong'))),
  '2009': answered(submitting({ replyApplicId: 'nobody.example' })),
  '3000': answered(asAccount('3000')),
  '3001': answeredAfter('retrieved', (messageId) => cancel(messageId)),
  '3002': fromCarrier,
  '3003': answered(to('15550100198', '15550100199')),
  '3004': answered(inTurn(throughToCarrier, submitting({ applicId: 'demo.example' }))),
  '4000': fromCarrier,
  '4001': answered(account('nobody')),
  '4002': answered(version('9.9.9')),
  '4003': answered(operationNamed('extendedCancelReq')),
  '4004': answered(without('recipients')),
  '4005': answered(asAccount('4005'), POISON_TRIES),
  '4006': answered(asAccount('4006')),
  '4007': answered(asAccount('4007')),
  '4008': answered(submitting({ applicId: 'denied.example' })),
}
