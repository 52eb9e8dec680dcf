/** swaks, an SMTP client of others: hands a mail over and tells how it went. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OURS, SYSTEM } from './mm4-client.ts'
import { type Ran, runPeer } from './peer-process.ts'

/** Says EHLO, MAIL, RCPT and DATA; `more` is for TLS and logins. */
export function swaks(
  folder: string,
  port: number,
  mail: string,
  more: readonly string[] = [],
): Promise<Ran> {
  const file = join(folder, 'mail.eml')
  writeFileSync(file, mail)
  return runPeer('swaks', [
    ...['--server', '127.0.0.1', '--port', String(port), '--helo', 'mmsc.carrier.example'],
    // The carrier itself sends: swaks takes a leading plus for an option of its own.
    ...['--from', SYSTEM, '--to', OURS, '--data', `@${file}`, '--timeout', '20'],
    ...more,
  ])
}
