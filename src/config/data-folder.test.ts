/** The two files a command needs to reach a running gateway: its token and where it listens. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { adminTokenPath, openAdminToken, readAdminToken } from './admin-token.ts'
import { loadConfig } from './load.ts'
import { OperatorError } from './operator-error.ts'
import { type RunInfo, readRunFile, removeRunFile, writeRunFile } from './run-file.ts'

const root = mkdtempSync(join(tmpdir(), 'carillon-data-'))
after(() => rmSync(root, { recursive: true, force: true }))
const fresh = () => join(mkdtempSync(join(root, 'd-')), 'data')

const info: RunInfo = {
  pid: process.pid,
  version: '0.0.0',
  startedAt: 1_800_000_000_000,
  addresses: { admin: { host: '127.0.0.1', port: 8090 } },
}

function refusedWith(code: string, body: () => unknown): void {
  assert.throws(body, (error) => error instanceof OperatorError && error.code === code)
}

test('the first start makes a token only its owner can read, later starts read it', () => {
  const path = join(fresh(), 'admin.token')
  const token = openAdminToken(path)
  assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(openAdminToken(path), token)
  assert.equal(readAdminToken(path), token)
})

test('two installations never share a token', () => {
  const tokens = [fresh(), fresh()].map((data) => openAdminToken(join(data, 'admin.token')))
  assert.notEqual(tokens[0], tokens[1])
})

test('the token lies in the data folder unless the operator names a file', () => {
  const sources = { env: {}, folder: root }
  const { config } = loadConfig({ ...sources, flags: { data: '/srv/c' } })
  assert.equal(adminTokenPath(config), join('/srv/c', 'admin.token'))
  const named = loadConfig({ ...sources, flags: { 'admin.token-file': '/etc/t' } })
  assert.equal(adminTokenPath(named.config), '/etc/t')
})

test('a token file that others can read, or that holds none, stops the start', () => {
  const path = join(fresh(), 'admin.token')
  openAdminToken(path)
  chmodSync(path, 0o644)
  refusedWith('admin-token-exposed', () => openAdminToken(path))
  writeFileSync(path, 'short\n')
  refusedWith('admin-token-wrong', () => openAdminToken(path))
  refusedWith('admin-token-unreadable', () => readAdminToken(join(fresh(), 'admin.token')))
  refusedWith('admin-token-unreadable', () => openAdminToken(join(path, 'below-a-file')))
})

test('a running gateway is found by its data folder and not after it stopped', () => {
  const data = fresh()
  assert.equal(readRunFile(data), undefined)
  writeRunFile(data, info)
  assert.deepEqual(readRunFile(data), info)
  assert.deepEqual(readdirSync(data), ['run.json'])
  removeRunFile(data, process.pid)
  assert.equal(readRunFile(data), undefined)
  removeRunFile(data, process.pid)
})

test('the file of a gateway that crashed counts as none', () => {
  const data = fresh()
  const { pid } = spawnSync(process.execPath, ['--version'])
  writeRunFile(data, { ...info, pid })
  assert.equal(readRunFile(data), undefined)
  assert.ok(existsSync(join(data, 'run.json')))
})

test('a gateway removes no other’s file', () => {
  const data = fresh()
  writeRunFile(data, { ...info, pid: 1 })
  removeRunFile(data, process.pid)
  assert.match(readFileSync(join(data, 'run.json'), 'utf8'), /"pid": 1/)
})

for (const text of ['', '{', 'null', '[]', '{"pid":"1","addresses":{}}', '{"pid":1}']) {
  test(`a run file that holds ${JSON.stringify(text)} counts as none`, () => {
    const data = fresh()
    writeRunFile(data, info)
    writeFileSync(join(data, 'run.json'), text)
    assert.equal(readRunFile(data), undefined)
  })
}
