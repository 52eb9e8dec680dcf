/** `carillon start`: opens the gateway, shows where it listens, stops it when asked. */
import { join, relative } from 'node:path'
import type { FlagValue } from '../../config/given-values.ts'
import { type LoadedConfig, loadConfig } from '../../config/load.ts'
import type { Gateway } from '../../gateway.ts'
import { defineCommand } from '../command.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { takeBigHeapSteps } from '../heap-steps.ts'
import { ownRoot, ownVersion } from '../own-version.ts'
import { readyBox } from '../ready-box.ts'
import type { Terminal } from '../terminal.ts'

const PORT_MAX = 65_535
const LOOPBACK = '127.0.0.1'
/** What a hurried stop may still take before the process just ends. */
const HURRIED_EXIT_MS = 2_000

const OPTIONS = {
  'http-port': {
    type: 'integer',
    value: 'PORT',
    min: 0,
    max: PORT_MAX,
    help: 'door for MM7 clients; 0 takes a free one',
  },
  'smtp-port': {
    type: 'integer',
    value: 'PORT',
    min: 0,
    max: PORT_MAX,
    help: 'door for carriers (MM4)',
  },
  'smpp-port': {
    type: 'integer',
    value: 'PORT',
    min: 0,
    max: PORT_MAX,
    help: 'door for SMPP clients',
  },
  'admin-port': {
    type: 'integer',
    value: 'PORT',
    min: 0,
    max: PORT_MAX,
    help: 'door for operators',
  },
  data: { type: 'text', value: 'DIR', help: 'folder for everything that is kept (.carillon)' },
  config: { type: 'text', value: 'FILE', help: 'configuration (carillon.toml, when there is one)' },
  'no-sandbox': { type: 'switch', help: 'real carriers only, no demonstration accounts' },
  'log-level': { type: 'text', value: 'LEVEL', help: 'silent, error, warn, info, debug' },
  set: { type: 'list', value: 'NAME=VALUE', help: 'any option of the configuration; repeatable' },
} as const

export const startCommand = defineCommand({
  name: 'start',
  summary: 'run the gateway; with simulated carriers unless a configuration says otherwise',
  examples: [
    ['npm start', 'a gateway to try, on this machine only, nothing to configure'],
    ['carillon start --http-port 0 --smtp-port 0 --json', 'free ports, told in one line of JSON'],
    ['carillon start --config /etc/carillon.toml --data /var/lib/carillon', 'a real one'],
    ['carillon start --set log.level=debug --set limits.mimePartsMax=20', 'any option at all'],
  ],
  options: OPTIONS,
  notes: [
    'With --json, when ready: {ready, pid, version, sandbox, data, startedInMs, addresses: {http, smtp, smpp, admin, carrier: {host, port}}}.',
    'Without a configuration file the sandbox is on. Flags weigh more than CARILLON_ variables, those more than the file.',
    'SIGTERM or Ctrl-C stops taking messages and lets attempts under way end (shutdown.deadlineMs); a second one hurries.',
  ],
  async run({ values }, terminal) {
    const startedAt = Date.now()
    takeBigHeapSteps()
    const flags = flagsOf(values)
    const wanted = load(values.config, flags, terminal, values['no-sandbox'])
    const loaded = await withFreePorts(wanted, terminal)
    for (const warning of loaded.warnings) terminal.say(`warning: ${warning}`)
    const gateway = await open(loaded, terminal)
    const stopped = runUntilStopped(gateway, loaded.config.shutdown.deadlineMs, terminal)
    // After the signal handlers: whoever reads this may send a signal at once.
    tellReady(gateway, loaded, Date.now() - startedAt, terminal)
    return stopped
  },
})

interface Wishes {
  readonly 'http-port': number | undefined
  readonly 'smtp-port': number | undefined
  readonly 'smpp-port': number | undefined
  readonly 'admin-port': number | undefined
  readonly data: string | undefined
  readonly 'no-sandbox': boolean
  readonly 'log-level': string | undefined
  readonly set: readonly string[]
}

function flagsOf(values: Wishes): Record<string, FlagValue> {
  const flags: Record<string, FlagValue> = {}
  for (const wish of values.set) {
    const cut = wish.indexOf('=')
    if (cut < 1) throw new CommandFailure(EXIT.usage, `--set ${wish}: expected NAME=VALUE`)
    flags[wish.slice(0, cut)] = wish.slice(cut + 1)
  }
  const named: readonly (readonly [string, FlagValue | undefined])[] = [
    ['http.port', values['http-port']],
    ['smtp.port', values['smtp-port']],
    ['smpp.port', values['smpp-port']],
    ['admin.port', values['admin-port']],
    ['data', values.data],
    ['log.level', values['log-level']],
    ['sandbox.enabled', values['no-sandbox'] ? false : undefined],
  ]
  for (const [name, value] of named) if (value !== undefined) flags[name] = value
  return flags
}

/** The sandbox is for trying: whoever wrote a configuration file decides there. */
function load(
  file: string | undefined,
  flags: Record<string, FlagValue>,
  terminal: Terminal,
  noSandbox: boolean,
): LoadedConfig {
  const sources = { env: terminal.env, flags, ...(file !== undefined && { file }) }
  const loaded = loadConfig(sources)
  const decided = loaded.origins.get('sandbox.enabled')?.kind !== 'default'
  if (loaded.file !== undefined || decided || noSandbox) return loaded
  return loadConfig({ ...sources, flags: { ...flags, 'sandbox.enabled': true } })
}

/** Doors that commands find by themselves, so that their number matters to nobody. */
const MOVABLE_PORTS = [
  ['admin.port', 'admin'],
  ['sandbox.smtpPort', 'simulated carrier'],
] as const

/** A second gateway on one machine gets other numbers where nobody chose one. */
async function withFreePorts(loaded: LoadedConfig, terminal: Terminal): Promise<LoadedConfig> {
  let { config } = loaded
  // Nobody's number to know: a demonstration is told where to bind.
  if (config.sandbox.enabled && loaded.origins.get('smpp.port')?.kind === 'default') {
    config = { ...config, smpp: { ...config.smpp, port: 0 } }
  }
  for (const [option, name] of MOVABLE_PORTS) {
    if (loaded.origins.get(option)?.kind !== 'default') continue
    const admin = option === 'admin.port'
    const { host, port } = admin ? config.admin : { host: LOOPBACK, port: config.sandbox.smtpPort }
    if (!admin && !config.sandbox.enabled) continue
    const { checkPort } = await import('../health-checks.ts')
    if ((await checkPort(name, host, port)).state === 'good') continue
    if (!terminal.json) terminal.say(`Port ${port} is taken: the ${name} door takes a free one.`)
    config = admin
      ? { ...config, admin: { ...config.admin, port: 0 } }
      : { ...config, sandbox: { ...config.sandbox, smtpPort: 0 } }
  }
  return { ...loaded, config }
}

async function open({ config }: LoadedConfig, terminal: Terminal): Promise<Gateway> {
  // The heaviest module there is, and only this command needs it.
  const { openGateway } = await import('../../gateway.ts')
  try {
    return await openGateway({
      config,
      version: ownVersion(),
      env: terminal.env,
      onFatal(error) {
        terminal.say(`carillon: stopping at once, the disk or the store broke: ${error.message}`)
        process.exit(EXIT.software)
      },
    })
  } catch (error) {
    throw portFailure(error) ?? error
  }
}

function portFailure(error: unknown): CommandFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('port' in error)) return undefined
  if (error.code === 'EADDRINUSE') {
    return new CommandFailure(
      EXIT.unavailable,
      `port ${error.port} is taken: another program listens there, perhaps another gateway`,
      'Stop it, or take free ports: --http-port 0 --smtp-port 0 --smpp-port 0',
    )
  }
  if (error.code !== 'EACCES') return undefined
  return new CommandFailure(
    EXIT.noPermission,
    `port ${error.port} may not be opened by this user`,
    'Take one above 1023.',
  )
}

function tellReady(
  gateway: Gateway,
  { config }: LoadedConfig,
  startedInMs: number,
  terminal: Terminal,
): void {
  const facts = { version: ownVersion(), sandbox: config.sandbox.enabled, startedInMs }
  const { addresses } = gateway
  if (terminal.json) {
    terminal.printJson({ ready: true, pid: process.pid, data: config.data, ...facts, addresses })
    return
  }
  const examples = relative(process.cwd(), join(ownRoot(), 'examples', 'first-mms'))
  const box = readyBox({ ...facts, addresses, data: config.data, examples }, terminal.paint)
  for (const line of [...box, '']) terminal.print(line)
}

/** Resolves after the gateway closed; the second signal hurries, the third ends at once. */
function runUntilStopped(
  gateway: Gateway,
  deadlineMs: number,
  terminal: Terminal,
): Promise<ExitCode> {
  return new Promise((done, failed) => {
    let signals = 0
    const stop = (signal: string) => {
      signals += 1
      if (signals === 1) {
        terminal.say(`${signal}: stopping, ${deadlineMs / 1000} s at most; once more to hurry`)
        gateway.close(deadlineMs).then(() => done(EXIT.ok), failed)
      } else if (signals === 2) {
        terminal.say(`${signal}: hurrying`)
        gateway.close(0).then(() => done(EXIT.ok), failed)
        setTimeout(() => process.exit(EXIT.temporary), HURRIED_EXIT_MS).unref()
      } else process.exit(EXIT.temporary)
    }
    process.on('SIGTERM', () => stop('SIGTERM'))
    process.on('SIGINT', () => stop('SIGINT'))
  })
}
