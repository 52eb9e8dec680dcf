/**
 * The TOML parser, loaded when there is a file to read. Its one-file build, because a configuration
 * is read at one go, and a module of modules could only be awaited.
 */
import { createRequire } from 'node:module'

type Toml = typeof import('smol-toml')

const require = createRequire(import.meta.url)

export function tomlParser(): Toml {
  return require('smol-toml') as Toml
}
