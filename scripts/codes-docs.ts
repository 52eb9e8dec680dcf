/**
 * Writes docs/reference/codes: one page for each dialect and surface, an index, and the catalog as
 * JSON with its schema. `node dist/scripts/codes-docs.js` writes them; a test fails while a page and
 * the data differ.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { entries } from '../src/catalog/index.ts'
import { DIALECTS } from '../src/dialects/index.ts'
import { codesIndexPage } from './codes-index-page.ts'
import { codesPage } from './codes-page.ts'
import { catalogSchema } from './codes-schema.ts'

/** Every generated file below docs/reference/codes, by path. */
export function codesPages(): ReadonlyMap<string, string> {
  const pages = new Map<string, string>([
    ['README.md', codesIndexPage()],
    ['catalog.json', catalogJson()],
    ['catalog.schema.json', `${JSON.stringify(catalogSchema(), null, 2)}\n`],
  ])
  for (const dialect of DIALECTS) {
    for (const surface of dialect.surfaces) {
      pages.set(`${dialect.name}/${surface.name}.md`, codesPage(dialect, surface))
    }
  }
  return pages
}

/** The rows as `codes list --json` prints them, but one on a line, so that a change is one line. */
export function catalogJson(): string {
  return `[\n${entries()
    .map((entry) => JSON.stringify(entry))
    .join(',\n')}\n]\n`
}

/** docs/reference/codes of the repository this file was built in. */
export function codesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return join(folder, 'docs', 'reference', 'codes')
}

/** Writes every page; one that no data stands behind any more goes. */
export function writeCodesPages(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  for (const [path, text] of codesPages()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeCodesPages(codesFolder())
