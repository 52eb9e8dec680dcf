/**
 * How fast the catalog answers: `find` and `translate` after load, beside a bare Map lookup, and
 * `codes explain` as a whole process, beside a Node that does nothing.
 */
import { spawnSync } from 'node:child_process'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entries, find, translate } from '../src/catalog/index.ts'
import { DIALECTS } from '../src/dialects/index.ts'
import { atMost, told } from './figure.ts'
import { medianOf } from './median.ts'
import type { Section } from './section.ts'

const rounds = 201
const processes = 15
const main = resolve(dirname(fileURLToPath(import.meta.url)), '../src/cli/main.js')

export const catalog: Section = {
  name: 'catalog',
  title: 'The catalog of codes',
  about:
    `Medians of ${rounds} passes over all rows, and of ${processes} processes. The bare figures ` +
    'beside them are a Map lookup and a Node that does nothing.',
  async run({ say }) {
    say('catalog')
    return measured().map(({ what, median, unit, limit }) => ({
      ...told(what, median, unit),
      bounds: limit === undefined ? [] : [atMost(median, limit, unit)],
    }))
  },
}

interface Measured {
  readonly what: string
  readonly median: number
  readonly unit: 'ns' | 'ms'
  /** What the house promises, in the same unit. */
  readonly limit?: number
}

/** Median over rounds of the time one call takes, each round being one pass over all rows. */
function perCall(calls: number, pass: () => number): number {
  let kept = 0
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const since = process.hrtime.bigint()
    kept += pass()
    times.push(Number(process.hrtime.bigint() - since) / calls)
  }
  // The sum is used, or an optimiser could drop the calls.
  if (kept < 0) throw new Error('impossible')
  return medianOf(times)
}

function processMs(args: readonly string[]): number {
  const times: number[] = []
  for (let run = 0; run < processes; run++) {
    const since = process.hrtime.bigint()
    spawnSync(process.execPath, args)
    times.push(Number(process.hrtime.bigint() - since) / 1e6)
  }
  return medianOf(times)
}

function measured(): readonly Measured[] {
  const rows = entries()
  const ids = rows.map(({ id, dialect, surface, code, variant }) => ({
    id,
    query: { dialect, surface, code, ...(variant !== null && { variant }) },
  }))
  const bare = new Map(rows.map((row) => [row.id, row]))
  const targets = DIALECTS.map(({ name }) => ({ dialect: name }))
  const count = (found: unknown) => (found === undefined ? 0 : 1)
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0)
  return [
    {
      what: 'bare Map.get',
      median: perCall(rows.length, () => sum(ids.map(({ id }) => count(bare.get(id))))),
      unit: 'ns',
    },
    {
      what: 'find',
      median: perCall(rows.length, () => sum(ids.map(({ query }) => count(find(query))))),
      unit: 'ns',
      limit: 1000,
    },
    {
      what: 'translate',
      median: perCall(rows.length * targets.length, () =>
        sum(rows.flatMap((row) => targets.map((target) => count(translate(row, target))))),
      ),
      unit: 'ns',
      limit: 1000,
    },
    { what: 'node -e 0, whole process', median: processMs(['-e', '0']), unit: 'ms' },
    {
      what: 'codes explain sinch 3001, whole process',
      median: processMs([main, 'codes', 'explain', 'sinch', '3001']),
      unit: 'ms',
      limit: 150,
    },
  ]
}
