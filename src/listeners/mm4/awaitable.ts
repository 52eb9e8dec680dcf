/** Values that are there now or later: where nothing waits, no turn of the loop is lost. */
import type { Awaitable } from '../../transports/smtp/handler.ts'

/** Goes on at once with a value, later with a promise. */
export function after<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** All of them, in their order; none is left floating when one is rejected. */
export function together<T>(values: readonly Awaitable<T>[]): Awaitable<readonly T[]> {
  const [only] = values
  if (values.length === 1 && only instanceof Promise) return only.then((value) => [value])
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as readonly T[])
}
