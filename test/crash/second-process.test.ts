/** One data folder has one gateway: a second one is told so, and disturbs the first in nothing. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { askAdmin, startGateway } from '../support/gateway-process.ts'

test('a second gateway on the same folder is refused clearly, and the first goes on', async () => {
  const data = await mkdtemp(join(tmpdir(), 'carillon-second-'))
  const first = startGateway({ data })
  try {
    const ready = await first.ready
    const runFile = await readFile(join(data, 'run.json'), 'utf8')

    const second = startGateway({ data })
    const { code } = await second.exited
    assert.equal(code, 78)
    assert.match(second.said(), /another process has .*carillon\.db open/)
    assert.match(second.said(), /its own data folder/)
    assert.doesNotMatch(second.said(), /node_modules|\.js:[0-9]/, 'no stack for a person')

    assert.equal(await readFile(join(data, 'run.json'), 'utf8'), runFile)
    await askAdmin(data, ready, '/admin/queue')
    assert.deepEqual(await first.stop(), { code: 0, signal: null }, first.said())
  } finally {
    await first.kill()
    await rm(data, { recursive: true, force: true })
  }
})

test('a killed gateway leaves nothing behind that keeps the next one out', async () => {
  const data = await mkdtemp(join(tmpdir(), 'carillon-stale-'))
  try {
    const first = startGateway({ data })
    await first.ready
    await first.kill()
    const next = startGateway({ data })
    await next.ready
    assert.deepEqual(await next.stop(), { code: 0, signal: null }, next.said())
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
