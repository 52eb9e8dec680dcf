/** Dates of mails and X-Mms-Expiry in all the forms that occur; strict in writing. */

import type { Mm4Expiry } from './types.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Hours off UTC of the names in RFC 5322 §4.3; any other name counts as UTC, as it asks. */
const ZONES: Readonly<Record<string, number>> = {
  est: -5,
  edt: -4,
  cst: -6,
  cdt: -5,
  mst: -7,
  mdt: -6,
  pst: -8,
  pdt: -7,
}
/** Ten years: more is not meant, and would not survive being added to a clock. */
const RELATIVE_SECONDS_MAX = 315_360_000

const MAIL_DATE =
  /^(?:[a-z]{3,9}\s*,?\s*)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{4}|[a-z]{1,5})?/i
const RFC3339 =
  /^(\d{4})-(\d{2})-(\d{2})[t ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(z|[+-]\d{2}:?\d{2})?$/i

/** Epoch milliseconds of an RFC 5322, HTTP or RFC 3339 date; text after it is a comment. */
export function parseMailDate(value: string): number | undefined {
  const text = value.trim()
  const mail = MAIL_DATE.exec(text)
  if (mail !== null) {
    const month = MONTHS.indexOf((mail[2] ?? '').toLowerCase())
    return toMs(fullYear(mail[3] ?? ''), month, mail[1], mail[4], mail[5], mail[6], mail[7])
  }
  const iso = RFC3339.exec(text)
  if (iso === null) return undefined
  return toMs(Number(iso[1]), Number(iso[2]) - 1, iso[3], iso[4], iso[5], iso[6], iso[7])
}

function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return text.length === 3 ? year + 1900 : year
  return year < 50 ? year + 2000 : year + 1900
}

function toMs(
  year: number,
  month: number,
  dayText = '0',
  hourText = '0',
  minuteText = '0',
  secondText = '0',
  zone = '',
): number | undefined {
  const [day, hour, minute] = [Number(dayText), Number(hourText), Number(minuteText)]
  const second = Number(secondText)
  if (month < 0 || hour > 23 || minute > 59 || second > 60) return undefined
  // A leap second is given to the second before it.
  const ms = Date.UTC(year, month, day, hour, minute, Math.min(second, 59))
  return new Date(ms).getUTCDate() === day ? ms - zoneMs(zone) : undefined
}

const NUMERIC_ZONE = /^[+-]\d\d:?\d\d$/

function zoneMs(zone: string): number {
  if (!NUMERIC_ZONE.test(zone)) return (ZONES[zone.toLowerCase()] ?? 0) * 3_600_000
  const size = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * 60_000
  return zone.startsWith('-') ? -size : size
}

/** What the run-time ends a date in UTC with. */
const ZONE_NAME = 'GMT'

/** RFC 5322 §3.3, always in UTC. */
export function printMailDate(ms: number): string {
  return `${new Date(ms).toUTCString().slice(0, -ZONE_NAME.length)}+0000`
}

/** X-Mms-Expiry: a date or seconds from now. */
export function parseExpiry(value: string): Mm4Expiry | undefined {
  const text = value.trim()
  if (/^\d{1,15}$/.test(text)) {
    return { kind: 'after', ms: Math.min(Number(text), RELATIVE_SECONDS_MAX) * 1000 }
  }
  const ms = parseMailDate(text)
  return ms === undefined ? undefined : { kind: 'at', ms }
}

/** The form most peers write: an HTTP date, or whole seconds. */
export function printExpiry(expiry: Mm4Expiry): string {
  return expiry.kind === 'at'
    ? new Date(expiry.ms).toUTCString()
    : String(Math.max(0, Math.round(expiry.ms / 1000)))
}
