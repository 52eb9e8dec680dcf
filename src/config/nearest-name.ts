/** "Did you mean": the right name nearest to a wrong one. */

/** Edits that still look like a slip of the hand, by length of the word. */
function editsMax(word: string): number {
  return word.length <= 4 ? 1 : word.length <= 8 ? 2 : 3
}

/** Names are compared the way people mistype them: without case, dashes and underscores. */
export function bareName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase()
}

/** The candidate with the fewest edits, or `undefined` when none is near enough to be meant. */
export function nearestName(wrong: string, candidates: Iterable<string>): string | undefined {
  const word = bareName(wrong)
  let best: string | undefined
  let bestEdits = editsMax(word) + 1
  for (const candidate of candidates) {
    const edits = editDistance(word, bareName(candidate), bestEdits)
    if (edits < bestEdits) {
      best = candidate
      bestEdits = edits
    }
  }
  return best
}

/** Levenshtein distance with swaps of neighbours as one edit; gives up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let edits = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        edits = Math.min(edits, at(beforeLast, j - 2) + 1)
      }
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return at(last, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
