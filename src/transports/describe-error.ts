/** Errors of the system as one line for a log. */

/** The code and the text of an error from the system. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  if (error instanceof AggregateError) return error.errors.map(describeError).join('; ')
  return code === undefined || error.message.includes(code)
    ? error.message
    : `${code}: ${error.message}`
}
