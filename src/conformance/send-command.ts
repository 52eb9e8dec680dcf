/** The one row no gateway can say: that it could not be reached. The command says it. */

import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import type { Entry } from '../catalog/index.ts'
import type { Mm7Profile } from '../core/code-row.ts'
import type { Face, Sighting } from './provocation.ts'
import type { Ran, World } from './world.ts'

/** A number of nobody; the message never leaves. */
const RECIPIENT = '+15550100199'

export async function provokeBySend(
  world: World,
  profile: Mm7Profile,
  entry: Entry,
): Promise<Sighting> {
  const url = `http://${world.door.host}:${await closedPort(world.door.host)}/mm7/${profile.path}`
  const words = ['send', 'mms', '--url', url, '--to', RECIPIENT, '--text', 'Conformance', '--json']
  const ran = await world.command(words)
  const expected: Face = { form: 'carillon send', code: entry.code, text: entry.text }
  const seen = faceOf(ran)
  const same = seen !== undefined && seen.code === expected.code && seen.text === expected.text
  return {
    expected,
    seen,
    matches: same && ran.code !== 0,
    evidence: `exit code ${ran.code}`,
    transcript: [
      { who: 'sent', bytes: Buffer.from(`carillon ${words.join(' ')}`, 'utf8') },
      { who: 'received', bytes: Buffer.from(ran.stdout + ran.stderr, 'utf8') },
    ],
  }
}

/** With `--json` what came of it is one JSON value, on one of the streams. */
function faceOf({ stdout, stderr }: Ran): Face | undefined {
  for (const line of [...stdout.split('\n'), ...stderr.split('\n')]) {
    const { code, text } = parseLine(line)
    if (typeof code === 'string' && typeof text === 'string') {
      return { form: 'carillon send', code, text }
    }
  }
  return undefined
}

function parseLine(line: string): { readonly code?: unknown; readonly text?: unknown } {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

/** A port that was free a moment ago. */
async function closedPort(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
