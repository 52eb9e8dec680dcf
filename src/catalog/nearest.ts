/** Did-you-mean: which known words are nearest to a mistyped one. */

/** Letters inserted, dropped, changed or swapped until `a` is `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const next = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      next[column] = Math.min(
        at(next, column - 1) + 1,
        at(last, column) + 1,
        at(last, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = last
    last = next
  }
  return at(last, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}

/** Up to `max` of `known`, nearest first; those that begin with `given` come before all others. */
export function nearest(given: string, known: readonly string[], max = 5): readonly string[] {
  const word = given.toLowerCase()
  const reach = Math.max(2, Math.ceil(word.length / 2))
  return [...new Set(known)]
    .map((name) => ({ name, distance: distanceTo(word, name.toLowerCase()) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, max)
    .map(({ name }) => name)
}

function distanceTo(word: string, name: string): number {
  return name.startsWith(word) ? 0 : editDistance(word, name)
}
