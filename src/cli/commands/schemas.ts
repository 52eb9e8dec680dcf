/** `carillon config schema` and `carillon directory schema`: the published JSON Schemas. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineCommand } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { ownRoot } from '../own-version.ts'
import type { Terminal } from '../terminal.ts'

export const configSchemaCommand = defineCommand({
  name: 'config schema',
  summary: 'JSON Schema of carillon.toml',
  examples: [
    ['carillon config schema > carillon.schema.json', 'for completion and checks in an editor'],
  ],
  options: {},
  run: (_input, terminal) => printSchema('carillon.schema.json', terminal),
})

export const directorySchemaCommand = defineCommand({
  name: 'directory schema',
  summary: 'JSON Schema of the provisioning file',
  examples: [
    ['carillon directory schema > directory.schema.json', 'for completion and checks in an editor'],
  ],
  options: {},
  run: (_input, terminal) => printSchema('directory.schema.json', terminal),
})

/** The generated file is the one published, so it is what is printed. */
function printSchema(name: string, terminal: Terminal) {
  const path = join(ownRoot(), 'docs', 'reference', name)
  if (!existsSync(path)) throw new CommandFailure(EXIT.software, `${path} is missing`)
  const schema: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (terminal.json) terminal.printJson(schema)
  else terminal.print(JSON.stringify(schema, undefined, 2))
  return EXIT.ok
}
