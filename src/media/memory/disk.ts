/**
 * A disk in memory that tells written bytes from synced ones, so that a test or a simulated crash
 * can cut the power: what was not synced is gone, or torn. Deterministic: no timers, no threads.
 */
import { basename, dirname } from 'node:path'
import type { Disk, DiskFile } from '../segments/disk.ts'

interface MemoryFile {
  /** Grown by doubling; `length` of it count. */
  bytes: Buffer
  length: number
  /** The bytes before this survive. */
  synced: number
  /** The name survives. */
  named: boolean
}

export interface MemoryDisk {
  /** The disk as a running machine sees it. After a loss of power every call on it fails. */
  mount(): Disk
  /**
   * The machine loses power: of each file stay its synced bytes and as many of the others as
   * `torn` says, none by default; files whose folder was not synced are gone.
   */
  powerLoss(torn?: (unsyncedBytes: number) => number): void
  /** Changes bytes behind everybody's back. */
  corrupt(path: string, position: number, bytes: Uint8Array): void
}

/** An empty disk. */
export function createMemoryDisk(): MemoryDisk {
  const files = new Map<string, MemoryFile>()
  let boot = 0
  return {
    mount() {
      const mounted = boot
      return diskOf(files, () => mounted === boot)
    },
    powerLoss(torn = () => 0) {
      boot += 1
      for (const [path, file] of files) {
        if (!file.named) files.delete(path)
        file.length = file.synced + torn(file.length - file.synced)
        file.synced = file.length
      }
    },
    corrupt(path, position, bytes) {
      existing(files, path).bytes.set(bytes, position)
    },
  }
}

function diskOf(files: Map<string, MemoryFile>, running: () => boolean): Disk {
  const check = () => {
    if (!running()) throw failure('EIO', 'the power was cut')
  }
  return {
    async makeFolder() {},
    async list(folder) {
      return [...files]
        .filter(([path]) => dirname(path) === folder)
        .map(([path, { length }]) => ({ name: basename(path), bytes: length }))
    },
    async create(path) {
      check()
      if (files.has(path)) throw failure('EEXIST', path)
      const file = { bytes: Buffer.alloc(0), length: 0, synced: 0, named: false }
      files.set(path, file)
      return fileOf(file, check)
    },
    async open(path) {
      check()
      return fileOf(existing(files, path), check)
    },
    async remove(path) {
      check()
      existing(files, path)
      files.delete(path)
    },
    async syncFolder(folder) {
      check()
      for (const [path, file] of files) if (dirname(path) === folder) file.named = true
    },
  }
}

function fileOf(file: MemoryFile, check: () => void): DiskFile {
  return {
    async write(buffers, position) {
      check()
      return buffers.reduce((sum, bytes) => sum + put(file, bytes, position + sum), 0)
    },
    async sync() {
      check()
      file.synced = file.length
    },
    async read(into, position) {
      check()
      const end = Math.min(file.length, position + into.length)
      const found = file.bytes.subarray(position, end)
      into.set(found)
      return found.length
    },
    async close() {},
  }
}

function existing(files: ReadonlyMap<string, MemoryFile>, path: string): MemoryFile {
  const file = files.get(path)
  if (file === undefined) throw failure('ENOENT', path)
  return file
}

/** Writes and answers how many bytes it wrote. */
function put(file: MemoryFile, bytes: Uint8Array, position: number): number {
  const end = position + bytes.length
  if (end > file.bytes.length) {
    const grown = Buffer.alloc(Math.max(end, file.bytes.length * 2))
    file.bytes.copy(grown, 0, 0, file.length)
    file.bytes = grown
  }
  file.bytes.set(bytes, position)
  file.length = Math.max(file.length, end)
  return bytes.length
}

function failure(code: string, text: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${text}`), { code })
}
