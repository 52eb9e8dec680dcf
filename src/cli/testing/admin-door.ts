/** A data folder that looks like a running gateway's, with a real HTTP server behind its admin door. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { writeRunFile } from '../../config/run-file.ts'
import { type Answer, type Got, type LoopbackServer, openLoopback } from './loopback-server.ts'
import { makeFolder } from './run-cli.ts'

export const TOKEN = 'token-of-the-command-line-tests'

export interface AdminDoor extends LoopbackServer {
  readonly data: string
}

/** Answers by method and path; a wrong token gets 401, an unknown path 404. */
export async function openAdminDoor(
  t: TestContext,
  answers: Readonly<Record<string, (got: Got) => unknown>>,
): Promise<AdminDoor> {
  const data = makeFolder(t)
  const server = await openLoopback(t, (got): Answer => {
    if (got.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401, body: '{}' }
    const answer = answers[`${got.method} ${got.path}`]
    if (answer === undefined) {
      const problem = { title: 'There is no such thing', detail: got.path }
      return { status: 404, body: JSON.stringify(problem) }
    }
    const value = answer(got)
    if (isAnswer(value)) return value
    return { body: JSON.stringify(value) }
  })
  writeFileSync(join(data, 'admin.token'), `${TOKEN}\n`, { mode: 0o600 })
  writeRunFile(data, {
    pid: process.pid,
    version: '0.0.0',
    startedAt: 0,
    addresses: { admin: { host: '127.0.0.1', port: server.port } },
  })
  return { ...server, data }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'body' in value && 'status' in value
}
