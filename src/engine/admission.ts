/**
 * The gate in front of `accept`: says no before the gateway is in trouble, and why. What is already
 * accepted keeps moving behind a closed gate.
 */
import type { Reason } from '../core/reason.ts'

/** Free space of the file system that holds the store, in bytes. */
export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface AdmissionLimits {
  /** Space to keep free; the smaller of the two counts. */
  readonly reserve: {
    readonly diskReserveBytes: number
    /** Share of the whole disk, 0 to 1. */
    readonly diskReserveShare: number
  }
  /** Bytes of requests being read at once, over all doors. */
  readonly readingBytesMax: number
}

export interface Admission {
  /** Why nothing is taken now; `undefined` when the gate is open. */
  refusal(): Reason | undefined
  /** Takes room for a request of this size, or says why not. `release` gives it back. */
  enter(bytes: number): { readonly release: () => void } | Reason
  /** From now on nothing new is taken. */
  drain(): void
  /** A fresh reading of the disk. */
  disk(space: DiskSpace): void
  /** The store answered that it is full, whatever the reading says. */
  storeFull(full: boolean): void
}

export function createAdmission(limits: AdmissionLimits): Admission {
  let draining = false
  let diskLow = false
  let full = false
  let readingBytes = 0

  function refusal(): Reason | undefined {
    if (draining) return 'draining'
    return diskLow || full ? 'storage-full' : undefined
  }

  return {
    refusal,
    enter(bytes) {
      const reason = refusal()
      if (reason !== undefined) return reason
      if (readingBytes + bytes > limits.readingBytesMax) return 'overloaded'
      readingBytes += bytes
      let held = true
      return {
        release() {
          if (held) readingBytes -= bytes
          held = false
        },
      }
    },
    drain() {
      draining = true
    },
    disk({ freeBytes, totalBytes }) {
      const { diskReserveBytes, diskReserveShare } = limits.reserve
      diskLow = freeBytes < Math.min(diskReserveBytes, totalBytes * diskReserveShare)
      if (!diskLow) full = false
    },
    storeFull(now) {
      full = now
    },
  }
}
