import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { until } from '../support/inbox.ts'

const PEERS = new URL('../support/peer-process.js', import.meta.url).href

/** A runner of its own with a peer that would never end; says the peer's group. */
const RUNNER = `
import { startPeer } from ${JSON.stringify(PEERS)}
const peer = startPeer('sh', ['-c', 'trap "" TERM; sleep 600 & echo $$; wait'], '/')
const told = setInterval(() => peer.said() && (process.stdout.write(peer.said()), clearInterval(told)), 5)
`

function lives(group: number): boolean {
  try {
    process.kill(-group, 0)
    return true
  } catch {
    return false
  }
}

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  test(`no peer outlives a runner that is ended by ${signal}`, async (t) => {
    const runner = spawn(process.execPath, ['--input-type=module', '-e', RUNNER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    t.after(() => runner.kill('SIGKILL'))
    const [line] = (await once(createInterface({ input: runner.stdout }), 'line')) as [string]
    const group = Number(line)
    assert.ok(lives(group))
    runner.kill(signal)
    await until('the end of its peer', () => !lives(group))
  })
}
