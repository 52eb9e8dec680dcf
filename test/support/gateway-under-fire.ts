/** A real gateway process with its sandbox, whose memory and manners can be watched. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Running, startCli } from '../../src/cli/testing/run-cli.ts'
import { exchange, type Mm7Answer, type Mm7Draft, writeRequest } from './mm7-client.ts'

export interface UnderFire {
  readonly ports: { readonly http: number; readonly smtp: number; readonly admin: number }
  readonly run: Running
  /** An ordinary client's request. */
  send(draft?: Mm7Draft): Promise<Mm7Answer>
  /** Resident memory, in bytes. */
  residentBytes(): Promise<number>
}

/** `settings`: options of the configuration, `name=value`. */
export async function openUnderFire(
  t: TestContext,
  settings: readonly string[],
): Promise<UnderFire> {
  const data = mkdtempSync(join(tmpdir(), 'carillon-fire-'))
  const words = ['start', '--json', '--data', data, '--log-level', 'warn']
  const free = ['--http-port', '0', '--smtp-port', '0', '--smpp-port', '0', '--admin-port', '0']
  const chosen = ['sandbox.smtpPort=0', ...settings].flatMap((setting) => ['--set', setting])
  const run = startCli([...words, ...free, ...chosen], { cwd: data })
  t.after(async () => {
    run.child.kill('SIGKILL')
    await run.ended
    rmSync(data, { recursive: true, force: true })
  })
  const { addresses } = JSON.parse(await run.firstLine())
  const ports = {
    http: addresses.http.port,
    smtp: addresses.smtp.port,
    admin: addresses.admin.port,
  }
  return {
    ports,
    run,
    send: (draft = {}) => exchange(ports.http, writeRequest(draft)),
    async residentBytes() {
      const answer = await fetch(`http://127.0.0.1:${ports.admin}/metrics`)
      const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(await answer.text()) ?? []
      return Number(bytes)
    },
  }
}

/** Says these bytes and hears whatever comes until the other side closes. */
export function hearOut(port: number, bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    // A reset is a way to close, too.
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1')
    })
    socket.on('close', () => resolve(heard))
  })
}

/** Sends these bytes and hangs up without waiting for anything. */
export function leaveEarly(port: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, () => socket.destroy()))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
