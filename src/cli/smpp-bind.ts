/** Binds to a message centre as a client's program would: the running gateway's, or any other. */
import { printStatus } from '../codecs/smpp/command-status.ts'
import { readRunFile } from '../config/run-file.ts'
import { connectSmpp } from '../transports/smpp/client.ts'
import type { BoundAs, SmppHandler, SmppSession } from '../transports/smpp/handler.ts'
import { type ClientWishes, locate } from './admin-client.ts'
import { DEMO_ESME } from './demo.ts'
import { EXIT } from './exit-code.ts'
import { CommandFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'

const PORT_MAX = 65_535

/** Where to bind and as whom. */
export const SMPP_OPTIONS = {
  'smpp-host': { type: 'text', value: 'HOST', help: 'message centre (the running gateway’s door)' },
  'smpp-port': { type: 'integer', value: 'PORT', min: 1, max: PORT_MAX, help: 'its port' },
  'system-id': { type: 'text', value: 'NAME', help: `who to bind as (${DEMO_ESME.systemId})` },
  password: { type: 'text', value: 'WORD', help: 'its password; env:NAME reads a variable' },
} as const

export interface SmppWishes extends ClientWishes {
  readonly 'smpp-host': string | undefined
  readonly 'smpp-port': number | undefined
  readonly 'system-id': string | undefined
  readonly password: string | undefined
}

/** A bound session and what it is bound to, as `host:port`. */
export interface Bound {
  readonly session: SmppSession
  readonly place: string
  readonly systemId: string
}

/** Binds, or fails with what to do about it. */
export async function bindSmpp(
  wishes: SmppWishes,
  bindAs: BoundAs,
  handler: SmppHandler,
  { env }: Terminal,
): Promise<Bound> {
  const { host, port } = placeOf(wishes, env)
  const place = `${host}:${port}`
  const systemId = wishes['system-id'] ?? DEMO_ESME.systemId
  const { password: given = DEMO_ESME.password } = wishes
  // A password on a command line is seen by every user of the machine; a variable is not.
  const password = given.startsWith('env:') ? (env[given.slice(4)] ?? '') : given
  const connected = await connectSmpp({ host, port, bindAs, systemId, password, handler })
  switch (connected.kind) {
    case 'bound':
      return { session: connected.session, place, systemId }
    case 'refused':
      throw new CommandFailure(
        EXIT.noPermission,
        `${place} refuses ${systemId} as ${bindAs}: ${printStatus(connected.commandStatus)}`,
        'Check --system-id and --password, and what the account may bind as.',
      )
    case 'failed':
      throw new CommandFailure(
        EXIT.unavailable,
        `no message centre on ${place}: ${connected.detail}`,
        'Start a gateway with npm start, or name another with --smpp-host and --smpp-port.',
      )
  }
}

function placeOf(wishes: SmppWishes, env: Terminal['env']): { host: string; port: number } {
  const { config, data } = locate(wishes, env)
  const running = readRunFile(data)?.addresses.smpp ?? config.smpp
  return {
    host: wishes['smpp-host'] ?? running.host,
    port: wishes['smpp-port'] ?? running.port,
  }
}
