/**
 * The operations of SMPP by name and number (SMPP 3.4 §5.1.2.1). A response has the number of its
 * request with the highest bit set.
 */

/** Requests that are answered by a response of their own. */
export const REQUEST_IDS = {
  bind_receiver: 0x0000_0001,
  bind_transmitter: 0x0000_0002,
  query_sm: 0x0000_0003,
  submit_sm: 0x0000_0004,
  deliver_sm: 0x0000_0005,
  unbind: 0x0000_0006,
  replace_sm: 0x0000_0007,
  cancel_sm: 0x0000_0008,
  bind_transceiver: 0x0000_0009,
  enquire_link: 0x0000_0015,
  submit_multi: 0x0000_0021,
  data_sm: 0x0000_0103,
} as const

/** Operations nobody answers. */
export const ONE_WAY_IDS = {
  outbind: 0x0000_000b,
  alert_notification: 0x0000_0102,
  generic_nack: 0x8000_0000,
} as const

/** A request as the standard spells it. */
export type RequestName = keyof typeof REQUEST_IDS

/** The response to a request. */
export type ResponseName = `${RequestName}_resp`

/** Any operation this codec reads and writes. */
export type CommandName = RequestName | ResponseName | keyof typeof ONE_WAY_IDS

/** Set in the number of every response, generic_nack among them. */
export const RESPONSE_BIT = 0x8000_0000

/** SMPP 5.0 §4.1: cell broadcast, which we recognise by name and do not speak. */
const UNSPOKEN: ReadonlyMap<number, string> = new Map([
  [0x0111, 'broadcast_sm'],
  [0x0112, 'query_broadcast_sm'],
  [0x0113, 'cancel_broadcast_sm'],
])

const ID_BY_NAME = new Map<CommandName, number>()
const NAME_BY_ID = new Map<number, CommandName>()

function enter(name: CommandName, id: number): void {
  ID_BY_NAME.set(name, id)
  NAME_BY_ID.set(id, name)
}

for (const [name, id] of Object.entries(ONE_WAY_IDS)) enter(name as CommandName, id)
for (const [name, id] of Object.entries(REQUEST_IDS)) {
  enter(name as RequestName, id)
  enter(responseNameOf(name as RequestName), RESPONSE_BIT + id)
}

/** The number on the wire, 32 bits without sign. */
export function commandId(name: CommandName): number {
  return ID_BY_NAME.get(name) ?? ONE_WAY_IDS.generic_nack
}

/** The operation of a number; `undefined` for one that this codec does not speak. */
export function findCommand(id: number): CommandName | undefined {
  return NAME_BY_ID.get(id)
}

/** The name of the response to a request. */
export function responseNameOf<C extends RequestName>(name: C): `${C}_resp` {
  return `${name}_resp`
}

/** Whether an operation number is that of a response, known or not. */
export function isResponseId(id: number): boolean {
  return id >= RESPONSE_BIT
}

/** What to call an operation in a log: its name, or its number where it has none. */
export function printCommandId(id: number): string {
  const request = id % RESPONSE_BIT
  const unspoken = UNSPOKEN.get(request)
  const name = unspoken && (isResponseId(id) ? `${unspoken}_resp` : unspoken)
  return findCommand(id) ?? name ?? `0x${id.toString(16).padStart(8, '0')}`
}
