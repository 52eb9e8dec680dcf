/** What a change makes of a delivery, without asking the store. */
import type { Delivery, DeliveryChange } from './ports/store.ts'

type Draft = { -readonly [Key in keyof Delivery]: Delivery[Key] }

/**
 * The delivery as it is after a change; its version is the caller's to know. Member by member: this
 * runs for every attempt and report, and spreading both costs ten times as much.
 */
export function changed(delivery: Delivery, change: DeliveryChange): Delivery {
  const { leasedAt } = delivery
  const { nextAt } = change
  const remoteId = 'remoteId' in change ? change.remoteId : delivery.remoteId
  const expects = 'expects' in change ? change.expects : delivery.expects
  const submittedAt = 'submittedAt' in change ? change.submittedAt : delivery.submittedAt
  const reason = 'reason' in change ? change.reason : delivery.reason
  const after: Draft = {
    id: delivery.id,
    messageId: delivery.messageId,
    index: delivery.index,
    recipient: delivery.recipient,
    lane: delivery.lane,
    state: change.state,
    expiresAt: delivery.expiresAt,
    attempts: change.attempts ?? delivery.attempts,
    token: delivery.token,
    version: delivery.version,
  }
  if (nextAt !== undefined) after.nextAt = nextAt
  if (leasedAt !== undefined) after.leasedAt = leasedAt
  if (remoteId !== undefined) after.remoteId = remoteId
  if (expects !== undefined) after.expects = expects
  if (submittedAt !== undefined) after.submittedAt = submittedAt
  if (reason !== undefined) after.reason = reason
  return after
}
