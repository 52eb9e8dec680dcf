/** The gateway a conformance run tries: one of its own, or one that runs already. */
import { randomBytes } from 'node:crypto'
import { conformanceDirectory, type SpokenDialects } from '../conformance/accounts.ts'
import { type Command, openOwnGateway, runCommand } from '../conformance/child.ts'
import { OWN_DOMAIN } from '../conformance/mm4/accounts.ts'
import { openMmsc } from '../conformance/mm4/mmsc.ts'
import { openReportInbox } from '../conformance/report-inbox.ts'
import { type RowGateway, TIMEOUTS, type World } from '../conformance/world.ts'
import { SPOKEN } from '../dialects/spoken.ts'
import {
  type AdminAddress,
  type AdminDoor,
  jsonBody,
  locate,
  openAdminClient,
  openAdminDoor,
  problemText,
} from './admin-client.ts'
import { EXIT } from './exit-code.ts'
import { CommandFailure } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** As the options were given. */
export interface TargetWishes {
  /** MM7 door of a running gateway. */
  readonly url: string | undefined
  /** Operators' door of a running gateway. */
  readonly admin: string | undefined
  readonly data: string | undefined
  readonly config: string | undefined
}

export interface Target {
  readonly world: World
  /** Lets go of everything that was opened, the gateway of our own too. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
/** Makes the ids of one run differ from those of another, in bytes. */
const TOKEN_BYTES = 3

/** Opens it, and puts the run's accounts into it. */
export async function openTarget(
  wishes: TargetWishes,
  dialects: readonly string[],
  terminal: Terminal,
): Promise<Target> {
  const command: Command = [process.execPath, process.argv[1] ?? '']
  const own = isRunning(wishes) ? undefined : await startOwn(command, [])
  const reports = await openReportInbox(LOOPBACK)
  const mmsc = await openMmsc(LOOPBACK, OWN_DOMAIN)
  const close = async () => {
    await Promise.all([reports.close(), mmsc.close(), own?.close()])
  }
  const directory = conformanceDirectory(speakersOf(dialects), reports.url, mmsc.door)
  const openGateway = async (settings: readonly string[]): Promise<RowGateway> => {
    const gateway = await startOwn(command, settings)
    const { smtp, smpp, admin } = findDoors({ ...NO_WISHES, data: gateway.data }, terminal)
    await provision(admin, directory)
    return { smtp, smpp, leave: gateway.leave, close: gateway.close }
  }
  try {
    const wanted = own === undefined ? wishes : { ...NO_WISHES, data: own.data }
    const { http, smtp, smpp, admin } = findDoors(wanted, terminal)
    await insistOnSandbox(admin)
    await provision(admin, directory)
    const world: World = {
      door: http,
      reports,
      ...(smtp === undefined ? {} : { mm4: { door: smtp, mmsc, openGateway } }),
      ...(smpp === undefined ? {} : { smpp: { door: smpp, openGateway } }),
      command: (words) => runCommand(command, words, process.env),
      token: randomBytes(TOKEN_BYTES).toString('hex'),
      timeouts: TIMEOUTS,
    }
    return { world, close }
  } catch (error) {
    await close()
    throw error
  }
}

const NO_WISHES: TargetWishes = {
  url: undefined,
  admin: undefined,
  data: undefined,
  config: undefined,
}

/** Who of these has which door. */
function speakersOf(dialects: readonly string[]): SpokenDialects {
  const known = SPOKEN.filter(({ name }) => dialects.includes(name))
  const names = (spoken: typeof known) => spoken.map(({ name }) => name)
  return {
    mm7: names(known.filter(({ mm7 }) => mm7 !== undefined)),
    mm4: names(known.filter(({ mm4, mm7 }) => mm4 !== undefined && mm7 === undefined)),
  }
}

function isRunning({ url, admin, data, config }: TargetWishes): boolean {
  return [url, admin, data, config].some((each) => each !== undefined)
}

async function startOwn(command: Command, settings: readonly string[]) {
  const own = await openOwnGateway(command, process.env, settings)
  if (own.kind === 'running') return own
  throw new CommandFailure(EXIT.unavailable, `a gateway for the run did not start: ${own.because}`)
}

interface Doors {
  readonly http: AdminAddress
  /** Unknown where only the address of the other door was given. */
  readonly smtp: AdminAddress | undefined
  readonly smpp: AdminAddress | undefined
  readonly admin: AdminDoor
}

/** Where its run file says, unless an option says otherwise. */
function findDoors(wishes: TargetWishes, { env }: Terminal): Doors {
  const { url, admin } = wishes
  if (url !== undefined && admin !== undefined) {
    const { tokenPath } = locate(wishes, env)
    const door = openAdminDoor(addressOf('--admin', admin), tokenPath)
    return { http: addressOf('--url', url), smtp: undefined, smpp: undefined, admin: door }
  }
  const client = openAdminClient(wishes, env)
  const http = url === undefined ? client.run.addresses.http : addressOf('--url', url)
  if (http === undefined) throw new CommandFailure(EXIT.unavailable, 'it has no MM7 door')
  const { smtp, smpp } = client.run.addresses
  if (admin === undefined) return { http, smtp, smpp, admin: client }
  const { tokenPath } = locate(wishes, env)
  return { http, smtp, smpp, admin: openAdminDoor(addressOf('--admin', admin), tokenPath) }
}

function addressOf(option: string, text: string): AdminAddress {
  try {
    const { protocol, hostname, port } = new URL(text)
    // Requests with defects below HTTP are written to the plain socket.
    if (protocol === 'http:' && port !== '') {
      return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
    }
  } catch {
    // Told below, with the text.
  }
  throw new CommandFailure(EXIT.usage, `${option} ${text}: expected http://HOST:PORT`)
}

/** Provocations are sent to simulated handsets; a real gateway would send them to real ones. */
async function insistOnSandbox(admin: AdminDoor): Promise<void> {
  const { body } = await admin.ask('GET', '/admin/status')
  const { facts } = body as { readonly facts?: { readonly sandbox?: unknown } }
  if (facts?.sandbox === true) return
  throw new CommandFailure(
    EXIT.usage,
    'that gateway has no sandbox: its messages would reach real carriers',
    'Leave --url, --admin and --data out, and the run starts a gateway of its own.',
  )
}

async function provision(
  admin: AdminDoor,
  directory: ReturnType<typeof conformanceDirectory>,
): Promise<void> {
  const answer = await admin.send('/admin/directory', jsonBody(directory))
  if (answer.status === 200) return
  throw new CommandFailure(EXIT.config, `the run's accounts were refused: ${problemText(answer)}`)
}
