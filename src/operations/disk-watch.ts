/** Reads the free space of the data folder at a steady pace and tells the gate. */
import { statfs } from 'node:fs/promises'
import type { DiskSpace } from '../engine/admission.ts'

/** Frequent enough that no burst fills a reserve of the default size between two readings. */
const READING_INTERVAL_MS = 1000

export interface DiskWatch {
  close(): void
}

/** Takes the first reading before it resolves. A reading that fails is told, not guessed. */
export async function openDiskWatch(
  folder: string,
  tell: (space: DiskSpace) => void,
  problem: (error: unknown) => void,
): Promise<DiskWatch> {
  async function read(): Promise<void> {
    try {
      const { bavail, bsize, blocks } = await statfs(folder)
      tell({ freeBytes: bavail * bsize, totalBytes: blocks * bsize })
    } catch (error) {
      problem(error)
    }
  }
  await read()
  const timer = setInterval(() => void read(), READING_INTERVAL_MS)
  timer.unref()
  return { close: () => clearInterval(timer) }
}
