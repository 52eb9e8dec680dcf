/** Whether the peer is still there: asks after a silence, gives up when the question is not answered. */

import type { Ending } from './request-window.ts'
import type { SmppSessionLimits } from './session-limits.ts'

/** What the session does about it. */
export interface Silence {
  enquire(end: (ending: Ending) => void): void
  finish(because: 'peer-silent' | 'inactive', detail: string): void
}

/** Watches one bound session. */
export class KeepAlive {
  private readonly limits: SmppSessionLimits
  private readonly silence: Silence
  private heardAt: number
  /** Our enquire_link has no answer yet. */
  private asking = false

  constructor(limits: SmppSessionLimits, silence: Silence, now: number) {
    this.limits = limits
    this.silence = silence
    this.heardAt = now
  }

  /** A PDU came, whatever it was. */
  heard(now: number): void {
    this.heardAt = now
  }

  beat(now: number): void {
    const { enquireLinkMs, inactivityMs } = this.limits
    const silentMs = now - this.heardAt
    if (silentMs >= inactivityMs) {
      this.silence.finish('inactive', `nothing came in ${Math.round(silentMs)} ms`)
    } else if (silentMs >= enquireLinkMs && !this.asking) {
      this.asking = true
      this.silence.enquire((ending) => {
        this.asking = false
        // A peer that is slow to answer and says other things is alive.
        if (ending.kind !== 'unanswered' || this.heardAt > now) return
        this.silence.finish('peer-silent', 'the peer did not answer our enquire_link')
      })
    }
  }
}
