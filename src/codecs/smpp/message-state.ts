/** message_state: what became of a message, as query_sm_resp and receipts say it (§5.2.28). */

/** The states; `SCHEDULED` and `SKIPPED` are SMPP 5.0's. */
export const MESSAGE_STATES = {
  SCHEDULED: 0,
  ENROUTE: 1,
  DELIVERED: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIVERABLE: 5,
  ACCEPTED: 6,
  UNKNOWN: 7,
  REJECTED: 8,
  SKIPPED: 9,
} as const

/** A state as the standard spells it. */
export type MessageStateName = keyof typeof MESSAGE_STATES

const NAMES: ReadonlyMap<number, MessageStateName> = new Map(
  Object.entries(MESSAGE_STATES).map(([name, value]) => [value, name as MessageStateName]),
)

/** The name of a state; `undefined` for numbers of a vendor. */
export function findMessageState(value: number): MessageStateName | undefined {
  return NAMES.get(value)
}
