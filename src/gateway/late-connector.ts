/**
 * A way out whose code is loaded when it is first opened or used. Until then the lane it begins with
 * is all the engine needs of it. Most gateways have one kind of way out, and start without the others.
 */
import type { Connector, Lane, Parties } from '../engine/ports/connector.ts'
import { late } from './late.ts'

/** What is known of a connector before it is there. */
export interface KnownOfConnector {
  readonly name: string
  /** The lane it begins with. */
  readonly lane: Lane
  readonly spellingsOf?: NonNullable<Connector['spellingsOf']>
  /** It can ask for messages back. */
  readonly cancels?: boolean
}

export function lateConnector(known: KnownOfConnector, load: () => Promise<Connector>): Connector {
  let made: Connector | undefined
  const connector = late(async () => {
    made = await load()
    return made
  })

  return {
    name: known.name,
    get lane() {
      return made?.lane ?? known.lane
    },
    ...(known.spellingsOf === undefined ? {} : { spellingsOf: known.spellingsOf }),
    open: async () => (await connector.get()).open(),
    async deliver(attempt, signal) {
      return (made ?? (await connector.get())).deliver(attempt, signal)
    },
    ...(known.cancels === true
      ? {
          async cancel(remoteId: string, signal: AbortSignal, parties: Parties) {
            const answer = (await connector.get()).cancel?.(remoteId, signal, parties)
            return (await answer) ?? { kind: 'unsupported' as const, raw: 'it cannot be asked' }
          },
        }
      : {}),
    close: async () => (await connector.made())?.close(),
  }
}
