/** A way to end what is running: one listener at a time, and far cheaper than an AbortController. */
export class Cut {
  private listener: (() => void) | undefined
  made = false

  /** Ends what runs; what begins later ends at once. */
  make(): void {
    this.made = true
    this.listener?.()
    this.listener = undefined
  }

  /** Says what ends the work begun now; replaces what was said before. */
  onMade(listener: (() => void) | undefined): void {
    this.listener = undefined
    if (this.made) listener?.()
    else this.listener = listener
  }
}
