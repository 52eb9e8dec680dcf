/** A disk for tests that writes down what is asked of it, and holds or fails it on demand. */
import { basename } from 'node:path'
import type { Disk, DiskFile } from './segments/disk.ts'

export type DiskCall = 'create' | 'write' | 'sync' | 'sync-folder' | 'read' | 'remove'

export interface ProbeDisk extends Disk {
  /** Every call so far as it was made, such as `write 1.seg`. */
  readonly calls: readonly string[]
  /** Resolves when the next such call is made. */
  called(call: DiskCall): Promise<void>
  /** Such calls wait until the answer is called. */
  hold(call: DiskCall): () => void
  /** Such calls fail from now on. */
  fail(call: DiskCall, code: string): void
  /** No write takes more than this. */
  writeBytesMax: number
}

/** Watches another disk. */
export function createProbeDisk(disk: Disk): ProbeDisk {
  const calls: string[] = []
  const held = new Map<DiskCall, Promise<void>>()
  const failing = new Map<DiskCall, string>()
  const waiting: { readonly call: DiskCall; readonly resolve: () => void }[] = []

  const enter = async (call: DiskCall, path: string): Promise<void> => {
    calls.push(`${call} ${basename(path)}`)
    for (const waiter of waiting.splice(0)) {
      if (waiter.call === call) waiter.resolve()
      else waiting.push(waiter)
    }
    await held.get(call)
    const code = failing.get(call)
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${call}`), { code })
  }
  const watch = (path: string, file: DiskFile): DiskFile => ({
    async write(buffers, position) {
      await enter('write', path)
      return file.write(cut(buffers, probe.writeBytesMax), position)
    },
    async sync() {
      await enter('sync', path)
      await file.sync()
    },
    async read(into, position) {
      await enter('read', path)
      return file.read(into, position)
    },
    close: () => file.close(),
  })
  const probe: ProbeDisk = {
    calls,
    writeBytesMax: Number.POSITIVE_INFINITY,
    called: (call) => new Promise((resolve) => waiting.push({ call, resolve })),
    hold(call) {
      let release = () => {}
      held.set(call, new Promise((resolve) => (release = resolve)))
      return () => {
        held.delete(call)
        release()
      }
    },
    fail: (call, code) => void failing.set(call, code),
    makeFolder: (folder) => disk.makeFolder(folder),
    list: (folder) => disk.list(folder),
    async create(path) {
      await enter('create', path)
      return watch(path, await disk.create(path))
    },
    open: async (path) => watch(path, await disk.open(path)),
    async remove(path) {
      await enter('remove', path)
      await disk.remove(path)
    },
    async syncFolder(folder) {
      await enter('sync-folder', folder)
      await disk.syncFolder(folder)
    },
  }
  return probe
}

/** The first `bytesMax` bytes of the buffers. */
function cut(buffers: readonly Uint8Array[], bytesMax: number): Uint8Array[] {
  let left = bytesMax
  return buffers.flatMap((bytes) => {
    const taken = bytes.subarray(0, Math.max(0, left))
    left -= bytes.length
    return taken.length > 0 ? [taken] : []
  })
}
