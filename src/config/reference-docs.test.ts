/** The generated pages are what the schemas and routes say now, in both directions. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PAGES } from '../../scripts/docs.ts'
import { referenceFolder } from '../../scripts/reference-folder.ts'
import { ADMIN_ROUTES } from '../admin/routes/index.ts'
import { entries } from '../catalog/index.ts'
import { COMMON_OPTIONS } from '../cli/command.ts'
import { COMMANDS } from '../cli/commands/index.ts'
import { EMPTY_DIRECTORY } from '../core/directory.ts'
import { EVENTS } from '../core/event.ts'
import { METRICS } from '../operations/metrics.ts'
import { CONFIG_SCHEMA } from './config-schema.ts'
import { parseDirectoryText, readDirectory } from './directory-file.ts'
import { variableName } from './given-values.ts'
import { walkOptions } from './option-schema.ts'

const read = (name: string) => readFileSync(join(referenceFolder(), name), 'utf8')

for (const [name, text] of Object.entries(PAGES)) {
  test(`docs/reference/${name} is what its source says (run: node dist/scripts/docs.js)`, async () => {
    assert.equal(read(name), await text())
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

test('every command is on the page with all its options, and no other', async () => {
  const sections = sectionsOf('cli.md').filter(({ title }) => title.startsWith('`carillon '))
  const written = sections.map(({ title, text }) => ({ title, options: optionsIn(text) }))
  const commands = await Promise.all(COMMANDS.map(({ load }) => load()))
  assert.deepEqual(
    written,
    commands.map(({ name, options }) => ({
      title: `\`carillon ${name}\``,
      options: Object.keys(options),
    })),
  )
  assert.deepEqual(optionsIn(read('cli.md').split('\n## `')[0] ?? ''), Object.keys(COMMON_OPTIONS))
})

test('the form of --json of every command is on its page', () => {
  for (const { title, text } of sectionsOf('cli.md')) {
    if (!title.startsWith('`carillon ') || title.endsWith(' schema`')) continue
    assert.ok(text.includes('With `--json`'), title)
  }
})

test('every field that codes list --json prints is on the page, and no field besides', () => {
  const [, text = ''] = read('cli.md').split('### Fields of a code')
  const written = firstCells(text.split('\n## ')[0] ?? '')
  const printed = new Set(entries().flatMap((entry) => Object.keys(entry)))
  assert.deepEqual(written.sort(), [...printed].sort())
})

test('every event is on the page with its fields, and no event besides', () => {
  const sections = sectionsOf('events.md').filter(({ title }) => title.startsWith('`'))
  assert.deepEqual(
    sections.map(({ title, text }) => [title.replaceAll('`', ''), firstCells(text)]),
    Object.entries(EVENTS).map(([type, { fields }]) => [type, Object.keys(fields)]),
  )
})

test('every metric is on the page, and no metric besides', () => {
  assert.deepEqual(firstCells(read('metrics.md')), Object.keys(METRICS))
})

test('the README leads to every page', () => {
  const readme = readFileSync(join(referenceFolder(), '..', '..', 'README.md'), 'utf8')
  for (const name of Object.keys(PAGES).filter((each) => each.endsWith('.md'))) {
    assert.ok(readme.includes(`(docs/reference/${name})`), name)
  }
})

/** The parts of a page below its headings of the second rank. */
function sectionsOf(name: string): readonly { readonly title: string; readonly text: string }[] {
  const [, ...parts] = read(name).split(/^## /m)
  return parts.map((part) => {
    const [title = '', ...lines] = part.split('\n')
    return { title, text: lines.join('\n') }
  })
}

function optionsIn(text: string): string[] {
  return firstCells(text).flatMap((cell) => (cell.startsWith('--') ? [cell.slice(2)] : []))
}

/** The words in the first column of the tables. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, word = '']) => word)
}

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
