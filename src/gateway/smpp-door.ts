/** The SMPP door, put together. */
import type { Server } from 'node:net'
import type { Config } from '../config/config-schema.ts'
import { findSpoken } from '../dialects/spoken.ts'
import type { Engine } from '../engine/engine.ts'
import { smsClientLane } from '../engine/parts.ts'
import type { SmppDoorParts } from '../listeners/smpp/door.ts'
import { openSmppListener, type SmppListener } from '../listeners/smpp/listener.ts'
import { receiptLane } from '../listeners/smpp/receipt.ts'

/** What the doors share, and what this one needs beside it. */
export type SmppParts = Pick<
  SmppDoorParts,
  | 'directory'
  | 'checks'
  | 'rates'
  | 'guesses'
  | 'admission'
  | 'clock'
  | 'policies'
  | 'clients'
  | 'read'
  | 'reviser'
  | 'accept'
  | 'hold'
  | 'observer'
  | 'alarm'
> & { readonly engine: Engine }

export function openSmppDoor(
  config: Config['smpp'],
  tls: { readonly key: string; readonly cert: string } | undefined,
  { engine, ...parts }: SmppParts,
  listening: Server,
): Promise<SmppListener> {
  const { tls: _files, validityMs, ...options } = config
  return openSmppListener(
    { ...options, listening, ...(tls === undefined ? {} : { tls: { options: tls } }) },
    {
      ...parts,
      findDialect: findSpoken,
      validityMs,
      answerLost: engine.answerLost,
      arrived(accountId) {
        const now = parts.clock.now()
        engine.scheduler.notice(receiptLane(accountId), now)
        engine.scheduler.delivery(smsClientLane(accountId), now)
      },
    },
  )
}
