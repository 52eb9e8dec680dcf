/** The reference pages and the data say the same, in both directions. */
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { codesFolder, codesPages } from '../../scripts/codes-docs.ts'
import { anchorOf } from '../../scripts/codes-page.ts'
import { catalogSchema } from '../../scripts/codes-schema.ts'
import { entries, list } from '../../src/catalog/index.ts'
import { DIALECTS } from '../../src/dialects/index.ts'
import { readProjectFile } from './project.ts'

const folder = codesFolder()
const howTo = 'run `npm run build && node dist/scripts/codes-docs.js`'
const read = (path: string) => readProjectFile(`docs/reference/codes/${path}`)

function filesBelow(path: string): readonly string[] {
  return readdirSync(join(folder, path)).flatMap((name) => {
    const below = path === '' ? name : `${path}/${name}`
    return statSync(join(folder, below)).isDirectory() ? filesBelow(below) : [below]
  })
}

test('there is a page for each surface and no page besides', () => {
  assert.deepEqual([...filesBelow('')].sort(), [...codesPages().keys()].sort(), howTo)
})

test('every page is what the data makes of it', () => {
  for (const [path, text] of codesPages()) assert.ok(read(path) === text, `${path}: ${howTo}`)
})

test('every code has one anchor on its page, and every anchor a code', () => {
  for (const dialect of DIALECTS) {
    for (const surface of dialect.surfaces) {
      const page = read(`${dialect.name}/${surface.name}.md`)
      const anchors = [...page.matchAll(/^<a id="([^"]+)"><\/a>$/gm)].map(([, id]) => id)
      const rows = list({ dialect: dialect.name, surface: surface.name })
      assert.deepEqual(anchors, rows.map(anchorOf))
      assert.equal(new Set(anchors).size, anchors.length)
    }
  }
})

test('every link between pages leads to an anchor', () => {
  const anchors = new Set(
    entries().map((entry) => `../${entry.dialect}/${entry.surface}.md#${anchorOf(entry)}`),
  )
  for (const [path, text] of codesPages()) {
    for (const [, link = ''] of text.matchAll(/\]\((\.\.\/[^)]+\.md#[^)]+)\)/g)) {
      assert.ok(anchors.has(link), `${path}: ${link}`)
    }
  }
})

test('catalog.json holds the rows of the library', () => {
  assert.deepEqual(JSON.parse(read('catalog.json')), JSON.parse(JSON.stringify(entries())))
})

test('the schema knows every field of every row, and demands what every row has', () => {
  const { items } = catalogSchema() as {
    readonly items: {
      readonly required: readonly string[]
      readonly properties: Readonly<Record<string, { readonly enum?: readonly unknown[] }>>
    }
  }
  for (const entry of entries()) {
    for (const name of items.required) assert.ok(name in entry, `${entry.id}: no ${name}`)
    for (const [name, value] of Object.entries(entry)) {
      const property = items.properties[name]
      assert.ok(property !== undefined, `${entry.id}: ${name} is not in the schema`)
      if (property.enum !== undefined)
        assert.ok(property.enum.includes(value), `${entry.id} ${name}`)
    }
  }
})
