/** Every command, with its module loaded only when it is called: most calls need one. */
import type { Command } from '../command.ts'

export interface CommandEntry {
  /** As typed after `carillon`. */
  readonly name: string
  readonly summary: string
  load(): Promise<Command>
}

/** In the order of a first day. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'run the gateway; with simulated carriers unless a configuration says otherwise',
    load: async () => (await import('./start.ts')).startCommand,
  },
  {
    name: 'send mms',
    summary: 'send a picture message over MM7, as a client would',
    load: async () => (await import('./send-mms.ts')).sendMmsCommand,
  },
  {
    name: 'send sms',
    summary: 'send a text message over SMPP, as a client would',
    load: async () => (await import('./send-sms.ts')).sendSmsCommand,
  },
  {
    name: 'listen',
    summary: 'play the client: take delivery reports and incoming messages',
    load: async () => (await import('./listen.ts')).listenCommand,
  },
  {
    name: 'trace',
    summary: 'the life of a message: what happened, when, and what it waits for',
    load: async () => (await import('./trace.ts')).traceCommand,
  },
  {
    name: 'queue',
    summary: 'what waits, where, since when',
    load: async () => (await import('./queue.ts')).queueCommand,
  },
  {
    name: 'codes explain',
    summary: 'what a code of a provider means and what to do about it',
    load: async () => (await import('./codes-explain.ts')).codesExplainCommand,
  },
  {
    name: 'codes list',
    summary: 'the codes of all providers, of one, or of one of its channels',
    load: async () => (await import('./codes-list.ts')).codesListCommand,
  },
  {
    name: 'codes search',
    summary: 'find codes by words of their text or meaning',
    load: async () => (await import('./codes-search.ts')).codesSearchCommand,
  },
  {
    name: 'codes translate',
    summary: 'a code in the words of another provider, with a mark of what got lost',
    load: async () => (await import('./codes-translate.ts')).codesTranslateCommand,
  },
  {
    name: 'codes matrix',
    summary: 'which provider can say what, and how much cannot be provoked yet',
    load: async () => (await import('./codes-matrix.ts')).codesMatrixCommand,
  },
  {
    name: 'conformance',
    summary: 'provoke every code of a provider from outside, and show what was seen',
    load: async () => (await import('./conformance.ts')).conformanceCommand,
  },
  {
    name: 'directory import',
    summary: 'put accounts, carriers, routes and blocks into a running gateway',
    load: async () => (await import('./directory-import.ts')).directoryImportCommand,
  },
  {
    name: 'directory show',
    summary: 'who may use the running gateway; secrets are stars',
    load: async () => (await import('./directory-show.ts')).directoryShowCommand,
  },
  {
    name: 'directory schema',
    summary: 'JSON Schema of the provisioning file',
    load: async () => (await import('./schemas.ts')).directorySchemaCommand,
  },
  {
    name: 'optouts',
    summary: 'who said STOP, to whom and when',
    load: async () => (await import('./optouts.ts')).optoutsCommand,
  },
  {
    name: 'config check',
    summary: 'read a configuration and tell everything that is wrong with it',
    load: async () => (await import('./config-check.ts')).configCheckCommand,
  },
  {
    name: 'config show',
    summary: 'every option with its value and where it came from',
    load: async () => (await import('./config-show.ts')).configShowCommand,
  },
  {
    name: 'config schema',
    summary: 'JSON Schema of carillon.toml',
    load: async () => (await import('./schemas.ts')).configSchemaCommand,
  },
  {
    name: 'clock show',
    summary: 'the time in the sandbox',
    load: async () => (await import('./clock.ts')).clockShowCommand,
  },
  {
    name: 'clock advance',
    summary: 'move the time of the sandbox forward, to see expiry and retries now',
    load: async () => (await import('./clock.ts')).clockAdvanceCommand,
  },
  {
    name: 'doctor',
    summary: 'look at the machine and the data folder for what could go wrong',
    load: async () => (await import('./doctor.ts')).doctorCommand,
  },
  {
    name: 'version',
    summary: 'versions of this program and of Node',
    load: async () => (await import('./version.ts')).versionCommand,
  },
]

/** What the words after `carillon` name. */
export type Resolved =
  | { readonly kind: 'command'; readonly entry: CommandEntry; readonly args: readonly string[] }
  /** The first word of several commands, without a second. */
  | { readonly kind: 'group'; readonly group: string; readonly entries: readonly CommandEntry[] }
  | { readonly kind: 'unknown'; readonly typed: string }

/** Finds the command in the words; the longest name wins. */
export function resolveCommand(words: readonly string[]): Resolved {
  const [first = '', second = ''] = words
  const long = COMMANDS.find(({ name }) => name === `${first} ${second}`)
  if (long !== undefined) return { kind: 'command', entry: long, args: words.slice(2) }
  const short = COMMANDS.find(({ name }) => name === first)
  if (short !== undefined) return { kind: 'command', entry: short, args: words.slice(1) }
  const entries = COMMANDS.filter(({ name }) => name.startsWith(`${first} `))
  const bare = second === '' || second.startsWith('-')
  if (entries.length > 0 && bare) return { kind: 'group', group: first, entries }
  return { kind: 'unknown', typed: entries.length > 0 ? `${first} ${second}` : first }
}
