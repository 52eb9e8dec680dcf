/**
 * Who may be connected to a server, and how often an address may try to bind. Pure counting: what it
 * is asked it answers, sockets and clocks are elsewhere.
 */

import { addressGroup } from '../peer-address.ts'

/** The bounds it keeps. */
export interface AdmissionLimits {
  readonly sessionsMax: number
  readonly sessionsPerAddressMax: number
  /** Connections that have not bound; one more crowds the oldest of them out. */
  readonly unboundMax: number
  /** Binds one address may try per second, and at once. */
  readonly bindsPerSecond: number
}

/** One connection's place. */
export interface Place {
  /** It bound, and cannot be crowded out any more. */
  bound(): void
  /** It is gone. */
  release(): void
}

interface Bucket {
  left: number
  at: number
}

/** Addresses remembered for their binds; when more come at once, unknown ones have to wait. */
const ADDRESSES_MAX = 10_000
const SECOND_MS = 1000

/** The places of one server. */
export class Admission {
  private readonly limits: AdmissionLimits
  private readonly perAddress = new Map<string, number>()
  private readonly buckets = new Map<string, Bucket>()
  /** How to crowd out those that have not bound, oldest first. */
  private readonly unbound = new Set<() => void>()
  private count = 0

  constructor(limits: AdmissionLimits) {
    this.limits = limits
  }

  get sessionCount(): number {
    return this.count
  }

  get unboundCount(): number {
    return this.unbound.size
  }

  /** A place for a connection, or which bound it would break. `crowdOut` ends it while unbound. */
  admit(address: string, crowdOut: () => void): Place | 'sessions' | 'sessions-per-address' {
    const group = addressGroup(address)
    const before = this.perAddress.get(group) ?? 0
    if (this.count >= this.limits.sessionsMax) return 'sessions'
    if (before >= this.limits.sessionsPerAddressMax) return 'sessions-per-address'
    this.count++
    this.perAddress.set(group, before + 1)
    // An honest client binds at once, so the oldest has the least right to stay.
    if (this.unbound.size >= this.limits.unboundMax) {
      const [oldest] = this.unbound
      if (oldest !== undefined) {
        this.unbound.delete(oldest)
        oldest()
      }
    }
    this.unbound.add(crowdOut)
    let held = true
    return {
      bound: () => void this.unbound.delete(crowdOut),
      release: () => {
        if (!held) return
        held = false
        this.unbound.delete(crowdOut)
        this.count--
        const left = (this.perAddress.get(group) ?? 1) - 1
        if (left === 0) this.perAddress.delete(group)
        else this.perAddress.set(group, left)
      },
    }
  }

  /** Whether an address may try to bind now; counts the try. */
  mayBind(address: string, now: number): boolean {
    const { bindsPerSecond } = this.limits
    const group = addressGroup(address)
    const bucket = this.buckets.get(group)
    if (bucket === undefined) {
      if (this.buckets.size >= ADDRESSES_MAX) this.forgetRested(now)
      if (this.buckets.size >= ADDRESSES_MAX) return false
      this.buckets.set(group, { left: bindsPerSecond - 1, at: now })
      return true
    }
    const earned = ((now - bucket.at) / SECOND_MS) * bindsPerSecond
    bucket.left = Math.min(bindsPerSecond, bucket.left + earned)
    bucket.at = now
    if (bucket.left < 1) return false
    bucket.left--
    return true
  }

  /** Forgets addresses that have not tried for long enough to have all their tries back. */
  forgetRested(now: number): void {
    for (const [group, { at }] of this.buckets) {
      if (now - at >= SECOND_MS) this.buckets.delete(group)
    }
  }
}
