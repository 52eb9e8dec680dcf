/** The shape of a part of the benchmark. */
import type { Figure } from './figure.ts'
import type { Floors } from './floors.ts'

/** What every section is given. */
export interface Bench {
  /** A folder in the file system where data would lie; a section makes its own below it. */
  readonly folder: string
  readonly floors: Floors
  /** Rows of the backlog section. */
  readonly queued: number
  /** Tells whoever watches that something goes on. */
  readonly say: (line: string) => void
}

export interface Section {
  readonly name: string
  readonly title: string
  /** What its figures are, and what they are not. */
  readonly about: string
  run(bench: Bench): Promise<readonly Figure[]>
}
