/**
 * The dates of a receipt's text: `YYMMDDhhmm`, with or without seconds. They are in the peer's own
 * time, and the text does not say which; so a date is its fields, and becomes a moment only with an
 * offset that the operator knows.
 */

/** A date on the peer's clock. */
export interface ReceiptDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** The two digits of a year are of this century. */
const CENTURY = 2000
const MINUTE_MS = 60_000

const SHORT = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/
const LONG = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/

/**
 * Reads 10 or 12 digits; failing that, 12 or 14 with a year of four. `undefined`: no date, or a day
 * the calendar does not have.
 */
export function parseReceiptDate(text: string): ReceiptDate | undefined {
  return checked(SHORT.exec(text), CENTURY) ?? checked(LONG.exec(text), 0)
}

function checked(found: RegExpExecArray | null, century: number): ReceiptDate | undefined {
  if (found === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(1)
    .map((digits) => Number(digits ?? '0'))
  const date = { year: year + century, month, day, hour, minute, second }
  // A day that does not exist rolls over into another one.
  const same = fieldsOf(new Date(instantOf(date)))
  return printReceiptDate(same) === printReceiptDate(date) && same.year === date.year
    ? date
    : undefined
}

/** The moment, in milliseconds since 1970, on a clock so many minutes ahead of UTC. */
export function receiptDateToMs(date: ReceiptDate, offsetMinutes = 0): number {
  return instantOf(date) - offsetMinutes * MINUTE_MS
}

/** A moment on a clock so many minutes ahead of UTC. */
export function receiptDateOf(atMs: number, offsetMinutes = 0): ReceiptDate {
  return fieldsOf(new Date(atMs + offsetMinutes * MINUTE_MS))
}

function instantOf({ year, month, day, hour, minute, second }: ReceiptDate): number {
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function fieldsOf(date: Date): ReceiptDate {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
}

/** `YYMMDDhhmm`, or `YYMMDDhhmmss` with seconds. */
export function printReceiptDate(date: ReceiptDate, seconds = true): string {
  const { year, month, day, hour, minute, second } = date
  const fields = [year % 100, month, day, hour, minute, ...(seconds ? [second] : [])]
  return fields.map((field) => String(field).padStart(2, '0')).join('')
}
