import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { CONFIG_SCHEMA } from './config-schema.ts'
import { configRows } from './explain.ts'
import { variableName } from './given-values.ts'
import { type ConfigSources, loadConfig, printOrigin } from './load.ts'
import { OperatorError } from './operator-error.ts'
import { walkOptions } from './option-schema.ts'

const folder = mkdtempSync(join(tmpdir(), 'carillon-config-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'gateway.toml')

/** Loads a file with this text and nothing else. */
function load(toml: string, more: Partial<ConfigSources> = {}) {
  writeFileSync(file, toml)
  return loadConfig({ file, env: {}, flags: {}, ...more })
}

function refused(body: () => unknown): OperatorError {
  try {
    body()
  } catch (error) {
    assert.ok(error instanceof OperatorError, String(error))
    return error
  }
  throw new assert.AssertionError({ message: 'it was accepted' })
}

test('without any file the defaults hold and say so', () => {
  const { config, origins, warnings } = loadConfig({ env: {}, flags: {}, folder })
  assert.equal(config.data, '.carillon')
  assert.equal(config.http.keepAliveTimeoutMs, 300_000)
  assert.equal(config.http.tls, undefined)
  assert.ok([...origins.values()].every((origin) => origin.kind === 'default'))
  assert.deepEqual(warnings, [])
})

test('every door listens on loopback unless somebody says otherwise', () => {
  const { config } = loadConfig({ env: {}, flags: {}, folder })
  assert.deepEqual(
    [config.http.host, config.smtp.host, config.admin.host],
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  )
})

test('carillon.toml in the folder is found without being named', () => {
  const own = mkdtempSync(join(folder, 'own-'))
  writeFileSync(join(own, 'carillon.toml'), '[http]\nport = 9191\n')
  assert.equal(loadConfig({ env: {}, flags: {}, folder: own }).config.http.port, 9191)
})

test('flags weigh more than environment, environment more than file, file more than defaults', () => {
  const toml = '[http]\nport = 1001\nconnectionsMax = 11\n\n[smtp]\nport = 1002\n'
  const { config, origins } = load(toml, {
    env: { CARILLON_HTTP__PORT: '2001', CARILLON_SMTP__PORT: '2002' },
    flags: { 'http.port': '3001' },
  })
  assert.deepEqual([config.http.port, config.smtp.port], [3001, 2002])
  assert.deepEqual([config.http.connectionsMax, config.admin.port], [11, 8090])
  const said = ['http.port', 'smtp.port', 'http.connectionsMax', 'admin.port'].map((path) =>
    printOrigin(origins.get(path) ?? { kind: 'default' }),
  )
  assert.deepEqual(said, ['--http.port', 'CARILLON_SMTP__PORT', `${file}:3`, 'default'])
})

// biome-ignore format: a table
for (const [name, env, flags] of [
  ['words may be written apart in a variable', { CARILLON_HTTP__HEADERS_TIMEOUT_MS: '9000' },  {}],
  ['or together',                              { CARILLON_HTTP__HEADERSTIMEOUTMS: '9_000' },  {}],
  ['with dashes in a flag',                    {}, { 'http.headers-timeout-ms': '9000' }],
  ['or as the file has it',                    {}, { 'http.headersTimeoutMs': 9000 }],
] as const) {
  test(`names outside the file: ${name}`, () => {
    assert.equal(loadConfig({ env, flags, folder }).config.http.headersTimeoutMs, 9000)
  })
}

test('a table that may be absent comes to be when one of its options is given', () => {
  const { config } = loadConfig({
    env: { CARILLON_HTTP__TLS__KEY: file, CARILLON_HTTP__TLS__CERT: file },
    flags: {},
    folder,
  })
  assert.deepEqual(config.http.tls, { key: file, cert: file, clientCertificates: false })
})

test('CARILLON_CONFIG names the file where no flag does', () => {
  writeFileSync(file, 'data = "elsewhere"\n')
  const { config, file: used } = loadConfig({ env: { CARILLON_CONFIG: file }, flags: {} })
  assert.deepEqual([config.data, used], ['elsewhere', file])
})

test('variables of the operator’s own are left alone', () => {
  const env = { CARILLON_PEER_PASSWORD: 'x', CARILLON_TEST_RESULT: 'y', PATH: '/bin' }
  assert.equal(loadConfig({ env, flags: {}, folder }).config.http.port, 8080)
})

test('config show lists every option once with its value, origin, variable and meaning', () => {
  const rows = configRows(load('[smtp]\ndomain = "mms.example"\n'))
  assert.deepEqual(
    rows.map((row) => row.path),
    [...walkOptions(CONFIG_SCHEMA)].map(({ path }) => path.join('.')),
  )
  const row = rows.find(({ path }) => path === 'smtp.domain')
  assert.equal(row?.value, 'mms.example')
  assert.equal(row?.variable, 'CARILLON_SMTP__DOMAIN')
  assert.deepEqual(row?.origin, { kind: 'file', file, line: 2 })
})

test('the variable of every option sets that option', () => {
  for (const { path, option } of walkOptions(CONFIG_SCHEMA)) {
    if (!('default' in option) || path.at(-1) === 'port' || path.at(-1) === 'smtpPort') continue
    // A service comes to be with any of its options, and must have an address then.
    const service = { CARILLON_LOOKUP__SERVICE__URL: 'http://lookup.example/{number}' }
    // A table of files, as soon as it has one entry.
    const [door = ''] = path
    const files = [variableName([door, 'tls', 'key']), variableName([door, 'tls', 'cert'])]
    const tls = Object.fromEntries(files.map((name) => [name, file]))
    const env = {
      ...(path.includes('service') ? service : path.includes('tls') ? tls : {}),
      [variableName(path)]: String(option.default),
    }
    const { origins } = loadConfig({ env, flags: {}, folder })
    assert.deepEqual(origins.get(path.join('.')), { kind: 'env', name: variableName(path) })
  }
})

test('doors that others can reach without encryption are warned of', () => {
  const doors = ['http', 'smtp', 'smpp'].map((door) => `[${door}]\nhost = "0.0.0.0"\n`)
  const { warnings } = load(`${doors.join('')}[admin]\nhost = "192.0.2.1"\n`)
  assert.equal(warnings.length, 4)
  assert.match(warnings[0] ?? '', /http\.host is 0\.0\.0\.0 without http\.tls/)
  assert.match(warnings[1] ?? '', /smtp\.host is 0\.0\.0\.0 without smtp\.tls/)
  assert.match(warnings[2] ?? '', /smpp\.host is 0\.0\.0\.0 without smpp\.tls/)
  assert.match(warnings[3] ?? '', /admin\.host is 192\.0\.2\.1/)
})

test('every fault of a file is told at once, each with its line', () => {
  const error = refused(() => load('data = 3\n[http]\nprot = 1\nport = "x"\n[htpp]\n'))
  assert.equal(error.exitCode, 78)
  assert.deepEqual(
    error.problems.map(({ where, path }) => [where, path]),
    [
      [`${file}:5`, 'htpp'],
      [`${file}:1`, 'data'],
      [`${file}:3`, 'http.prot'],
      [`${file}:4`, 'http.port'],
    ],
  )
})

test('a file that is named and not there stops the start', () => {
  const missing = join(folder, 'nowhere.toml')
  const error = refused(() => loadConfig({ file: missing, env: {}, flags: {} }))
  assert.equal(error.code, 'file-unreadable')
  assert.match(error.message, /nowhere\.toml/)
})

test('a file that is no TOML is named with its line', () => {
  const error = refused(() => load('[http]\nport = \n'))
  assert.equal(error.code, 'file-syntax')
  assert.match(error.message, /gateway\.toml:2: /)
})

test('whatever a table holds, the answer is a configuration or an OperatorError', () => {
  const names = fc.constantFrom(
    'http',
    'port',
    '__proto__',
    'constructor',
    'tls',
    'data',
    'x.y',
    '[',
  )
  const value = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant([]), fc.constant({}))
  const flags = fc.dictionary(
    fc.array(names, { minLength: 1, maxLength: 3 }).map((path) => path.join('.')),
    fc.oneof(fc.integer(), fc.string(), fc.boolean()),
  )
  fc.assert(
    fc.property(fc.dictionary(names, value), flags, (table, given) => {
      const toml = Object.entries(table)
        .map(([name, each]) => `${JSON.stringify(name)} = ${JSON.stringify(each)}`)
        .join('\n')
      try {
        load(toml, { flags: given })
      } catch (error) {
        assert.ok(error instanceof OperatorError, String(error))
      }
    }),
    { numRuns: 200 },
  )
  assert.equal(({} as Record<string, unknown>).port, undefined)
})
