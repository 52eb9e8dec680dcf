/** The version in package.json, which lies above the compiled and the plain sources alike. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder with package.json. */
export function ownRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) {
    folder = dirname(folder)
  }
  return folder
}

/** E.g. `0.1.0`. */
export function ownVersion(): string {
  const text = readFileSync(join(ownRoot(), 'package.json'), 'utf8')
  const { version } = JSON.parse(text) as { readonly version?: string }
  return version ?? '0.0.0'
}
