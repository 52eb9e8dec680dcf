/**
 * Times of SMPP (3.4 §7.1.1): `YYMMDDhhmmsstnnp`, absolute with an offset from UTC in quarters of an
 * hour, or with `R` at the end a period from the centre's present time. Sixteen characters or none.
 */

/** A period, each part as it was written: years and months have no fixed length. */
export interface SmppPeriod {
  readonly years: number
  readonly months: number
  readonly days: number
  readonly hours: number
  readonly minutes: number
  readonly seconds: number
}

/** A time as it was said. */
export type SmppTime =
  /** The empty string: now, or the centre's default. */
  | { readonly kind: 'default' }
  | { readonly kind: 'absolute'; readonly at: number }
  | { readonly kind: 'relative'; readonly period: SmppPeriod }

const TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([-+R])$/
/** SMPP carries two digits of the year and began in the nineties; it looks ahead, never back. */
const CENTURY = 2000
const TENTH_MS = 100
const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const QUARTER_HOUR_MS = 900_000
/** §7.1.1.1: 00 to 48 quarters of an hour. */
const QUARTERS_MAX = 48
const YEARS_MAX = 99

/** Reads a time; `undefined` if it is none (a month 13, a 30th of February). Epoch milliseconds. */
export function parseTime(text: string): SmppTime | undefined {
  if (text === '') return { kind: 'default' }
  const found = TIME.exec(text)
  if (found === null) return undefined
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0, tenths = 0, nn = 0] =
    found.slice(1, -1).map(Number)
  const sign = found.at(-1)
  if (sign === 'R') {
    return { kind: 'relative', period: { years, months, days, hours, minutes, seconds } }
  }
  if (nn > QUARTERS_MAX || hours > 23 || minutes > 59 || seconds > 59) return undefined
  const midnight = dayOf(CENTURY + years, months, days)
  if (midnight === undefined) return undefined
  const local =
    midnight + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + tenths * TENTH_MS
  return { kind: 'absolute', at: local - (sign === '+' ? nn : -nn) * QUARTER_HOUR_MS }
}

/** The moment a time means for one who reads it at `now`; `undefined` for the default. */
export function resolveTime(time: SmppTime, now: number): number | undefined {
  if (time.kind === 'default') return undefined
  if (time.kind === 'absolute') return time.at
  const { years, months, days, hours, minutes, seconds } = time.period
  const calendar = new Date(now)
  const day = calendar.getUTCDate()
  calendar.setUTCDate(1)
  calendar.setUTCMonth(calendar.getUTCMonth() + 12 * years + months)
  // A month after the 31st of January is the last of February, not some day of March.
  calendar.setUTCDate(Math.min(day, daysIn(calendar.getUTCFullYear(), calendar.getUTCMonth())))
  return (
    calendar.getTime() + days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS
  )
}

/** A moment in UTC, cut to tenths of a second; `undefined` outside the years 2000 to 2099. */
export function printAbsoluteTime(at: number): string | undefined {
  if (!Number.isFinite(at)) return undefined
  const date = new Date(at)
  const year = date.getUTCFullYear() - CENTURY
  if (!(year >= 0 && year <= YEARS_MAX)) return undefined
  const tenths = Math.floor(date.getUTCMilliseconds() / TENTH_MS)
  return `${digits(
    year,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  )}${tenths}00+`
}

/**
 * A period of days and less, rounded up to whole seconds so that nothing expires early; `undefined`
 * if it is negative or more than 99 days: months and years would mean something else each time.
 */
export function printRelativeTime(ms: number): string | undefined {
  const whole = Math.ceil(ms / SECOND_MS) * SECOND_MS
  const days = Math.floor(whole / DAY_MS)
  if (!(whole >= 0 && days <= YEARS_MAX)) return undefined
  return `${digits(
    0,
    0,
    days,
    Math.floor((whole % DAY_MS) / HOUR_MS),
    Math.floor((whole % HOUR_MS) / MINUTE_MS),
    Math.floor((whole % MINUTE_MS) / SECOND_MS),
  )}000R`
}

function digits(...parts: readonly number[]): string {
  return parts.map((part) => String(part).padStart(2, '0')).join('')
}

function dayOf(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month - 1)) return undefined
  return Date.UTC(year, month - 1, day)
}

/** Days of a month; the month counts from 0, as the language has it. */
function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
}
