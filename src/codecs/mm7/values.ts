/**
 * The simple values of MM7 elements: booleans, numbers, dates and durations, read as tolerantly as
 * peers write them and printed in the one form every peer reads.
 */

/** A date, or a time counted from acceptance. */
export type When =
  | { readonly kind: 'at'; readonly ms: number }
  | { readonly kind: 'after'; readonly ms: number }

/** `true`, `false`, `1` and `0` in any case (some peers write `True`). */
export function parseBoolean(text: string): boolean | undefined {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case '1':
      return true
    case 'false':
    case '0':
      return false
    default:
      return undefined
  }
}

/** A whole number above zero, of at most nine digits. */
export function parsePositive(text: string): number | undefined {
  const match = /^\s*\+?(\d{1,9})\s*$/.exec(text)
  const value = Number(match?.[1] ?? 0)
  return value > 0 ? value : undefined
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/i

/** The years 1 to 9999: XML Schema 1.0 has no year 0, and peers have no five digits for one. */
const DATE_MS_MIN = -62_135_596_800_000
const DATE_MS_MAX = 253_402_300_799_999

/** xs:dateTime as milliseconds since 1970. Without a zone it is taken as UTC. */
export function parseDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text.trim())
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number)
  if (minute > 59 || second > 59 || hour > 24 || (hour === 24 && minute + second > 0))
    return undefined
  const midnight = new Date(0)
  midnight.setUTCFullYear(year, month - 1, day)
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined
  const fractionMs = thousandths(match[7])
  const zoneMinutes = parseZone(match[8])
  if (zoneMinutes === undefined) return undefined
  const seconds = ((hour * 60 + minute) * 60 + second) * 1_000
  const ms = midnight.getTime() + seconds + fractionMs - zoneMinutes * 60_000
  return ms < DATE_MS_MIN || ms > DATE_MS_MAX ? undefined : ms
}

/** The first three digits after the point; a sum of fractions would round some of them down. */
function thousandths(digits: string | undefined): number {
  return Number(`${digits ?? ''}000`.slice(0, 3))
}

/** Minutes east of Greenwich; XML Schema allows 14 hours. */
function parseZone(zone: string | undefined): number | undefined {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  if (minutes > 14 * 60 || Number(zone.slice(-2)) > 59) return undefined
  return zone.startsWith('-') ? -minutes : minutes
}

/** xs:dateTime in UTC with milliseconds. */
export function printDateTime(ms: number): string {
  return new Date(ms).toISOString()
}

const DURATION =
  /^(-)?P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,9}))?S)?)?$/
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** A duration has no start to count calendar months from: 30 days, as validity periods are meant. */
const MONTH_MS = 30 * DAY_MS
const YEAR_MS = 365 * DAY_MS

/** xs:duration in milliseconds. `P1M` is a month, `PT1M` a minute. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  const match = DURATION.exec(trimmed)
  if (match === null || /[PT]$/.test(trimmed)) return undefined
  const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(2, 8)
    .map((digits) => Number(digits ?? 0))
  const fractionMs = thousandths(match[8])
  const ms =
    years * YEAR_MS +
    months * MONTH_MS +
    days * DAY_MS +
    hours * HOUR_MS +
    minutes * MINUTE_MS +
    seconds * SECOND_MS +
    fractionMs
  return match[1] === undefined || ms === 0 ? ms : -ms
}

/** xs:duration in seconds, or days where it is so many exactly. */
export function printDuration(ms: number): string {
  const sign = ms < 0 ? '-' : ''
  const size = Math.abs(ms)
  if (size > 0 && size % DAY_MS === 0) return `${sign}P${size / DAY_MS}D`
  return `${sign}PT${size / SECOND_MS}S`
}

/** A date or a duration. */
export function parseWhen(text: string): When | undefined {
  const at = parseDateTime(text)
  if (at !== undefined) return { kind: 'at', ms: at }
  const after = parseDuration(text)
  return after === undefined ? undefined : { kind: 'after', ms: after }
}

/** The inverse of `parseWhen`. */
export function printWhen(when: When): string {
  return when.kind === 'at' ? printDateTime(when.ms) : printDuration(when.ms)
}

/**
 * The digits a Number means: without what peers append (`/TYPE=PLMN`) and without the plus and the
 * blanks round it. What is left may still be no number; that is for the caller to judge.
 */
export function normaliseNumber(value: string): string {
  const cut = value.search(/\/TYPE=/i)
  const bare = (cut < 0 ? value : value.slice(0, cut)).trim()
  return bare.startsWith('+') ? bare.slice(1) : bare
}
