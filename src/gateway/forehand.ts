/**
 * What the directory names is loaded before its first message: in the background once the gateway
 * listens, and again after each change. It costs the start nothing, and a gateway that is out of file
 * descriptors when the first message comes has read its code already (Node does not read a module
 * again that it could not read once).
 */
import { speaksMm4, speaksMm7, speaksSmpp } from '../core/carrier.ts'
import type { Directory } from '../core/directory.ts'
import type { LateServer } from '../transports/late-server.ts'

/** The doors that load what serves them when they are first called. */
export interface LateDoors {
  readonly smtp: Pick<LateServer, 'load'>
  readonly smpp: Pick<LateServer, 'load'>
}

/** Rejects with the first thing that cannot be loaded; the others are loaded all the same. */
export async function loadNamed(directory: Directory, doors: LateDoors): Promise<void> {
  const { accounts, carriers } = directory
  const clientsMail = accounts.some(({ mm4 }) => mm4 !== undefined)
  const clientsBind = accounts.some(({ smpp }) => smpp !== undefined)
  const mail = carriers.some(speaksMm4)
  await Promise.all([
    ...(clientsMail || mail
      ? [
          doors.smtp.load(),
          import('../connectors/mm4/connector.ts'),
          import('../listeners/mm4/report-mail.ts'),
        ]
      : []),
    ...(clientsBind ? [doors.smpp.load(), import('../listeners/smpp/joiner.ts')] : []),
    ...(carriers.some(speaksMm7)
      ? [import('../connectors/mm7/connector.ts'), import('./upstream-door.ts')]
      : []),
    ...(carriers.some(speaksSmpp)
      ? [import('../connectors/smpp/connector.ts'), import('../listeners/smpp-carrier/inbound.ts')]
      : []),
  ])
}
