/**
 * What is made when it is first asked for, and once. Where that fails whoever asked hears of it, and
 * the next to ask has it tried again; a module that could not be read, though, Node does not read
 * again before the next start.
 */
export interface Late<T> {
  get(): Promise<T>
  /** What was made, or is being made; `undefined` where nobody has asked or it has failed. */
  made(): Promise<T | undefined>
}

export function late<T>(make: () => Promise<T>): Late<T> {
  let making: Promise<T> | undefined

  function begin(): Promise<T> {
    const begun = (async () => make())()
    begun.catch(() => {
      making = undefined
    })
    return begun
  }

  return {
    get() {
      making ??= begin()
      return making
    },
    // Whoever asked was told of the failure.
    made: async () => making?.catch(() => undefined),
  }
}
