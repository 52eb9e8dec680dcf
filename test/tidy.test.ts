/** House rules that a machine can check: who may import whom, sizes, words, leftovers. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = findRoot(dirname(fileURLToPath(import.meta.url)))

function findRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from))
}

/** Files under version control and new ones git would take. */
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)))
const sources = files.filter((file) => /^(src|test|bench|scripts)\/.*\.ts$/.test(file))
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const isTest = (file: string) =>
  /\.(test|suite)\.ts$|\/(suite|testing)\//.test(file) || file.startsWith('test/')

/**
 * What a room may import from other rooms (its own is always allowed) and from outside. `node`
 * allows Node's modules. A path is a folder or file under src/.
 */
const ROOMS: Readonly<
  Record<
    string,
    { readonly from: readonly string[]; readonly npm?: readonly string[]; readonly node?: boolean }
  >
> = {
  core: { from: [] },
  codecs: { from: [], npm: ['saxes'] },
  transports: { from: ['codecs'], npm: ['undici'], node: true },
  dialects: { from: ['core'] },
  catalog: { from: ['core', 'dialects'] },
  engine: { from: ['core'] },
  clock: { from: ['engine/ports'] },
  listeners: {
    from: ['codecs', 'core', 'dialects', 'engine', 'transports'],
    npm: ['undici'],
    node: true,
  },
  connectors: { from: ['codecs', 'core', 'dialects', 'engine/ports', 'transports'], node: true },
  stores: { from: ['core', 'engine/ports'], node: true },
  media: { from: ['core', 'engine/ports'], node: true },
  numbering: { from: ['core', 'engine/ports'], npm: ['libphonenumber-js'], node: true },
  adaptation: { from: ['core', 'codecs', 'engine/ports'], npm: ['sharp'], node: true },
  lookup: { from: ['core', 'engine/ports', 'transports'], node: true },
  filter: { from: ['core', 'engine/ports', 'transports'], node: true },
  config: { from: ['core'], npm: ['smol-toml'], node: true },
  admin: { from: ['core', 'engine', 'catalog', 'config'], node: true },
  operations: { from: ['core', 'engine'], npm: ['pino', 'prom-client'], node: true },
  simulator: {
    from: [
      'codecs',
      'core',
      'connectors',
      'catalog',
      'dialects',
      'config',
      'transports',
      'clock',
      'engine',
    ],
    node: true,
  },
  conformance: {
    from: ['catalog', 'cli/vasp-reader.ts', 'codecs', 'core', 'dialects', 'transports'],
    node: true,
  },
  cli: {
    from: [
      'catalog',
      'codecs',
      'config',
      'conformance',
      'core',
      'dialects',
      'gateway.ts',
      'simulator',
      'engine/ports',
      'operations',
      'transports',
    ],
    node: true,
    npm: ['undici'],
  },
  gateway: {
    from: [
      'adaptation',
      'admin',
      'catalog',
      'clock',
      'codecs',
      'config',
      'connectors',
      'core',
      'dialects',
      'engine',
      'filter',
      'listeners',
      'lookup',
      'media',
      'numbering',
      'operations',
      'simulator',
      'stores',
      'transports',
    ],
    node: true,
  },
}

/** The one module of the store that may load a driver. */
const DRIVER = 'src/stores/sqlite/driver.ts'

interface Import {
  readonly file: string
  readonly target: string
}

const IMPORT = /^(?:import|export)\s(?:[^'"`;=]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm

function importsOf(file: string): Import[] {
  return [...code(file).matchAll(IMPORT)].map((found) => ({
    file,
    target: found[1] ?? found[2] ?? '',
  }))
}

function roomOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? ''
}

function complaint({ file, target }: Import): string | undefined {
  const room = roomOf(file.slice('src/'.length))
  const rule = ROOMS[room]
  if (rule === undefined) return `${file}: no rule for room ${room}`
  if (target.startsWith('.')) {
    const path = relative(join(root, 'src'), resolve(root, dirname(file), target))
    if (path.startsWith('..')) return `${file} imports ${target} from outside src`
    if (roomOf(path) === room) return undefined
    const allowed = rule.from.some((from) => path === from || path.startsWith(`${from}/`))
    return allowed ? undefined : `${file} imports ${path}`
  }
  if (target.startsWith('node:')) {
    return rule.node === true ? undefined : `${file} imports ${target}`
  }
  if (file === DRIVER) return undefined
  const npm = rule.npm ?? []
  return npm.includes(
    target
      .split('/')
      .slice(0, target.startsWith('@') ? 2 : 1)
      .join('/'),
  )
    ? undefined
    : `${file} imports ${target}`
}

test('every room imports only what the architecture allows', () => {
  const product = sources.filter((file) => file.startsWith('src/') && !isTest(file))
  assert.ok(product.length > 20, 'there is something to check')
  const complaints = product.flatMap(importsOf).map(complaint)
  assert.deepEqual(
    complaints.filter((line) => line !== undefined),
    [],
  )
})

test('the import rules do refuse what they forbid', () => {
  const bad = [
    { file: 'src/core/a.ts', target: 'node:fs' },
    { file: 'src/engine/a.ts', target: '../listeners/mm7/server.ts' },
    { file: 'src/listeners/mm7/a.ts', target: '../../connectors/mm4/connector.ts' },
    { file: 'src/catalog/a.ts', target: 'saxes' },
  ]
  for (const each of bad) assert.notEqual(complaint(each), undefined, each.target)
})

/** Tables, generated schemas and golden bytes may be long. */
const isTable = (file: string) =>
  /(codes|scenarios|reason|outcome-class|config-schema|carriers|migrations?)[^/]*\.ts$/.test(
    file,
  ) || /\/(dialects|golden|migrations)\//.test(file)

test('no file is longer than 500 lines, tables apart, and most are short', () => {
  const lengths = sources
    .filter((file) => !isTable(file))
    .map((file) => ({ file, lines: read(file).split('\n').length }))
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > 500),
    [],
  )
  const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
  assert.ok(at(0.5) <= 150, `median ${at(0.5)}`)
  assert.ok(at(0.9) <= 350, `p90 ${at(0.9)}`)
})

test('time, chance and timers stay at the edges', () => {
  const pure = /^src\/(core|engine|codecs|dialects|catalog)\//
  const word = /\b(Date\.now|Math\.random|setTimeout|setInterval|randomUUID|performance\.now)\b/
  const found = sources.filter((file) => pure.test(file) && !isTest(file) && word.test(code(file)))
  assert.deepEqual(found, [])
})

/** A source without its comments. */
function code(file: string): string {
  return read(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:])\/\/.*$/gm, '$1')
}

test('a provider is named only among dialects and connectors, and where the world is made', () => {
  const names = /\b(sinch|skycore|smsglobal|bandwidth|webex|telstra|mblox)\b/i
  const homes = /^src\/(dialects|connectors|simulator|conformance|cli)\/|^src\/catalog\//
  const found = sources.filter(
    (file) =>
      file.startsWith('src/') && !homes.test(file) && !isTest(file) && names.test(code(file)),
  )
  assert.deepEqual(found, [])
})

test('the product never looks at the sandbox’s numbers', () => {
  const found = sources.filter(
    (file) =>
      /^src\/(core|engine|codecs|transports|listeners|connectors|stores|media|operations|admin)\//.test(
        file,
      ) &&
      !isTest(file) &&
      !file.endsWith('/emulator.ts') &&
      /['"`+]999[0-9]/.test(code(file)),
  )
  assert.deepEqual(found, [])
})

test('no leftovers: suppressed checks, focused tests, notes to self, prints', () => {
  const words: readonly (readonly [RegExp, string])[] = [
    [/@ts-ignore|@ts-expect-error|@ts-nocheck/, 'suppressed type check'],
    [/\bas any\b|: any(?![A-Za-z ])/, 'any'],
    [/\b(test|it|describe)\.only\(/, 'focused test'],
    [/\b(TODO|FIXME|XXX|HACK)\b/, 'note to self'],
    [/\bconsole\.(log|error|warn)\(/, 'console'],
    [/export default/, 'default export'],
  ]
  const self = 'test/tidy.test.ts'
  const found = sources.flatMap((file) =>
    file === self
      ? []
      : words.flatMap(([pattern, name]) => (pattern.test(read(file)) ? [`${file}: ${name}`] : [])),
  )
  assert.deepEqual(found, [])
})

test('no vague names: a file is called by its subject', () => {
  const vague = /(^|\/)(utils?|helpers?|common|misc|manager|processor)(\.|\/)/
  assert.deepEqual(
    sources.filter((file) => vague.test(file)),
    [],
  )
  assert.deepEqual(
    sources.filter((file) => !/^[a-z0-9./_-]+$/.test(file)),
    [],
  )
})

test('every product file is reached from somewhere', () => {
  const entries = /^src\/(cli\/main|gateway|catalog\/index|.*-thread)\.ts$|\/_template\/|index\.ts$/
  const reached = new Set(
    sources.flatMap((file) =>
      importsOf(file).map(({ target }) =>
        target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
      ),
    ),
  )
  const lazily = sources.map(read).join('\n')
  const dead = sources.filter(
    (file) =>
      file.startsWith('src/') &&
      !isTest(file) &&
      !entries.test(file) &&
      !reached.has(file) &&
      !lazily.includes(`/${file.split('/').pop()?.replace('.ts', '')}.`),
  )
  assert.deepEqual(dead, [])
})
