/**
 * Asks far ends to give back what they have taken. A far end that says yes has ended the delivery,
 * unless a report was faster: the first final state wins. A no, and silence, change nothing: the
 * report still to come tells the client what became of its message.
 */
import { isFinal } from '../core/delivery-state.ts'
import type { Message } from '../core/message.ts'
import { type EngineParts, subjectOf } from './parts.ts'
import type { Cancellation, Connector } from './ports/connector.ts'
import type { Delivery } from './ports/store.ts'

export interface TakingBack {
  /** Whether a far end has it that can be asked to give it back. */
  askable(delivery: Delivery): boolean
  /** Asks for each at once; answers those that were not given back. */
  askAll(message: Message, taken: readonly Delivery[]): Promise<readonly Delivery[]>
}

/** A yes may meet reports that move nothing this often before the fault is ours. */
const RACES_MAX = 8

export function createTakingBack(parts: EngineParts): TakingBack {
  const { store, clock } = parts

  function askable({ state, expects, remoteId, lane }: Delivery): boolean {
    // One that left in several parts would have to come back whole.
    if (state !== 'submitted' || expects !== 'report' || remoteId === undefined) return false
    const connector = parts.connectorFor(lane)
    return connector?.cancel !== undefined && connector.lane.cancelTimeoutMs !== undefined
  }

  async function takeBack(message: Message, delivery: Delivery): Promise<boolean> {
    const connector = parts.connectorFor(delivery.lane)
    const answer = connector === undefined ? undefined : await ask(connector, message, delivery)
    return answer?.kind === 'cancelled' && settle(message, delivery, answer)
  }

  async function ask(
    connector: Connector,
    { envelope: { sender } }: Message,
    { remoteId, recipient }: Delivery,
  ): Promise<Cancellation | undefined> {
    const { cancelTimeoutMs } = connector.lane
    if (remoteId === undefined || cancelTimeoutMs === undefined) return undefined
    const abort = new AbortController()
    const timer = clock.wakeAt(clock.now() + cancelTimeoutMs, () => abort.abort())
    try {
      return await connector.cancel?.(remoteId, abort.signal, { sender, recipient })
    } catch (error) {
      // Ours, by the connector's contract; nobody knows what was said.
      parts.alarm(`withdrawal on ${connector.name}`, error)
      return undefined
    } finally {
      timer.cancel()
    }
  }

  async function settle(
    message: Message,
    asked: Delivery,
    { raw }: Cancellation,
  ): Promise<boolean> {
    let delivery = asked
    for (let race = 0; race < RACES_MAX; race += 1) {
      if (isFinal(delivery.state)) return delivery.state === 'cancelled'
      const events = [
        {
          type: 'cancelled',
          at: clock.now(),
          delivery: delivery.index,
          state: 'cancelled',
          route: delivery.lane,
          raw,
        },
      ] as const
      const change = { state: 'cancelled', nextAt: undefined, reason: 'cancelled' } as const
      const { id: deliveryId, version } = delivery
      const [result] = await store.commit([
        { op: 'settle', deliveryId, version, change, events, notices: [] },
      ])
      if (result.kind === 'done') {
        parts.observe(subjectOf(message), events)
        return true
      }
      if (result.current === undefined) return false
      delivery = result.current
    }
    throw new Error(`delivery ${asked.id} changed ${RACES_MAX} times under one withdrawal`)
  }

  return {
    askable,
    async askAll(message, taken) {
      const back = await Promise.all(taken.map((delivery) => takeBack(message, delivery)))
      return taken.filter((_, place) => back[place] !== true)
    },
  }
}
