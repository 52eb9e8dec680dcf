/** Why a store could not be opened: always something the operator can mend. */

export type StoreOpenFault =
  /** Another process has it open. */
  | 'store-in-use'
  /** Written by a newer version of this program. */
  | 'store-schema-newer'
  /** Not a database of ours, damaged, or not accessible. */
  | 'store-unreadable'
  /** The run-time has no SQLite. */
  | 'sqlite-missing'

export class StoreOpenError extends Error {
  readonly code: StoreOpenFault
  /** What to do about it. */
  readonly hint: string

  constructor(code: StoreOpenFault, message: string, hint: string) {
    super(message)
    this.name = 'StoreOpenError'
    this.code = code
    this.hint = hint
  }
}
