/** What a change makes of a delivery, without asking the store. */
import type { Delivery, DeliveryChange } from './ports/store.ts'

/** The delivery as it is after a change; its version is the caller's to know. */
export function changed(delivery: Delivery, change: DeliveryChange): Delivery {
  const { nextAt, reason, expects, remoteId, submittedAt, ...rest } = { ...delivery, ...change }
  return {
    ...rest,
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(reason === undefined ? {} : { reason }),
    ...(expects === undefined ? {} : { expects }),
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(submittedAt === undefined ? {} : { submittedAt }),
  }
}
