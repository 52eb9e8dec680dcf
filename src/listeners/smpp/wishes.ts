/** What a client asks for beside delivery: receipts, urgency, an earliest and a latest moment. */
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import { hasReservedBits, parseRegisteredDelivery } from '../../codecs/smpp/registered-delivery.ts'
import { parseTime, resolveTime } from '../../codecs/smpp/time.ts'
import type { SmppAccess } from '../../core/directory.ts'
import type { Priority, SmsDetails } from '../../core/message.ts'
import { type Objection, objection, refused } from './objection.ts'

/** Which receipts, as `Envelope` and `SmsDetails` say it. */
export interface ReceiptWishes extends Pick<SmsDetails, 'receiptsFor' | 'interimReceipts'> {
  readonly deliveryReports: boolean
}

const NO_RECEIPTS: ReceiptWishes = { deliveryReports: false }
const EVERY_END: ReceiptWishes = { deliveryReports: true }

/**
 * Reads registered_delivery. Handset acknowledgements are not offered and asking is no fault; to ask
 * for what comes before the end without the end itself is to ask for nothing.
 */
export function readReceiptWishes(
  octet: number,
  { registeredDelivery }: Pick<SmppAccess, 'registeredDelivery'>,
): ReceiptWishes | Objection {
  if (octet === 0) return NO_RECEIPTS
  if (octet === 1) return EVERY_END
  if (registeredDelivery === 'strict' || hasReservedBits(octet)) {
    return refused('receipt-flag-invalid')
  }
  const { receipt, intermediate } = parseRegisteredDelivery(octet)
  if (receipt === 'none') return NO_RECEIPTS
  return {
    deliveryReports: true,
    ...(receipt === 'final' ? {} : { receiptsFor: receipt }),
    ...(intermediate ? { interimReceipts: true } : {}),
  }
}

/** The earliest and the latest moment, epoch milliseconds. */
export interface TimeWishes {
  readonly notBefore?: number
  readonly expiresAt: number
}

/** Reads schedule_delivery_time and validity_period, which may both count from `now`. */
export function readTimeWishes(
  fields: { readonly scheduleDeliveryTime: string; readonly validityPeriod: string },
  now: number,
  validityMs: number,
): TimeWishes | Objection {
  const { scheduleDeliveryTime, validityPeriod } = fields
  if (scheduleDeliveryTime === '' && validityPeriod === '') return { expiresAt: now + validityMs }
  const schedule = parseTime(scheduleDeliveryTime)
  if (schedule === undefined) return objection(COMMAND_STATUS.ESME_RINVSCHED)
  const validity = parseTime(validityPeriod)
  if (validity === undefined) return objection(COMMAND_STATUS.ESME_RINVEXPIRY)
  const start = resolveTime(schedule, now)
  const notBefore = start === undefined || start <= now ? undefined : start
  const expiresAt = resolveTime(validity, now) ?? (notBefore ?? now) + validityMs
  if (expiresAt <= now) return objection(COMMAND_STATUS.ESME_RINVEXPIRY)
  if (notBefore !== undefined && notBefore >= expiresAt) {
    return objection(COMMAND_STATUS.ESME_RINVSCHED)
  }
  return { expiresAt, ...(notBefore === undefined ? {} : { notBefore }) }
}

/** SMPP 3.4 §5.2.14: 0 is the ordinary priority of GSM, 1 to 3 are all above it. */
export function readPriority(flag: number): Priority | Objection {
  if (flag === 0) return 'normal'
  return flag <= PRIORITY_MAX ? 'high' : objection(COMMAND_STATUS.ESME_RINVPRTFLG)
}

const PRIORITY_MAX = 3
