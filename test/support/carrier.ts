/** The carrier's side: a simulated MMSC that does what a script says and keeps every mail it took. */
import { openSystemClock } from '../../src/clock/system-clock.ts'
import type { MmStatus } from '../../src/codecs/mm4/types.ts'
import type { CarrierBehaviour } from '../../src/connectors/mm4/behaviour.ts'
import { type Emulator, openMm4Emulator, type SeenMail } from '../../src/connectors/mm4/emulator.ts'
import { createInbox, type Inbox } from './inbox.ts'

export const CARRIER_DOMAIN = 'mms.carrier.example'

/** Takes everything, answers at once, and the handset fetches it. */
export const WILLING: CarrierBehaviour = {
  response: 'Ok',
  responseAfterMs: 0,
  reports: [{ status: 'Retrieved', afterMs: 0 }],
}

/** Reports of these statuses, one after the other. */
export function reporting(...statuses: readonly MmStatus[]): CarrierBehaviour {
  return {
    ...WILLING,
    reports: statuses.map((status) => ({ status, afterMs: 0 })),
  }
}

export interface CarrierSide extends Pick<Emulator, 'sendFromHandset' | 'connect'> {
  readonly port: number
  /** Mails that reached their final dot, refused ones too. */
  readonly mails: Inbox<SeenMail>
  /** The next mail of this type. */
  next(type: string): Promise<SeenMail>
  /** What happens to messages for this number (digits) from now on. */
  script(number: string, behaviour: CarrierBehaviour): void
  /** Moves the carrier's clock, which is its own. */
  advance(ms: number): void
  close(): Promise<void>
}

export async function openCarrier(
  picture: Uint8Array,
  domain = CARRIER_DOMAIN,
): Promise<CarrierSide> {
  const scripts = new Map<string, CarrierBehaviour>()
  const clock = openSystemClock()
  const mails = createInbox<SeenMail>(({ headers, envelope }) =>
    [headers.get('X-Mms-Message-Type'), envelope.from, ...envelope.to].join(' '),
  )
  const emulator = await openMm4Emulator({
    host: '127.0.0.1',
    port: 0,
    domain,
    behaviourOf: (number) => scripts.get(number) ?? WILLING,
    picture,
    keepBodies: true,
    after: (ms, callback) => void clock.wakeAt(clock.now() + ms, callback),
    now: () => clock.now(),
    onMail: (mail) => mails.put(mail),
  })
  return {
    port: emulator.address.port,
    mails,
    next: (type) => mails.next(type, ({ headers }) => headers.get('X-Mms-Message-Type') === type),
    script: (number, behaviour) => void scripts.set(number, behaviour),
    connect: (gateway) => emulator.connect(gateway),
    sendFromHandset: (from, to, parts) => emulator.sendFromHandset(from, to, parts),
    advance: (ms) => clock.advance(ms),
    async close() {
      clock.close()
      await emulator.close()
    },
  }
}
