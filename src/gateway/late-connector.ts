/**
 * A way out whose code is loaded when it is first opened or used. Until then the lane it begins with
 * is all the engine needs of it. Most gateways have one kind of way out, and start without the others.
 */
import type { Connector, Lane, Parties } from '../engine/ports/connector.ts'

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
  let loading: Promise<Connector> | undefined

  function ready(): Promise<Connector> {
    loading ??= load().then((connector) => {
      made = connector
      return connector
    })
    return loading
  }

  return {
    name: known.name,
    get lane() {
      return made?.lane ?? known.lane
    },
    ...(known.spellingsOf === undefined ? {} : { spellingsOf: known.spellingsOf }),
    open: async () => (await ready()).open(),
    async deliver(attempt, signal) {
      return (made ?? (await ready())).deliver(attempt, signal)
    },
    ...(known.cancels === true
      ? {
          async cancel(remoteId: string, signal: AbortSignal, parties: Parties) {
            const answer = (await ready()).cancel?.(remoteId, signal, parties)
            return (await answer) ?? { kind: 'unsupported' as const, raw: 'it cannot be asked' }
          },
        }
      : {}),
    async close() {
      await (await loading)?.close()
    },
  }
}
