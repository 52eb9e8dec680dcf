/** Imports a provisioning file into the live directory: all of it, or nothing and all its faults. */

import {
  type DirectoryFormat,
  parseDirectoryText,
  readDirectory,
} from '../config/directory-file.ts'
import { type OperatorError, operatorError, type Problem } from '../config/operator-error.ts'
import type { SecretSources } from '../config/secret.ts'
import { lineOf, tomlLines } from '../config/toml-lines.ts'
import { blockKey } from '../core/directory.ts'
import type {
  DirectoryChanges,
  DirectoryHolder,
  DirectoryKind,
  DirectoryObjection,
  ImportMode,
} from '../engine/directory-holder.ts'
import { repeatedEntries } from './directory-check.ts'

export interface DirectoryImport {
  readonly text: string
  readonly format: DirectoryFormat
  readonly mode: ImportMode
  /** The file's name, for messages. */
  readonly where: string
}

export type Imported =
  | ({ readonly kind: 'imported' } & DirectoryChanges)
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }

/** Checks, hashes, applies. Throws only an `OperatorError` for text that is no TOML or JSON. */
export async function importDirectory(
  holder: DirectoryHolder,
  request: DirectoryImport,
  secrets: SecretSources,
): Promise<Imported> {
  const input = parseDirectoryText(request.text, request.format, request.where)
  const lines = request.format === 'toml' ? tomlLines(request.text) : new Map<string, number>()
  const place = (problem: Problem): Problem => {
    const line = lineOf(lines, problem.path)
    return { ...problem, where: line === undefined ? request.where : `${request.where}:${line}` }
  }
  const read = await readDirectory(input, { ...secrets, current: holder.current() })
  if (read.kind === 'wrong') return { kind: 'refused', problems: read.problems.map(place) }
  const refused = (objections: readonly DirectoryObjection[]): Imported => ({
    kind: 'refused',
    problems: objections.map((objection) => {
      const index = indexIn(read.value, objection)
      if (index !== undefined)
        return place(problemOf(objection, `${LIST[objection.kind]}[${index}]`))
      const problem = problemOf(objection, `${LIST[objection.kind]}["${objection.name}"]`)
      return { ...problem, where: 'the present directory' }
    }),
  })
  const repeated = repeatedEntries(read.value)
  if (repeated.length > 0) return refused([...repeated, ...holder.judge(read.value, request.mode)])
  const applied = await holder.apply(read.value, request.mode)
  if (applied.kind === 'refused') return refused(applied.objections)
  return { ...applied, kind: 'imported' }
}

/** A refused import as one error, for those who import at start or from a command. */
export function directoryError(problems: readonly Problem[]): OperatorError {
  return operatorError('directory-wrong', problems)
}

const LIST = {
  account: 'accounts',
  number: 'numbers',
  carrier: 'carriers',
  route: 'routes',
  block: 'blocks',
  application: 'applications',
} as const satisfies Record<DirectoryKind, string>

type Data = Parameters<DirectoryHolder['apply']>[0]

/** Where the objected entry stands in the file. The last of a name, as it is the one that counts. */
function indexIn(data: Data, { kind, name }: DirectoryObjection): number | undefined {
  const names = {
    account: () => data.accounts.map(({ id }) => id),
    number: () => data.numbers.map(({ number }) => number),
    carrier: () => data.carriers.map((carrier) => carrier.name),
    route: () => data.routes.map((route) => route.name),
    block: () => data.blocks.map(blockKey),
    application: () => (data.applications ?? []).map(({ id }) => id),
  } satisfies Record<DirectoryKind, () => readonly string[]>
  const index = names[kind]().lastIndexOf(name)
  return index < 0 ? undefined : index
}

function problemOf({ field, message, hint }: DirectoryObjection, entry: string): Problem {
  return { path: `${entry}.${field}`, message, ...(hint !== undefined && { hint }) }
}
