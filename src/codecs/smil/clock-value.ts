/** SMIL clock values (SMIL 2.0 §10.3.1) in milliseconds. */

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, min: 60_000, s: 1000, ms: 1 }
const COUNTED = /^(\d{1,9})(?:\.(\d{1,3}))?\s*(h|min|s|ms)?$/
const CLOCK = /^(?:(\d{1,4}):)?([0-5]?\d):([0-5]\d)(?:\.(\d{1,3}))?$/

/** `5s`, `1.5s`, `5000ms`, `5`, `02:33`, `1:02:33.5`; `undefined`: no time, or without end. */
export function parseClock(written: string | undefined): number | undefined {
  const text = written?.trim() ?? ''
  const counted = COUNTED.exec(text)
  if (counted !== null) {
    const unit = UNIT_MS[counted[3] ?? 's'] ?? 0
    return Math.round((Number(counted[1]) + fraction(counted[2])) * unit)
  }
  const clock = CLOCK.exec(text)
  if (clock === null) return undefined
  const [, hours = '0', minutes, seconds] = clock
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  return Math.round((whole + fraction(clock[4])) * 1000)
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Number(`0.${digits}`)
}

/** The form every handset reads. */
export function printClock(ms: number): string {
  return `${ms}ms`
}
