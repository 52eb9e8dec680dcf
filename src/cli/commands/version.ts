/** `carillon version`. */
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { ownVersion } from '../own-version.ts'

export const versionCommand = defineCommand({
  name: 'version',
  summary: 'versions of this program and of Node',
  examples: [['carillon version --json', 'for a bug report']],
  options: {},
  notes: ['With --json: {carillon, node}.'],
  run(_input, terminal) {
    const facts = { carillon: ownVersion(), node: process.versions.node }
    if (terminal.json) terminal.printJson(facts)
    else terminal.print(`carillon ${facts.carillon}, Node ${facts.node}`)
    return EXIT.ok
  },
})
