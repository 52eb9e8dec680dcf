/** `carillon directory import`: changes the running gateway's directory, all of it or nothing. */
import { formatOf } from '../../config/directory-file.ts'
import { readOperatorFile } from '../../config/load.ts'
import { OperatorError, operatorError, type Problem } from '../../config/operator-error.ts'
import { CLIENT_OPTIONS, openAdminClient, problemText } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'

/** Each entry as its kind and its name: `account acme`. */
interface Imported {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

export const directoryImportCommand = defineCommand({
  name: 'directory import',
  summary: 'put accounts, carriers, routes and blocks into a running gateway',
  examples: [
    ['carillon directory import accounts.toml', 'add and change; what is not named stays'],
    ['carillon directory import everything.toml --replace', 'what is not named goes'],
  ],
  positionals: [{ name: 'file', help: 'TOML, or JSON when its name ends in .json' }],
  options: {
    replace: { type: 'switch', help: 'remove every entry the file does not name' },
    ...CLIENT_OPTIONS,
  },
  notes: [
    'With --json: {added, changed, removed}, lists of entries such as "account acme"; or {error: {problems}} on stderr.',
    'A wrong file changes nothing; every problem is told at once (exit code 78).',
  ],
  async run({ values, positionals: [file = ''] }, terminal) {
    const text = readOperatorFile(file)
    const client = openAdminClient(values, terminal.env)
    const mode = values.replace ? 'replace' : 'merge'
    const answer = await client.send(`/admin/directory?mode=${mode}`, {
      text,
      mediaType: `application/${formatOf(file)}`,
    })
    if (answer.status === 422) throw refused(file, answer.body)
    if (answer.status === 400) {
      throw new OperatorError('file-unusable', problemText(answer), 'Mend the file.')
    }
    if (answer.status !== 200) throw new CommandFailure(EXIT.unavailable, problemText(answer))
    const imported = answer.body as Imported
    if (terminal.json) {
      terminal.printJson(imported)
      return EXIT.ok
    }
    const lines = (['added', 'changed', 'removed'] as const).flatMap((what) =>
      imported[what].map((entry) => `${what} ${entry}`),
    )
    for (const line of lines) terminal.print(line)
    if (lines.length === 0) terminal.print('Nothing to change: the gateway has it all.')
    return EXIT.ok
  },
})

function refused(file: string, body: unknown): OperatorError {
  const { problems } = body as { readonly problems: readonly Problem[] }
  const placed = problems.map((problem) => {
    const { where } = problem
    return where === undefined
      ? { ...problem, where: file }
      : { ...problem, where: named(where, file) }
  })
  return operatorError('directory-wrong', placed)
}

/** The gateway knows the file as the body it got. */
function named(where: string, file: string): string {
  return where.replace(/^body/, file)
}
