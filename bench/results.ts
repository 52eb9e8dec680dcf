/** The table people read, and the file that keeps it. */
import type { Figure } from './figure.ts'
import { number } from './figure.ts'
import type { Machine } from './machine.ts'

export interface Told {
  readonly title: string
  readonly about: string
  readonly figures: readonly Figure[]
}

export interface Run {
  readonly machine: Machine
  readonly at: Date
  readonly command: string
  readonly seconds: number
  /** What a reader must know about how this run came about. */
  readonly note: string | undefined
  readonly sections: readonly Told[]
}

/** `bench/RESULTS.md`. */
export function writeResults({ machine, at, command, seconds, note, sections }: Run): string {
  const bounds = sections.flatMap(({ figures }) => figures.flatMap(({ bounds }) => bounds))
  const met = bounds.filter((bound) => bound.met).length
  return [
    '# Results',
    '',
    `Written by \`${command}\` on ${at.toISOString().slice(0, 10)}, in ${Math.round(seconds)} s. ` +
      `${met} of ${bounds.length} targets met.`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, ${machine.kernel}, ` +
      `${machine.fileSystem}, Node ${machine.node}; load average before the run ` +
      `${machine.loadBefore.toFixed(2)}.`,
    '',
    ...(note === undefined ? [] : [note, '']),
    'Every figure is a median of short runs, with the load generators on the same cores as the ' +
      'gateway. Compare ratios, which carry over to other machines, before absolute figures, which ' +
      'do not. What these figures are not: a capacity plan. They show neither hours of load, nor a ' +
      'network, nor TLS, nor disks that lie about fdatasync; and latencies of a closed loop are ' +
      'those of a client that waits for its answer.',
    ...sections.flatMap(sectionLines),
    '',
  ].join('\n')
}

function sectionLines({ title, about, figures }: Told): string[] {
  return [
    '',
    `## ${title}`,
    '',
    about,
    '',
    '| Figure | Value | Floor in this run | Ratio | Target | |',
    '|---|---|---|---|---|---|',
    ...figures.flatMap(rowsOf).map((cells) => `| ${cells.join(' | ')} |`),
  ]
}

/** For a terminal. */
export function tableLines(figures: readonly Figure[]): string[] {
  const rows = figures.flatMap(rowsOf)
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  )
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function rowsOf({ what, value, bounds }: Figure): string[][] {
  if (bounds.length === 0) return [[what, value, '', '', '', '']]
  return bounds.map(({ floor, ratio, target, met }, index) => [
    index === 0 ? what : '',
    index === 0 ? value : '',
    floor,
    ratio === undefined ? '' : number(ratio),
    target,
    met ? 'met' : '**missed**',
  ])
}
