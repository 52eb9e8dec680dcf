/** Reads a data folder whose gateway has stopped, as the next start would find it. */
import { join } from 'node:path'
import type { MessageStory } from '../../src/engine/ports/store.ts'
import { openSegments } from '../../src/media/segments/segments.ts'
import { openDatabase } from '../../src/stores/sqlite/driver.ts'
import { openSqliteStore } from '../../src/stores/sqlite/store.ts'

export interface KeptData {
  readonly stories: readonly MessageStory[]
  /** What is wrong with the files themselves. */
  readonly broken: readonly string[]
  /** Leases nobody holds any more; the next start frees them. */
  readonly leases: readonly string[]
}

const PAGE = 1000

/** Opens everything, checks the files, reads every story. */
export async function readKeptData(data: string): Promise<KeptData> {
  const { broken, leases } = checkDatabase(join(data, 'carillon.db'))
  const fatal = (error: Error) => broken.push(`fatal: ${error.message}`)
  const store = await openSqliteStore({ path: join(data, 'carillon.db'), onFatal: fatal })
  const media = await openSegments({ folder: join(data, 'media'), onFatal: fatal })
  const stories: MessageStory[] = []
  try {
    for (let before: string | undefined; ; ) {
      const page = await store.read({
        query: 'messages',
        limit: PAGE,
        ...(before === undefined ? {} : { before }),
      })
      for (const { message } of page) {
        const story = await store.read({ query: 'message', messageId: message.id })
        if (story === undefined) broken.push(`${message.id} is listed and cannot be read`)
        else stories.push(story)
        const whole = await media.verify(message.content.extents)
        if (!whole) broken.push(`${message.id}: its bytes are not what was stored`)
      }
      before = page.at(-1)?.message.id
      if (page.length < PAGE) break
    }
  } finally {
    await media.close()
    await store.close()
  }
  return { stories, broken, leases }
}

/** Before anything else opens the file, since the next start frees leases. */
function checkDatabase(path: string): { broken: string[]; leases: string[] } {
  const db = openDatabase(path)
  try {
    const rows = db.prepare('PRAGMA integrity_check').all()
    const broken = rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok')
    const leases = ['delivery', 'notice'].flatMap((table) => {
      const count = db
        .prepare(`SELECT count(*) AS count FROM ${table} WHERE leased_at IS NOT NULL`)
        .get()?.count
      return count === 0 ? [] : [`${count} leases are left in ${table}`]
    })
    return { broken, leases }
  } finally {
    db.close()
  }
}
