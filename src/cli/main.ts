#!/usr/bin/env node
/** The command `carillon`: finds the command meant, parses, runs, and turns failures into codes. */
import { nearestName } from '../config/nearest-name.ts'
import { COMMON_OPTIONS, type Command } from './command.ts'
import { COMMANDS, resolveCommand } from './commands/index.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { CommandFailure } from './failure.ts'
import { commandHelp, exitCodesHelp, groupHelp, overview } from './help.ts'
import { parseArguments } from './options.ts'
import { createTerminal } from './terminal.ts'

const words = process.argv.slice(2)
/** Known before parsing, because a refused option must be told in the form that was asked for. */
const terminal = createTerminal(process.env, {
  json: asksFor('--json'),
  noColour: asksFor('--no-color'),
})

const LINGER_MS = 1_000
const nothing = { values: {}, positionals: [] }

process.exitCode = await runSafely()

function asksFor(option: string): boolean {
  const end = words.indexOf('--')
  return words.slice(0, end < 0 ? undefined : end).includes(option)
}

async function runSafely(): Promise<ExitCode> {
  try {
    return await run()
  } catch (error) {
    // A gateway that failed half-way may have left something open.
    setTimeout(() => process.exit(), LINGER_MS).unref()
    return await tell(error)
  }
}

async function run(): Promise<ExitCode> {
  // `carillon --json trace 1` means `carillon trace 1 --json`.
  const first = words.findIndex((word) => !word.startsWith('-'))
  if (first < 0) return withoutCommand()
  const resolved = resolveCommand([...words.slice(first), ...words.slice(0, first)])
  if (resolved.kind === 'command') {
    return runCommand(await resolved.entry.load(), resolved.args)
  }
  if (words[first] === 'help') return help(words.slice(first + 1))
  if (resolved.kind === 'group') {
    const text = groupHelp(resolved.group, resolved.entries, terminal)
    if (asksFor('--help')) terminal.print(text)
    else terminal.say(text)
    return asksFor('--help') ? EXIT.ok : EXIT.usage
  }
  return unknownCommand(resolved.typed)
}

async function withoutCommand(): Promise<ExitCode> {
  if (words.includes('--version')) {
    return (await import('./commands/version.ts')).versionCommand.run(nothing, terminal)
  }
  const wrong = words.find((word) => !['--help', '-h', '--json', '--no-color'].includes(word))
  if (wrong !== undefined) return refuse(`unknown option ${wrong}`, 'Try: carillon help')
  terminal.print(overview(COMMANDS, terminal))
  return EXIT.ok
}

async function help(topic: readonly string[]): Promise<ExitCode> {
  const asked = topic.filter((word) => !word.startsWith('-'))
  if (asked.length === 0) terminal.print(overview(COMMANDS, terminal))
  else if (asked[0] === 'exit-codes') terminal.print(exitCodesHelp())
  else {
    const resolved = resolveCommand(asked)
    if (resolved.kind === 'unknown') return unknownCommand(resolved.typed)
    if (resolved.kind === 'group') {
      terminal.print(groupHelp(resolved.group, resolved.entries, terminal))
    } else terminal.print(commandHelp(await resolved.entry.load(), terminal))
  }
  return EXIT.ok
}

async function runCommand(command: Command, args: readonly string[]): Promise<ExitCode> {
  if (asksFor('--help') || asksFor('-h')) {
    terminal.print(commandHelp(command, terminal))
    return EXIT.ok
  }
  const parsed = parseArguments({ ...command.options, ...COMMON_OPTIONS }, args)
  const more = `carillon help ${command.name}`
  if (parsed.kind === 'wrong') return refuse(parsed.message, parsed.hint ?? `See: ${more}`)
  const wanted = command.positionals ?? []
  const missing = wanted.filter(({ optional }) => optional !== true)[parsed.positionals.length]
  if (missing !== undefined) return refuse(`<${missing.name}> is missing`, `See: ${more}`)
  const endless = wanted.some(({ rest }) => rest === true)
  const extra = endless ? undefined : parsed.positionals[wanted.length]
  if (extra !== undefined) return refuse(`unexpected argument ${extra}`, `See: ${more}`)
  return command.run(parsed, terminal)
}

function unknownCommand(typed: string): ExitCode {
  const near = nearestCommand(typed)
  return refuse(
    `unknown command ${typed}`,
    near === undefined ? 'Try: carillon help' : `Did you mean carillon ${near}?`,
  )
}

/** A whole name, or the first word of several commands. */
function nearestCommand(typed: string): string | undefined {
  const names = COMMANDS.map(({ name }) => name)
  const near = nearestName(typed, ['help', ...names, ...names.map((name) => firstWord(name))])
  const sharing = names.filter((name) => firstWord(name) === near)
  return sharing.length === 1 ? sharing[0] : near
}

function firstWord(name: string): string {
  return name.split(' ')[0] ?? name
}

function refuse(message: string, hint: string): ExitCode {
  return complain({ code: 'usage', message, hint, exitCode: EXIT.usage })
}

interface Complaint {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly exitCode: ExitCode
  readonly problems?: readonly unknown[]
}

/** Failures are talk, so stderr; with `--json` they are a JSON line there. */
function complain(complaint: Complaint): ExitCode {
  const { message, hint, exitCode } = complaint
  if (terminal.json) terminal.say(JSON.stringify({ error: complaint }))
  else {
    terminal.say(`${terminal.paintTalk('red', 'carillon:')} ${message}`)
    if (hint !== undefined && hint !== '') terminal.say(hint)
  }
  return exitCode
}

async function tell(error: unknown): Promise<ExitCode> {
  if (error instanceof CommandFailure) {
    const { message, hint, exitCode } = error
    const code = error.name === 'CommandFailure' ? 'command-failed' : error.name
    return complain({ code, message, exitCode, ...(hint !== undefined && { hint }) })
  }
  // Loaded here only: most runs never see one.
  const { OperatorError } = await import('../config/operator-error.ts')
  if (error instanceof OperatorError) {
    const { code, message, hint, problems } = error
    return complain({ code, message, hint, problems, exitCode: EXIT.config })
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return complain({ code: 'software', message, exitCode: EXIT.software })
}
