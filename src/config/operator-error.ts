/**
 * What the operator got wrong: a value of the configuration, a file that is not there. Raised at
 * start or by an operator's command, never while messages flow.
 */

/** One thing that is wrong, with the place it stands and what would be right. */
export interface Problem {
  /** Dotted path of the option or entry, e.g. `http.port` or `routes[2].carrier`. */
  readonly path: string
  /** A sentence without the path. */
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** `file:line`, a variable or a flag. */
  readonly where?: string
}

/** sysexits EX_CONFIG. */
const EXIT_CONFIG = 78

export class OperatorError extends Error {
  /** Stable, kebab-case; for scripts. */
  readonly code: string
  readonly hint: string
  readonly exitCode = EXIT_CONFIG
  /** Every single problem behind it; at least one. */
  readonly problems: readonly Problem[]

  constructor(code: string, message: string, hint: string, problems: readonly Problem[] = []) {
    super(message)
    this.name = 'OperatorError'
    this.code = code
    this.hint = hint
    this.problems = problems.length > 0 ? problems : [{ path: '', message, hint }]
  }
}

/** One error out of all problems of a file, so that nobody mends them one start at a time. */
export function operatorError(code: string, problems: readonly Problem[]): OperatorError {
  const [first] = problems
  if (problems.length === 1 && first !== undefined) {
    return new OperatorError(code, printProblem(first), first.hint ?? '', problems)
  }
  const lines = problems.map((problem) =>
    problem.hint === undefined
      ? printProblem(problem)
      : `${printProblem(problem)} (${problem.hint})`,
  )
  return new OperatorError(code, lines.join('\n'), `${problems.length} problems in all.`, problems)
}

/** `carillon.toml:12: http.port: must be …` */
export function printProblem(problem: Problem): string {
  return [problem.where, problem.path, problem.message]
    .filter((part) => part !== undefined && part !== '')
    .join(': ')
}
