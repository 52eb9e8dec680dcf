/**
 * Whether a client may bind. The password is looked at whoever asks, so yes and no take the same
 * time, and what else is wrong is said only to one who knew it.
 */
import { COMMAND_STATUS } from '../../codecs/smpp/command-status.ts'
import type { Bind } from '../../codecs/smpp/pdu.ts'
import type { SmppBind } from '../../core/directory.ts'
import type { BindVerdict, SmppSession } from '../../transports/smpp/handler.ts'
import type { SmppDoorParts } from './door.ts'

const BOUND_AS: Readonly<Record<Bind['command'], SmppBind>> = {
  bind_transmitter: 'transmitter',
  bind_receiver: 'receiver',
  bind_transceiver: 'transceiver',
}

/** Name of the door in metrics. */
const DOOR = 'smpp'

const no = (commandStatus: number): BindVerdict => ({ commandStatus })

/** Judges a bind; counts nothing but failures and remembers nothing. */
export async function judgeBind(
  { directory, checks, guesses, clients, admission }: SmppDoorParts,
  { command, systemId, password, systemType }: Bind,
  { peer }: SmppSession,
): Promise<BindVerdict> {
  // The word for a name that nobody has, whatever name it is.
  if (guesses.barred(DOOR, peer.address)) return no(COMMAND_STATUS.ESME_RINVSYSID)
  const account = directory().accountBySystemId.get(systemId)
  const access = account?.smpp
  const expected =
    access === undefined ? undefined : { user: access.systemId, passwordHash: access.passwordHash }
  const verdict = await checks.verify(expected, { user: systemId, password })
  if (verdict === 'busy') return no(COMMAND_STATUS.ESME_RSYSERR)
  if (verdict === 'mismatch') guesses.failed(DOOR, peer.address)
  if (account === undefined || access === undefined) return no(COMMAND_STATUS.ESME_RINVSYSID)
  if (verdict === 'mismatch') return no(COMMAND_STATUS.ESME_RINVPASWD)
  if (!account.enabled || !access.enabled) return no(COMMAND_STATUS.ESME_RINVSYSID)
  if (access.systemType !== undefined && access.systemType !== systemType) {
    return no(COMMAND_STATUS.ESME_RINVSYSTYP)
  }
  const allowed =
    (access.allowAddresses.length === 0 || checks.addressIn(access.allowAddresses, peer.address)) &&
    (!access.tlsRequired || peer.tls !== undefined) &&
    access.binds.includes(BOUND_AS[command]) &&
    clients.count(account.id) < access.sessionsMax
  if (!allowed) return no(COMMAND_STATUS.ESME_RBINDFAIL)
  if (admission.refusal() === 'draining') return no(COMMAND_STATUS.ESME_RSYSERR)
  return {
    commandStatus: COMMAND_STATUS.ESME_ROK,
    windowMax: access.deliverWindowMax,
    inboundWindowMax: access.windowMax,
  }
}
