/** The generated pages are what the schemas and routes say now, in both directions. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PAGES, referenceFolder } from '../../scripts/docs.ts'
import { ADMIN_ROUTES } from '../admin/routes/index.ts'
import { EMPTY_DIRECTORY } from '../core/directory.ts'
import { CONFIG_SCHEMA } from './config-schema.ts'
import { parseDirectoryText, readDirectory } from './directory-file.ts'
import { variableName } from './given-values.ts'
import { walkOptions } from './option-schema.ts'

const read = (name: string) => readFileSync(join(referenceFolder(), name), 'utf8')

for (const [name, text] of Object.entries(PAGES)) {
  test(`docs/reference/${name} is what its source says (run: node dist/scripts/docs.js)`, () => {
    assert.equal(read(name), text())
  })
}

test('every option is on the page by its variable, and no variable besides', () => {
  const written = [...read('config.md').matchAll(/`(CARILLON_[A-Z_]+)` \|$/gm)].map(
    ([, name]) => name,
  )
  const known = [...walkOptions(CONFIG_SCHEMA)].map(({ path }) => variableName(path))
  assert.deepEqual([...written].sort(), [...known].sort())
})

test('every admin route is on the page, and no route besides', () => {
  const written = [...read('admin-api.md').matchAll(/^## `([A-Z]+ \/\S+)`$/gm)].map(
    ([, name]) => name,
  )
  assert.deepEqual(
    written,
    ADMIN_ROUTES.map(({ method, path }) => `${method} ${path}`),
  )
})

test('the published schemas are draft 4 and close every table', () => {
  for (const name of ['carillon.schema.json', 'directory.schema.json']) {
    const schema: unknown = JSON.parse(read(name))
    assert.equal((schema as { $schema: string }).$schema, 'http://json-schema.org/draft-04/schema#')
    const later = [
      'const',
      'exclusiveMinimum',
      'if',
      '$defs',
      'examples',
      'absent',
      'form',
      'secret',
    ]
    visit(schema, (node) => {
      if (node.type === 'object') assert.equal(node.additionalProperties, false)
      if (typeof node.type !== 'string') return
      for (const word of later) assert.ok(!Object.hasOwn(node, word), `${name}: ${word}`)
    })
  }
})

function visit(node: unknown, look: (node: Record<string, unknown>) => void): void {
  if (typeof node !== 'object' || node === null) return
  look(node as Record<string, unknown>)
  for (const member of Object.values(node)) visit(member, look)
}

test('the example directory can be imported once its variables are set', async () => {
  const path = join(referenceFolder(), '..', '..', 'examples', 'directory.toml')
  const text = readFileSync(path, 'utf8')
  const names = [...text.matchAll(/env:([A-Z_]+)/g)].map(([, name = '']) => name)
  const env = Object.fromEntries(names.map((name) => [name, `value of ${name}`]))
  const input = parseDirectoryText(text, 'toml', 'directory.toml')
  const checked = await readDirectory(input, { env, current: EMPTY_DIRECTORY })
  assert.equal(checked.kind, 'ok', JSON.stringify(checked))
})
