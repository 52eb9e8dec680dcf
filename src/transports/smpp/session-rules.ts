/** Who may send what, by role and bind (SMPP 3.4 §2.3, table 2-1). */

import type { Bind, BodyOf } from '../../codecs/smpp/pdu.ts'
import type { BoundAs, MessageRequestName } from './handler.ts'

/** `esme`: the client, who binds. `smsc`: the message centre, who listens. */
export type SmppRole = 'esme' | 'smsc'

const TOWARDS_CENTRE: readonly BoundAs[] = ['transmitter', 'transceiver']
const TOWARDS_CLIENT: readonly BoundAs[] = ['receiver', 'transceiver']
const NEVER: readonly BoundAs[] = []

/** The binds under which each role may send a request. */
const MAY_SEND: Readonly<
  Record<MessageRequestName, Readonly<Record<SmppRole, readonly BoundAs[]>>>
> = {
  submit_sm: { esme: TOWARDS_CENTRE, smsc: NEVER },
  submit_multi: { esme: TOWARDS_CENTRE, smsc: NEVER },
  query_sm: { esme: TOWARDS_CENTRE, smsc: NEVER },
  cancel_sm: { esme: TOWARDS_CENTRE, smsc: NEVER },
  replace_sm: { esme: TOWARDS_CENTRE, smsc: NEVER },
  data_sm: { esme: TOWARDS_CENTRE, smsc: TOWARDS_CLIENT },
  deliver_sm: { esme: NEVER, smsc: TOWARDS_CLIENT },
}

/** Whether `sender` may send this request in a session bound so. */
export function maySend(sender: SmppRole, boundAs: BoundAs, command: MessageRequestName): boolean {
  return MAY_SEND[command][sender].includes(boundAs)
}

/** Whether the centre may tell a client of this bind that a handset is back. */
export function mayAlert(boundAs: BoundAs): boolean {
  return TOWARDS_CLIENT.includes(boundAs)
}

/** The other end's role. */
export const OTHER_ROLE: Readonly<Record<SmppRole, SmppRole>> = { esme: 'smsc', smsc: 'esme' }

const BINDS: Readonly<Record<BoundAs, Bind['command']>> = {
  transmitter: 'bind_transmitter',
  receiver: 'bind_receiver',
  transceiver: 'bind_transceiver',
}

/** The request that binds so. */
export function bindCommand(boundAs: BoundAs): Bind['command'] {
  return BINDS[boundAs]
}

/** What a bind request asks for. */
export function bindAsked(command: BodyOf<Bind['command']>['command']): BoundAs {
  if (command === 'bind_transmitter') return 'transmitter'
  return command === 'bind_receiver' ? 'receiver' : 'transceiver'
}
