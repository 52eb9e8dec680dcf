/** Help texts. Examples come first: most people want a line to change, not a grammar. */
import { COMMON_OPTIONS, type Command, type Positional } from './command.ts'
import { EXIT_CODES } from './exit-code.ts'
import type { Option, OptionTable } from './options.ts'
import { columns, type Terminal, wrap } from './terminal.ts'

export interface Summary {
  readonly name: string
  readonly summary: string
}

/** Help of one command. */
export function commandHelp(command: Command, terminal: Terminal): string {
  const { paint } = terminal
  const lines = [`${paint('bold', `carillon ${command.name}`)}: ${command.summary}`, '']
  for (const [typed, what] of command.examples) {
    lines.push(`  ${paint('dim', `# ${what}`)}`, `  ${paint('cyan', typed)}`, '')
  }
  lines.push(paint('bold', 'Usage'), `  ${usageLine(command)}`, '')
  const positionals = command.positionals ?? []
  if (positionals.length > 0) {
    const rows = positionals.map((each) => [`  ${positionalWord(each)}`, each.help])
    lines.push(...columns(rows), '')
  }
  lines.push(paint('bold', 'Options'))
  lines.push(...optionLines({ ...command.options, ...COMMON_OPTIONS }))
  for (const note of command.notes ?? []) lines.push('', ...wrap(note, terminal.columns))
  return lines.join('\n')
}

/** `carillon trace <message-id> [options]`. */
export function usageLine(command: Command): string {
  const words = (command.positionals ?? []).map(positionalWord)
  const required = Object.entries(command.options)
    .filter(([, option]) => 'required' in option)
    .map(([name, option]) => `--${name} ${valueWord(option)}`)
  return ['carillon', command.name, ...words, ...required, '[options]'].join(' ')
}

/** `<file>`, `[file]`, `<words…>`. */
export function positionalWord({ name, optional, rest }: Positional): string {
  const dots = rest === true ? '…' : ''
  return optional === true ? `[${name}${dots}]` : `<${name}${dots}>`
}

/** The value of an option in capitals, or nothing for a switch. */
export function valueWord(option: Option): string {
  return option.type === 'switch' ? '' : option.value
}

function optionLines(table: OptionTable): readonly string[] {
  const rows = Object.entries(table).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `
    return [`  ${short}--${name} ${valueWord(option)}`.trimEnd(), option.help]
  })
  return columns(rows)
}

const FIRST_MINUTES: readonly (readonly [string, string])[] = [
  ['npm start', 'a gateway with simulated carriers, on this machine only'],
  [
    "npx carillon send mms --image examples/first-mms/photo.jpg --text 'Hello' --to +15550100123",
    'send a picture',
  ],
  ['npx carillon trace latest', 'see where it went and why'],
  ['npx carillon codes explain sinch 3001', 'ask what a code means and what to do'],
]

/** Help of the whole: the first minutes, then every command. */
export function overview(commands: readonly Summary[], terminal: Terminal): string {
  const { paint } = terminal
  const lines = [`${paint('bold', 'carillon')}: a multichannel messaging gateway`, '']
  for (const [typed, what] of FIRST_MINUTES) {
    lines.push(`  ${paint('dim', `# ${what}`)}`, `  ${paint('cyan', typed)}`, '')
  }
  lines.push(paint('bold', 'Commands'))
  lines.push(...columns(commands.map(({ name, summary }) => [`  ${name}`, summary])))
  lines.push('', 'carillon help <command> tells more; carillon help exit-codes lists those.')
  return lines.join('\n')
}

/** Help of a group of commands, such as `config`. */
export function groupHelp(group: string, commands: readonly Summary[], terminal: Terminal): string {
  const rows = columns(commands.map(({ name, summary }) => [`  carillon ${name}`, summary]))
  return [terminal.paint('bold', `carillon ${group} …`), ...rows].join('\n')
}

/** `help exit-codes`. */
export function exitCodesHelp(): string {
  const rows = EXIT_CODES.map(([code, name, meaning]) => [`  ${code}`, name, meaning])
  return ['Exit codes (sysexits.h)', ...columns(rows)].join('\n')
}
