/** Where the project lies, from a test compiled into any folder below it. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from))
}

/** The folder with package.json. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)))

/** A text file of the project. */
export function readProjectFile(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8')
}
