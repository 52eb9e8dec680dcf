/** Segment files are called `<number>.seg`; the number never comes back once it was used. */
import { join } from 'node:path'

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${segment}.seg`)
}

/** The segment a file name stands for, or `undefined` for a stranger's file. */
export function segmentOf(name: string): number | undefined {
  const digits = /^([1-9]\d{0,14})\.seg$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
