/** `carillon config show`: each option, its value and who said so. */
import { configRows } from '../../config/explain.ts'
import { loadConfig, printOrigin } from '../../config/load.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { columns } from '../terminal.ts'

export const configShowCommand = defineCommand({
  name: 'config show',
  summary: 'every option with its value and where it came from',
  examples: [
    ['carillon config show --origin', 'who set what: file and line, variable or default'],
    ['carillon config show http.port', 'options whose name begins so, with what they mean'],
  ],
  positionals: [{ name: 'name', help: 'only options that begin so', optional: true }],
  options: {
    origin: { type: 'switch', help: 'show where each value came from' },
    config: { type: 'text', value: 'FILE', help: 'the file (carillon.toml, when there is one)' },
  },
  notes: ['With --json: a line for each option, {path, value, origin, description, variable}.'],
  run({ values, positionals: [prefix = ''] }, terminal) {
    const sources = { env: terminal.env, flags: {} }
    const file = values.config
    const loaded = loadConfig(file === undefined ? sources : { ...sources, file })
    const rows = configRows(loaded).filter(({ path }) => path.startsWith(prefix))
    if (terminal.json) {
      for (const row of rows) terminal.printJson({ ...row, origin: printOrigin(row.origin) })
      return EXIT.ok
    }
    const cells = rows.map(({ path, value, origin }) => [
      path,
      value === undefined ? '-' : JSON.stringify(value),
      ...(values.origin ? [printOrigin(origin)] : []),
    ])
    const lines = columns(cells)
    for (const [i, line] of lines.entries()) {
      terminal.print(line)
      const row = rows[i]
      if (prefix !== '' && row !== undefined) {
        terminal.print(`    ${row.description}`)
        terminal.print(terminal.paint('dim', `    ${row.variable}`))
      }
    }
    return EXIT.ok
  },
})
