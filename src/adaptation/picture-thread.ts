/** A picture thread: one task at a time, until its port is closed. Absence is an answer. */
import { parentPort, workerData } from 'node:worker_threads'
import { fitPicture } from './fit-picture.ts'
import { loadPictureLibrary, type PictureLibrary } from './picture-library.ts'
import { failed, type PictureAnswer, type PictureTask, type ThreadOptions } from './picture-task.ts'

function serve(port: NonNullable<typeof parentPort>, { library: specifier }: ThreadOptions): void {
  const library: Promise<PictureLibrary | string> = loadPictureLibrary(specifier).catch(
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const now = () => performance.now()

  async function answer(task: PictureTask): Promise<PictureAnswer> {
    const loaded = await library
    if (typeof loaded === 'string') return failed('adapter-unavailable', loaded)
    return fitPicture(loaded, task, now)
  }

  port.on('message', async (task: PictureTask) => {
    const given = await answer(task)
    port.postMessage(given, given.kind === 'made' ? [given.bytes.buffer] : [])
  })
}

if (parentPort !== null) serve(parentPort, workerData as ThreadOptions)
