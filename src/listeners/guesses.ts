/**
 * Who guesses keys: identifications that failed, counted by the address they came from. Past the
 * limit nothing that comes from there is looked at until the count has sunk: it is answered as a
 * wrong key is, without the work and whether or not it was right, so that guessing on tells nothing.
 * Numbers of one IPv6 network count together: whoever has one has them all.
 */
import { isIPv6 } from 'node:net'
import { type Rate, type ThrottleState, throttle } from '../core/throttle.ts'
import type { Clock } from '../engine/ports/clock.ts'

export interface Guesses {
  /** Whether nothing from this address is looked at now. */
  barred(door: string, address: string): boolean
  /** An identification from this address failed. */
  failed(door: string, address: string): void
}

export interface GuessLimits {
  /** Failed identifications from one address, in a minute and at once. */
  readonly failedLoginsPerMinute: number
  /** Addresses remembered; the one that has failed least lately is forgotten first. */
  readonly failedLoginAddressesMax: number
}

/** Who hears of guessing. */
export interface GuessObserver {
  /** An identification failed, or was not looked at. */
  identificationFailed(door: string, because: 'wrong' | 'barred'): void
  /** An address is barred; said once a minute of each. */
  guessing(door: string, address: string): void
}

interface Guesser {
  state: ThrottleState
  /** When it was last told, epoch milliseconds. */
  toldAt: number
}

const SECONDS_OF_MINUTE = 60
const TOLD_AGAIN_MS = 60_000
/** Groups of an IPv6 address that name its network: what one customer is given (RFC 6177). */
const NETWORK_GROUPS = 4

/** One for all doors. */
export function createGuesses(clock: Clock, limits: GuessLimits, observer: GuessObserver): Guesses {
  const guessers = new Map<string, Guesser>()
  const rate: Rate = {
    perSecond: limits.failedLoginsPerMinute / SECONDS_OF_MINUTE,
    burst: limits.failedLoginsPerMinute,
  }

  function tell(door: string, address: string, guesser: Guesser, now: number): void {
    if (guesser.toldAt + TOLD_AGAIN_MS > now) return
    guesser.toldAt = now
    observer.guessing(door, address)
  }

  return {
    barred(door, address) {
      const guesser = guessers.get(networkOf(address))
      if (guesser === undefined) return false
      const now = clock.now()
      if (throttle(rate, guesser.state, now).kind === 'pass') return false
      observer.identificationFailed(door, 'barred')
      tell(door, address, guesser, now)
      return true
    },
    failed(door, address) {
      const network = networkOf(address)
      const guesser = guessers.get(network) ?? { state: 0, toldAt: Number.NEGATIVE_INFINITY }
      guesser.state = throttle(rate, guesser.state, clock.now()).state
      observer.identificationFailed(door, 'wrong')
      guessers.delete(network)
      guessers.set(network, guesser)
      if (guessers.size <= limits.failedLoginAddressesMax) return
      for (const oldest of guessers.keys()) {
        guessers.delete(oldest)
        return
      }
    },
  }
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = ''] = address.split('::', 1)
  const groups = head === '' ? [] : head.split(':')
  // What `::` stands for is zeros; a network spelt with them is the same network.
  const network = Array.from({ length: NETWORK_GROUPS }, (_, place) =>
    Number.parseInt(groups[place] ?? '0', 16).toString(16),
  )
  return network.join(':')
}
