/**
 * The engine over a real store and real media, with a carrier that takes everything and a client that
 * hears everything, neither of which costs anything.
 */
import { openSystemClock } from '../src/clock/system-clock.ts'
import { createEngine, type Engine } from '../src/engine/engine.ts'
import type { Connector } from '../src/engine/ports/connector.ts'
import type { Media } from '../src/engine/ports/media.ts'
import type { ReportSender } from '../src/engine/ports/report-sender.ts'
import type { Store } from '../src/engine/ports/store.ts'
import {
  directoryOf,
  HOUR_MS,
  PLAIN_LANE,
  PLAIN_LIMITS,
  PLAIN_NOTICE_LANE,
} from '../test/support/engine-world.ts'

/** `later`: nothing goes out yet. `delivers`: it arrived at once. `reports`: taken, reported after. */
export type CarrierHabit = 'later' | 'delivers' | 'reports'

export interface NullEngineOptions {
  readonly store: Store
  readonly media: Media
  readonly habit: CarrierHabit
  readonly contentBytes: number
}

export interface NullEngine {
  /** Takes one message to its end: accepted when nothing goes out, else told to the client. */
  produce(): Promise<void>
  stop(): Promise<void>
}

const WAY = 'null'
const CONCURRENCY = 256
const WINDOW_MAX = 512
/** Of the null carrier's only prefix. */
const RECIPIENT = { kind: 'number', text: '15550100123' } as const

export function openNullEngine(options: NullEngineOptions): NullEngine {
  const { store, media, habit, contentBytes } = options
  const bytes = new Uint8Array(contentBytes).fill(65)
  const ended = new Map<string, () => void>()
  const early = new Set<string>()
  let serial = 0

  function end(messageId: string): void {
    const resolve = ended.get(messageId)
    if (resolve === undefined) early.add(messageId)
    else resolve()
    ended.delete(messageId)
  }

  const connector = nullCarrier(habit, (remoteId) =>
    engine.receive(WAY, remoteId, { status: 'retrieved', raw: 'DELIVRD' }, true),
  )
  const clock = openSystemClock()
  const directory = directoryOf([WAY])
  const engine: Engine = createEngine(
    {
      store,
      media,
      clock,
      random: Math.random,
      directory: () => directory,
      connectorFor: () => connector,
      reports: nullClient(end),
      limits: { ...PLAIN_LIMITS, laneWindowMax: WINDOW_MAX },
      observe: () => undefined,
      crashPoint: () => undefined,
      alarm(where, error) {
        throw new Error(where, { cause: error })
      },
    },
    async () => undefined,
  )

  async function produce(): Promise<void> {
    const writer = media.openWriter()
    await writer.write(bytes)
    serial += 1
    const answer = await engine.accept({
      accountId: 'acme',
      direction: 'mt',
      channel: 'mms',
      dialect: 'plain',
      envelope: { ...ENVELOPE, clientReference: String(serial) },
      recipients: [RECIPIENT],
      content: { ...writer.finish(), parts: [{ ...PART, length: contentBytes }] },
      ...(habit === 'later' ? { notBefore: clock.now() + HOUR_MS } : {}),
      idempotency: { scope: 'acme', key: String(serial), fingerprint: String(serial) },
    })
    if (answer.kind !== 'accepted') throw new Error(`not accepted: ${answer.kind}`)
    const { messageId } = answer
    if (habit === 'later' || early.delete(messageId)) return
    await new Promise<void>((resolve) => ended.set(messageId, resolve))
  }

  return {
    produce,
    async stop() {
      await engine.stop()
      clock.close()
    },
  }
}

function nullCarrier(
  habit: CarrierHabit,
  report: (remoteId: string) => Promise<unknown>,
): Connector {
  return {
    name: WAY,
    lane: { ...PLAIN_LANE, concurrency: CONCURRENCY },
    open: async () => undefined,
    close: async () => undefined,
    async deliver({ key }) {
      if (habit === 'delivers') return { kind: 'delivered' }
      setImmediate(() => void report(key))
      return { kind: 'submitted', remoteId: key, expects: 'report' }
    },
  }
}

function nullClient(end: (messageId: string) => void): ReportSender {
  const lane = { ...PLAIN_NOTICE_LANE, concurrency: CONCURRENCY }
  return {
    laneFor: () => lane,
    async send({ messageId, result }) {
      if (result !== 'handed-to-network') end(messageId)
      return { kind: 'delivered' }
    },
  }
}

const ENVELOPE = {
  sender: { kind: 'short-code', text: '24680' },
  messageClass: 'informational',
  priority: 'normal',
  senderVisible: true,
  adaptationAllowed: true,
  deliveryReports: true,
  readReports: false,
} as const

const PART = {
  mediaType: 'text/plain',
  contentType: 'text/plain',
  encoding: 'binary',
  offset: 0,
  decodedLength: 0,
} as const
