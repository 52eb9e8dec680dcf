/** How a command says that it cannot go on: one sentence, what to do about it, one exit code. */
import type { ExitCode } from './exit-code.ts'

/**
 * Thrown by commands for what the operator or the other side did; `main.ts` prints it. Anything else
 * that is thrown is a fault of ours and ends with 70.
 */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode
  readonly hint: string | undefined

  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
    this.hint = hint
  }
}
