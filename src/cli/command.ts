/** The shape of a command: what its help says, what it takes, what it does. */
import type { ExitCode } from './exit-code.ts'
import type { OptionTable, OptionValues } from './options.ts'
import type { Terminal } from './terminal.ts'

/** A positional argument, for the usage line and the check of their number. */
export interface Positional {
  readonly name: string
  readonly help: string
  readonly optional?: true
  /** Takes all that follow. */
  readonly rest?: true
}

export interface Input<T extends OptionTable> {
  readonly values: OptionValues<T>
  readonly positionals: readonly string[]
}

export interface CommandDefinition<T extends OptionTable> {
  /** As typed after `carillon`, e.g. `send mms`. */
  readonly name: string
  readonly summary: string
  /** Shown first in the help: what to type and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  readonly positionals?: readonly Positional[]
  readonly options: T
  /** Paragraphs after the options. */
  readonly notes?: readonly string[]
  run(input: Input<T>, terminal: Terminal): Promise<ExitCode> | ExitCode
}

/** A command whose option types are its own business. */
export type Command = Omit<CommandDefinition<OptionTable>, 'run'> & {
  run(input: Input<OptionTable>, terminal: Terminal): Promise<ExitCode> | ExitCode
}

/** Ties the options' types to `run`. */
export function defineCommand<const T extends OptionTable>(
  definition: CommandDefinition<T>,
): Command {
  return {
    ...definition,
    // The parser was given exactly this table.
    run: (input, terminal) => definition.run(input as Input<T>, terminal),
  }
}

/** Options that every command takes. */
export const COMMON_OPTIONS = {
  json: { type: 'switch', help: 'one JSON value a line on stdout, for programs' },
  'no-color': { type: 'switch', help: 'no colour; NO_COLOR and TERM=dumb do the same' },
  help: { type: 'switch', short: 'h', help: 'this text' },
} as const satisfies OptionTable
