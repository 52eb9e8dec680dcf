/**
 * Writes the generated pages below docs/reference. `node dist/scripts/docs.js` writes them; a test
 * fails while a page and its source differ.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CONFIG_SCHEMA } from '../src/config/config-schema.ts'
import { DIRECTORY_SCHEMA } from '../src/config/directory-schema.ts'
import { adminApiPage } from './admin-api-page.ts'
import { cliPage } from './cli-page.ts'
import { conformancePage } from './conformance-page.ts'
import { eventsPage } from './events-page.ts'
import { publishedSchema } from './json-schema.ts'
import { metricsPage } from './metrics-page.ts'
import { configPage, directoryPage } from './option-tables.ts'
import { policiesPage } from './policies-page.ts'
import { referenceFolder } from './reference-folder.ts'

/** Every generated file below docs/reference, by name. */
export const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'config.md': configPage,
  'directory.md': directoryPage,
  'admin-api.md': adminApiPage,
  'cli.md': cliPage,
  'conformance.md': conformancePage,
  'events.md': eventsPage,
  'metrics.md': metricsPage,
  'policies.md': policiesPage,
  'carillon.schema.json': () => publishedSchema(CONFIG_SCHEMA),
  'directory.schema.json': () => publishedSchema(DIRECTORY_SCHEMA),
}

/** Writes every page. */
export async function writePages(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(PAGES)) writeFileSync(join(folder, name), await text())
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writePages(referenceFolder())
