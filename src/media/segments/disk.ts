/**
 * The few file system calls segments need, so that a test can delay, fail or record each of them
 * and the simulator can cut the power. Errors are Node's own, told apart by `code`.
 */
import * as fs from 'node:fs'
import { mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** One open file. Every position is in bytes from its start. */
export interface DiskFile {
  /** Writes from `position` on and answers how many bytes went in, which may be fewer. */
  write(buffers: readonly Uint8Array[], position: number): Promise<number>
  /** Resolves when everything written before the call is on stable storage. */
  sync(): Promise<void>
  /** Fills `into` from `position` and answers how many bytes there were. */
  read(into: Uint8Array, position: number): Promise<number>
  close(): Promise<void>
}

/** The file system. Paths are those of the machine. */
export interface Disk {
  /** Makes the folder and its parents, durably, where they are missing. */
  makeFolder(folder: string): Promise<void>
  list(folder: string): Promise<readonly { readonly name: string; readonly bytes: number }[]>
  /** Fails with EEXIST where the file is there already. */
  create(path: string): Promise<DiskFile>
  /** For reading; fails with ENOENT. `sync` works on it too. */
  open(path: string): Promise<DiskFile>
  remove(path: string): Promise<void>
  /** Makes the names in a folder durable. */
  syncFolder(folder: string): Promise<void>
}

/** Bodies are private to the user the gateway runs as. */
const fileMode = 0o600
const folderMode = 0o700

/** The machine's own disk. */
export const nodeDisk: Disk = {
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true, mode: folderMode })
    if (first === undefined) return
    // The name of each new folder lives in its parent, up to the parent of the first one made.
    for (let made = folder; ; made = dirname(made)) {
      await syncFolder(dirname(made))
      if (made === first || made === dirname(made)) return
    }
  },
  async list(folder) {
    const names = await readdir(folder)
    return Promise.all(
      names.map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })),
    )
  },
  create: (path) => openFile(path, 'wx+'),
  open: (path) => openFile(path, 'r'),
  remove: (path) => unlink(path),
  syncFolder,
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Bare descriptors instead of FileHandles: these calls run thousands of times a second. */
function openFile(path: string, flags: string): Promise<DiskFile> {
  return new Promise((resolve, reject) => {
    fs.open(path, flags, fileMode, (error, descriptor) => {
      if (error !== null) reject(error)
      else resolve(fileOf(descriptor))
    })
  })
}

function fileOf(descriptor: number): DiskFile {
  return {
    write: (buffers, position) =>
      new Promise((resolve, reject) => {
        fs.writev(descriptor, buffers, position, (error, bytes) => {
          if (error) reject(error)
          else resolve(bytes)
        })
      }),
    sync: () => new Promise((resolve, reject) => fs.fdatasync(descriptor, end(resolve, reject))),
    read: (into, position) =>
      new Promise((resolve, reject) => {
        fs.read(descriptor, into, 0, into.length, position, (error, bytes) => {
          if (error) reject(error)
          else resolve(bytes)
        })
      }),
    close: () => new Promise((resolve, reject) => fs.close(descriptor, end(resolve, reject))),
  }
}

function end(resolve: () => void, reject: (error: Error) => void) {
  return (error?: Error | null) => {
    if (error) reject(error)
    else resolve()
  }
}
