/** Provokes rows, several at once in a bounded window, and tells each as soon as it is known. */
import type { Entry } from '../catalog/index.ts'
import type { Mm4Profile, Mm7Profile } from '../core/code-row.ts'
import { findSpoken } from '../dialects/spoken.ts'
import { provokeByMm4 } from './mm4/provoke.ts'
import { provokeAfterwards, provokeByMm7 } from './mm7/provoke.ts'
import type { Provocation, Row, Sighting } from './provocation.ts'
import { provokeBySend } from './send-command.ts'
import { provokeBySmpp } from './smpp/provoke.ts'
import type { World } from './world.ts'

/** A row after its provocation. */
export interface RowResult {
  readonly row: Row
  /** `pending`: not seen, and its scenario says that what it needs is not built yet. */
  readonly state: 'seen' | 'failed' | 'pending'
  readonly sighting: Sighting
  readonly tookMs: number
}

export interface RunOptions {
  /** Rows under way at once. */
  readonly window: number
  /** Milliseconds of any clock that only goes forward. */
  readonly now: () => number
  readonly onStart: (row: Row) => void
  readonly onEnd: (result: RowResult) => void
}

/** Results in the order of the rows, whatever the order in which they ended. */
export async function runRows(
  rows: readonly Row[],
  world: World,
  options: RunOptions,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let index = next++; index < rows.length; index = next++) {
      const row = rows[index]
      if (row === undefined) return
      options.onStart(row)
      const result = await runRow(row, world, options.now)
      results[index] = result
      options.onEnd(result)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.window, rows.length) }, work))
  return results
}

async function runRow(row: Row, world: World, now: () => number): Promise<RowResult> {
  const startedAt = now()
  const sighting = await sight(row, world)
  const pending = row.entry.provoke.via === 'pending'
  const state = sighting.matches ? 'seen' : pending ? 'pending' : 'failed'
  return { row, state, sighting, tookMs: Math.round(now() - startedAt) }
}

/** A mistake of ours in one row must not hide the others. */
async function sight({ entry, provocation }: Row, world: World): Promise<Sighting> {
  try {
    return await provoke(entry, provocation, world)
  } catch (error) {
    return {
      expected: { form: '', code: entry.code, text: entry.text },
      seen: undefined,
      matches: false,
      evidence: '',
      because: error instanceof Error ? (error.stack ?? error.message) : String(error),
      transcript: [],
    }
  }
}

function provoke(entry: Entry, provocation: Provocation, world: World): Promise<Sighting> {
  switch (provocation.by) {
    case 'mm7':
      return provokeByMm7(world, mm7Of(entry), entry, provocation)
    case 'mm7-follow-up':
      return provokeAfterwards(world, mm7Of(entry), entry, provocation)
    case 'send-command':
      return provokeBySend(world, mm7Of(entry), entry)
    case 'mm4':
      return provokeByMm4(world, mm4Of(entry), entry, provocation)
    case 'smpp':
      return provokeBySmpp(world, entry, provocation)
  }
}

function mm7Of({ dialect }: Entry): Mm7Profile {
  const profile = findSpoken(dialect)?.mm7
  if (profile === undefined) throw new Error(`${dialect} has no MM7 door`)
  return profile
}

function mm4Of({ dialect }: Entry): Mm4Profile {
  const profile = findSpoken(dialect)?.mm4
  if (profile === undefined) throw new Error(`${dialect} has no MM4 door`)
  return profile
}
