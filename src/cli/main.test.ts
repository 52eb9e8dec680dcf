import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from './commands/index.ts'
import { EXIT_CODES } from './exit-code.ts'
import { makeFolder, runCli } from './testing/run-cli.ts'

test('without words it shows what to type first and every command', async () => {
  const { code, stdout, stderr } = await runCli([])
  assert.equal(code, 0)
  assert.equal(stderr, '')
  for (const { name, summary } of COMMANDS) assert.match(stdout, new RegExp(`${name} +${summary}`))
  assert.ok(stdout.indexOf('npm start') < stdout.indexOf('Commands'))
})

test('the help of every command begins with an example of itself', async () => {
  // In this process: a child for each would take seconds and show no more.
  for (const { name, summary, load } of COMMANDS) {
    const command = await load()
    assert.equal(command.name, name)
    assert.equal(command.summary, summary)
    const [typed = ''] = command.examples[0] ?? []
    const itself = name === 'start' ? 'npm start' : `carillon ${name}`
    assert.ok(typed.startsWith(itself), `${name}: ${typed}`)
    // A schema is JSON whether or not it is asked for.
    const tellsJson = command.notes?.some((note) => note.includes('With --json')) ?? false
    assert.ok(tellsJson || name.endsWith(' schema'), `${name}: the form of --json is in its help`)
  }
})

test('help stands on stdout in three spellings, examples before options', async () => {
  const spellings = [
    ['help', 'trace'],
    ['trace', '--help'],
    ['trace', '-h'],
  ]
  const ran = await Promise.all(spellings.map((words) => runCli(words)))
  for (const { code, stdout } of ran) {
    assert.equal(code, 0)
    assert.equal(stdout, ran[0]?.stdout)
    assert.ok(stdout.indexOf('carillon trace latest') < stdout.indexOf('Usage'))
    assert.ok(stdout.indexOf('Usage') < stdout.indexOf('Options'))
  }
})

test('help exit-codes prints the table that the program uses', async () => {
  const { code, stdout } = await runCli(['help', 'exit-codes'])
  assert.equal(code, 0)
  for (const [number] of EXIT_CODES) assert.match(stdout, new RegExp(`^ +${number} `, 'm'))
})

// biome-ignore format: a table
const REFUSED: readonly (readonly [string, readonly string[], number, RegExp])[] = [
  ['an unknown command',         ['snd', 'mms'],                         64, /unknown command snd\nDid you mean carillon send\?/],
  ['an unknown second word',     ['config', 'shw'],                      64, /unknown command config shw\nDid you mean carillon config show\?/],
  ['a group without its verb',   ['codes'],                              64, /carillon codes explain/],
  ['an unknown option',          ['start', '--htp-port', '1'],           64, /unknown option --htp-port\nDid you mean --http-port\?/],
  ['an option without command',  ['--bogus'],                            64, /unknown option --bogus/],
  ['a missing argument',         ['trace'],                              64, /<message-id> is missing/],
  ['an argument too many',       ['queue', 'up'],                        64, /unexpected argument up/],
  ['a required option left out', ['send', 'mms', '--text', 'Hi'],        64, /--to is missing/],
  ['a wrong --set',              ['start', '--set', 'http.port'],        64, /expected NAME=VALUE/],
  ['a wrong option of the configuration', ['start', '--set', 'http.prt=1'], 78, /http\.prt.*\nDid you mean --http\.port\?/],
  ['a port out of its range',    ['start', '--http-port', '70000'],      64, /from 0 to 65535/],
  ['a span that is none',        ['clock', 'advance', 'soon'],           64, /soon is no span of time/],
  ['a URL that is none',         ['send', 'mms', '--to', '1', '--url', 'ftp://x'], 64, /is no http\(s\) URL/],
  ['a file that is not there',   ['config', 'check', 'nowhere.toml'],    78, /nowhere\.toml: cannot be read/],
  ['a picture that is not there', ['send', 'mms', '--to', '1', '--image', 'none.jpg'], 65, /cannot read the picture/],
  ['a gateway that does not run', ['queue'],                             69, /no gateway runs on \.carillon/],
  ['a code that nobody has',     ['codes', 'explain', 'sinch', '9999'],  65, /9999/],
]

for (const [name, words, exitCode, said] of REFUSED) {
  test(`${name} ends with ${exitCode} and says what is right`, async (t) => {
    const { code, stdout, stderr } = await runCli(words, { cwd: makeFolder(t) })
    assert.equal(code, exitCode, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, said)
  })
}

test('with --json a failure is one JSON value on stderr, wherever --json stands', async () => {
  for (const words of [
    ['--json', 'trce'],
    ['trce', '--json'],
  ]) {
    const { code, stdout, stderr } = await runCli(words)
    assert.equal(code, 64)
    assert.equal(stdout, '')
    assert.deepEqual(JSON.parse(stderr), {
      error: {
        code: 'usage',
        message: 'unknown command trce',
        hint: 'Did you mean carillon trace?',
        exitCode: 64,
      },
    })
  }
})

test('a wrong configuration tells every problem at once, with its line', async (t) => {
  const cwd = makeFolder(t)
  writeFileSync(join(cwd, 'carillon.toml'), '[http]\nport = "x"\nhots = "a"\n')
  const plain = await runCli(['config', 'check'], { cwd })
  assert.equal(plain.code, 78)
  assert.match(plain.stderr, /carillon\.toml:2: http\.port/)
  assert.match(plain.stderr, /carillon\.toml:3: http\.hots.*Did you mean/)
  const { stderr } = await runCli(['config', 'check', '--json'], { cwd })
  const { error } = JSON.parse(stderr) as { error: { problems: unknown[]; exitCode: number } }
  assert.equal(error.problems.length, 2)
  assert.equal(error.exitCode, 78)
})

test('config show tells where each value came from', async (t) => {
  const cwd = makeFolder(t)
  writeFileSync(join(cwd, 'carillon.toml'), '[http]\nport = 9000\n')
  const env = { CARILLON_SMTP__PORT: '9025' }
  const { stdout } = await runCli(['config', 'show', '--origin'], { cwd, env })
  assert.match(stdout, /^http\.port +9000 +carillon\.toml:2$/m)
  assert.match(stdout, /^smtp\.port +9025 +CARILLON_SMTP__PORT$/m)
  assert.match(stdout, /^admin\.port +8090 +default$/m)
  const json = await runCli(['config', 'show', '--json', 'http.port'], { cwd, env })
  const row = JSON.parse(json.stdout) as { value: number; origin: string }
  assert.deepEqual([row.value, row.origin], [9000, 'carillon.toml:2'])
})

test('the schemas are JSON that names its draft', async () => {
  for (const group of ['config', 'directory']) {
    const { code, stdout } = await runCli([group, 'schema'])
    assert.equal(code, 0)
    const schema = JSON.parse(stdout) as { $schema: string; type: string }
    assert.match(schema.$schema, /json-schema\.org/)
    assert.equal(schema.type, 'object')
  }
})

test('nothing is coloured in a pipe', async () => {
  const ran = await Promise.all([runCli([]), runCli(['codes', 'explain', 'sinch', '3001'])])
  for (const { stdout } of ran) assert.ok(!stdout.includes('\u001b'))
})

test('doctor finds the machine in order and leaves nothing behind', async (t) => {
  const cwd = makeFolder(t)
  const env = {
    CARILLON_HTTP__PORT: '0',
    CARILLON_SMTP__PORT: '0',
    CARILLON_SMPP__PORT: '0',
    CARILLON_ADMIN__PORT: '0',
    CARILLON_STORE__DISK_RESERVE_BYTES: '0',
  }
  const { code, stdout } = await runCli(['doctor', '--json', '--data', 'fresh'], { cwd, env })
  const findings = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { name: string; state: string })
  assert.equal(code, 0, stdout)
  assert.deepEqual(
    findings.map(({ name }) => name),
    ['node', 'sqlite', 'data folder', 'fsync', 'clock', 'disk', 'gateway'],
  )
  const { code: again } = await runCli(['queue', '--data', 'fresh'], { cwd, env })
  assert.equal(again, 69)
})
