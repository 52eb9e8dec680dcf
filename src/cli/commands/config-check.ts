/** `carillon config check`: everything that is wrong, at once, with its line. */
import { loadConfig } from '../../config/load.ts'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'

export const configCheckCommand = defineCommand({
  name: 'config check',
  summary: 'read a configuration and tell everything that is wrong with it',
  examples: [
    ['carillon config check', 'carillon.toml here, with CARILLON_ variables over it'],
    ['carillon config check /etc/carillon.toml --json', 'in a deployment; exit code 78 when wrong'],
  ],
  positionals: [
    { name: 'file', help: 'the file (carillon.toml, when there is one)', optional: true },
  ],
  options: {},
  notes: ['With --json: {right, file, warnings} on stdout, or {error: {problems}} on stderr.'],
  run({ positionals: [file] }, terminal) {
    const sources = { env: terminal.env, flags: {} }
    const loaded = loadConfig(file === undefined ? sources : { ...sources, file })
    const { warnings } = loaded
    if (terminal.json) {
      terminal.printJson({ right: true, file: loaded.file ?? null, warnings })
      return EXIT.ok
    }
    for (const warning of warnings) terminal.print(`warning: ${warning}`)
    terminal.print(`${loaded.file ?? 'No file; the defaults'}: in order.`)
    return EXIT.ok
  },
})
