/**
 * `npm run bench`: measures the gateway beside the bare floors of the machine it runs on, and writes
 * `bench/RESULTS.md`. `npm run bench -- --help` shows how to run a part.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { accepts } from './accepts.ts'
import { backlog } from './backlog.ts'
import { catalog } from './catalog.ts'
import { endToEnd } from './end-to-end.ts'
import { createFloors } from './floors.ts'
import { floorFigures, floorsSection } from './floors-section.ts'
import { inlineThreshold } from './inline-threshold.ts'
import { describeMachine } from './machine.ts'
import { memory } from './memory.ts'
import { peers } from './peers.ts'
import { pipeline } from './pipeline.ts'
import { type Told, tableLines, writeResults } from './results.ts'
import type { Section } from './section.ts'
import { smpp } from './smpp.ts'

const SECTIONS: readonly Section[] = [
  floorsSection,
  accepts,
  endToEnd,
  pipeline,
  smpp,
  peers,
  backlog,
  memory,
  inlineThreshold,
  catalog,
]
const RESULTS = resolve(dirname(fileURLToPath(import.meta.url)), '../../bench/RESULTS.md')
/** Rows of the backlog section, unless BENCH_QUEUED says otherwise. */
const QUEUED = 1_000_000

const HELP = `Measures the gateway beside the bare floors of this machine.

  npm run bench                       everything, into bench/RESULTS.md
  npm run bench -- --only accepts     one section, shown and not written
  npm run bench -- --data /mnt/fast   keep the data there while it runs
  npm run bench -- --note TEXT        say in the results how this run came about

Sections: ${SECTIONS.map(({ name }) => name).join(', ')}
BENCH_QUEUED=100000 makes the backlog smaller; BENCH_SHARE=0.1 what goes through Postfix and Kannel.
`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    data: { type: 'string', default: join('.carillon', 'bench') },
    note: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function say(line: string): void {
  process.stderr.write(`  ${line}\n`)
}

function chosen(): readonly Section[] {
  const { only } = values
  if (only === undefined) return SECTIONS
  const names = only.flatMap((list) => list.split(','))
  const strangers = names.filter((name) => !SECTIONS.some((section) => section.name === name))
  if (strangers.length > 0) {
    process.stderr.write(`No section ${strangers.join(', ')}.\n\n${HELP}`)
    process.exit(64)
  }
  return SECTIONS.filter(({ name }) => names.includes(name))
}

async function run(): Promise<void> {
  const sections = chosen()
  // A folder of its own, so that removing it removes nothing else.
  const folder = join(resolve(values.data), `run-${process.pid}`)
  await mkdir(folder, { recursive: true })
  const machine = describeMachine(folder)
  const floors = createFloors(folder)
  const queued = Number(process.env.BENCH_QUEUED ?? QUEUED)
  const at = new Date()
  const startedAt = performance.now()
  const sections_: Told[] = []
  try {
    for (const section of sections) {
      const figures = await section.run({ folder, floors, queued, say })
      sections_.push({ title: section.title, about: section.about, figures })
      for (const line of tableLines(figures)) process.stdout.write(`${line}\n`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  const bare = floorFigures(floors)
  for (const line of tableLines(bare)) process.stdout.write(`${line}\n`)
  if (values.only !== undefined) return
  const seconds = (performance.now() - startedAt) / 1000
  const sectionsTold = sections_.map((told) =>
    told.title === floorsSection.title ? { ...told, figures: bare } : told,
  )
  const command = 'npm run bench'
  const { note } = values
  const text = writeResults({ machine, at, command, seconds, note, sections: sectionsTold })
  await writeFile(RESULTS, text)
  say(`written to ${RESULTS}`)
}

if (values.help) process.stdout.write(HELP)
else await run()
