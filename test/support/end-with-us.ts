/**
 * Ends a process group when this process ends, however that happens: a runner that loses patience
 * kills it with a signal nobody can hear, and what leads a group of its own would live on. So a shell
 * holds the other end of a pipe: it closes with us, by whatever end.
 */
import { spawn } from 'node:child_process'

/** Reads a line: the group is no longer its business. Reads the end: we are gone. */
const WATCH = 'read -r _ || kill -s KILL -- "-$1"'

/** `leader`: the process id its group is called by. Call the answer once the group has ended. */
export function endWithUs(leader: number | undefined): () => void {
  if (leader === undefined) return () => {}
  // Out of our own group as well: who ends that means us, and the watcher is for afterwards.
  const watcher = spawn('sh', ['-c', WATCH, 'sh', String(leader)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  // It may be gone before it reads.
  for (const each of [watcher, watcher.stdin]) each.on('error', () => {})
  watcher.unref()
  return () => void watcher.stdin.end('\n')
}
