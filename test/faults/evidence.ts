/** What the world around the gateway knows when the faults are over; the judge holds the store to it. */
import type { DeliveryState } from '../../src/core/delivery-state.ts'
import type { Delivery } from '../../src/engine/ports/store.ts'

/** One request a client made until it had its answer. */
export interface Sent {
  /** Unlike any other request's; it travels in the message. */
  readonly mark: string
  /** One recipient, of this message alone. */
  readonly number: string
  readonly digest: string
  /** Ids it was answered with, over a line that garbled nothing meanwhile. */
  readonly ids: Set<string>
  /** It has its yes. */
  answered: boolean
  /** Times it was said; each may be a message where nothing names a repetition. */
  tries: number
  /** A repetition is known by a name it bears. */
  readonly named: boolean
}

/** One whole request at a carrier. */
export interface Arrival {
  readonly number: string
  /** What names the delivery in it, the same for every attempt. */
  readonly key: string
  readonly digest: string
}

/** One report a client got to its end, answered or not. */
export interface Heard {
  readonly number: string
  /** The notice's id. */
  readonly id: string
}

export interface Evidence {
  readonly sent: ReadonlyMap<string, Sent>
  readonly arrivals: readonly Arrival[]
  readonly heard: readonly Heard[]
  /** How a delivery to this number ends, by what its carrier does, if nothing stays ambiguous. */
  endOf(number: string): DeliveryState
  /** Its way out sends nothing again that may have arrived: it ends unknown where nobody can say. */
  holds(number: string): boolean
  /** Times a line garbled what it said of this mark or number. */
  garbled(name: string): number
  /** Times a line said a request of this mark or number again. */
  replayed(name: string): number
  /** Whether a request with this key is one of this delivery; where absent, its name is in the key. */
  readonly bears?: (key: string, name: string) => boolean
  /** The word a client is told of this end; the notice's own where absent. */
  readonly wordOf?: (delivery: Delivery) => string
}
