/** The catalog as a library of its own: nothing from outside, at home in a browser, small. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const gzippedBytesMax = 60_000
const compiled = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Compiled files reachable from the entry, with their texts. */
function closureOf(entry: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const visit = (file: string) => {
    if (texts.has(file)) return
    const text = readFileSync(file, 'utf8')
    texts.set(file, text)
    for (const specifier of importsOf(text)) {
      assert.ok(specifier.startsWith('.'), `${file} imports ${specifier}`)
      visit(resolve(dirname(file), specifier))
    }
  }
  visit(entry)
  return texts
}

/** The compiler writes each import on one line of its own. */
function importsOf(text: string): readonly string[] {
  const found = text.matchAll(
    /^(?:import|export) (?:.* from )?'([^']+)';?$|\bimport\('([^']+)'\)/gm,
  )
  return [...found].map(([, fixed, dynamic]) => fixed ?? dynamic ?? '')
}

const closure = closureOf(join(compiled, 'src', 'catalog', 'index.js'))

test('the import closure of the catalog holds the project’s own core, dialects and catalog only', () => {
  assert.ok(closure.size > 40)
  for (const file of closure.keys()) {
    const path = file.slice(compiled.length + 1).replaceAll('\\', '/')
    assert.match(path, /^src\/(catalog|core|dialects)\//)
  }
})

test('nothing in it needs Node', () => {
  const needsNode = /\b(?:process|Buffer|require|__dirname|setImmediate)\s*[.([]|import\.meta/
  for (const [file, text] of closure) assert.doesNotMatch(text, needsNode, file)
})

test(`with all data it is under ${gzippedBytesMax} bytes gzipped, comments included`, (t) => {
  const { length } = gzipSync([...closure.values()].join('\n'), { level: 9 })
  t.diagnostic(`${length} bytes gzipped in ${closure.size} files`)
  assert.ok(length < gzippedBytesMax, `${length} bytes`)
})
