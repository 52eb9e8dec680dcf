/** Calls into a handler: its answer comes at once, later, or not at all. */

import type { Awaitable } from './handler.ts'

/** Exactly one of `then` and `failed` is called, once; at once where the answer is. */
export function settle<T>(
  call: () => Awaitable<T>,
  then: (value: T) => void,
  failed: (error: unknown) => void,
): void {
  let value: Awaitable<T>
  try {
    value = call()
  } catch (error) {
    failed(error)
    return
  }
  if (value instanceof Promise) value.then(then, failed)
  else then(value)
}
