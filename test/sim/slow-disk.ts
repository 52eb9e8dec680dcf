/** A disk in memory whose syncs take time, so that a crash finds bytes that were not synced. */
import type { Disk, DiskFile } from '../../src/media/segments/disk.ts'
import { TIMES } from './faults.ts'
import type { Life } from './life.ts'
import type { Random } from './random.ts'

export function slowDisk(disk: Disk, life: Life, random: Random): Disk {
  const slow = (file: DiskFile): DiskFile => ({
    write: (buffers, position) => life.keep(file.write(buffers, position)),
    read: (into, position) => life.keep(file.read(into, position)),
    close: () => file.close(),
    async sync() {
      await new Promise<void>((resolve) => {
        life.clock.wakeAt(life.clock.now() + 1 + random.waitMs(TIMES.byteSync), resolve)
      })
      await file.sync()
    },
  })
  return {
    makeFolder: (folder) => disk.makeFolder(folder),
    list: (folder) => disk.list(folder),
    create: async (path) => slow(await disk.create(path)),
    open: async (path) => slow(await disk.open(path)),
    remove: (path) => disk.remove(path),
    syncFolder: (folder) => disk.syncFolder(folder),
  }
}
