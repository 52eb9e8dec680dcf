/** Times the way people read them. */

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', SECOND_MS],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
  ['d', DAY_MS],
])

/** Two units at most: `12 ms`, `1.3 s`, `2 m 5 s`, `3 h 12 m`, `2 d 4 h`. */
export function printSpan(ms: number): string {
  if (ms < 0) return `-${printSpan(-ms)}`
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`
  if (ms < MINUTE_MS) return `${Number((ms / SECOND_MS).toFixed(1))} s`
  if (ms < HOUR_MS) return two(ms, MINUTE_MS, 'm', SECOND_MS, 's')
  if (ms < DAY_MS) return two(ms, HOUR_MS, 'h', MINUTE_MS, 'm')
  return two(ms, DAY_MS, 'd', HOUR_MS, 'h')
}

function two(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / big)
  const rest = Math.floor((ms - whole * big) / small)
  return rest === 0 ? `${whole} ${bigName}` : `${whole} ${bigName} ${rest} ${smallName}`
}

/** Distance from a beginning, to the second: `12 ms`, `1.3 s`, `2:05`, `3:12:07`, `2 d 4:00:09`. */
export function printOffset(ms: number): string {
  if (ms < MINUTE_MS) return printSpan(ms)
  const days = Math.floor(ms / DAY_MS)
  const [h = 0, m = 0, s = 0] = [
    Math.floor((ms % DAY_MS) / HOUR_MS),
    Math.floor((ms % HOUR_MS) / MINUTE_MS),
    Math.floor((ms % MINUTE_MS) / SECOND_MS),
  ]
  const seconds = String(s).padStart(2, '0')
  if (days === 0 && h === 0) return `${m}:${seconds}`
  const clock = `${h}:${String(m).padStart(2, '0')}:${seconds}`
  return days === 0 ? clock : `${days} d ${clock}`
}

/** `90s`, `5m`, `2h`, `1d`, `1h30m`, `500ms`; `undefined` when it is none of these. */
export function parseSpan(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:ms|s|m|h|d))+$/.test(text)) return undefined
  let ms = 0
  for (const [, count = '', unit = ''] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    ms += Number(count) * (UNITS.get(unit) ?? 0)
  }
  return ms
}

/** `2026-03-01 12:00:00 UTC`. */
export function printMoment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `12:00:00`, by this machine's clock and zone. */
export function printClock(ms: number): string {
  return new Date(ms).toTimeString().slice(0, 8)
}
