/**
 * Everything a change must pass, one heading and one time each. `node scripts/test.mjs` runs all,
 * `node scripts/test.mjs types unit` only those; the last line is `N passed, N failed`.
 *
 * Unit tests share two processes instead of one per file (Node 20 has no `--test-isolation=none`,
 * and a process per file is seven times slower), so a file must not change what is global.
 */
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { newestNode } from './newest-node.mjs'
import { missingPackages } from './peer-packages.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const scratch = join(root, '.cache', 'test')
const coverageFolder = join(scratch, 'coverage')
const reporter = pathToFileURL(join(root, 'scripts', 'test-reporter.mjs')).href
const groupTimeoutMs = 300_000
/** Stories of the simulation: the number that is promised in CI, a share of it elsewhere. */
const simSeeds = Number(process.env.SIM_SEEDS ?? (process.env.CI ? 20_000 : 2_000))
/** Each is about 15 ms of a core that has nothing else to do; this is four times as much. */
const simTimeoutMs = Math.max(groupTimeoutMs, simSeeds * 60)
/** Runs over faulty lines: as many as are promised in CI, a tenth of them elsewhere. */
const faultRunsPromised = 300
const faultRuns = Number(
  process.env.CARILLON_FAULT_RUNS ?? faultRunsPromised / (process.env.CI ? 1 : 10),
)
/** Each is about a second, two at a time; this is four times as much. */
const faultTimeoutMs = Math.max(groupTimeoutMs, faultRuns * 2_000)
/** Named, so that somebody makes them faster. */
const slowTestMs = 3_000
/** Test code, not product code. */
const uncovered = ['**/*.test.ts', '**/*.suite.ts', 'test/**', 'bench/**', 'scripts/**']

const total = { passed: 0, failed: 0, skipped: 0 }

function print(text) {
  process.stdout.write(`${text}\n`)
}

/** Runs a process to its end, or kills it when it takes too long. */
function finished(command, args, env, timeoutMs = groupTimeoutMs) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env } })
    const chunks = []
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nkilled: not finished after ${timeoutMs / 1000} s\n`))
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => chunks.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (code) => {
      clearTimeout(timer)
      done({ code: code ?? 1, output: Buffer.concat(chunks).toString() })
    })
  })
}

/** A tool that passes or fails as one thing; its words are shown when it fails. */
async function tool(args) {
  const { code, output } = await finished(process.execPath, args, {})
  if (code !== 0) print(output.trimEnd())
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

function testsBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return testsBelow(path)
    return entry.name.endsWith('.test.js') ? [path] : []
  })
}

/** Splits files over processes, largest first, so that the shares are about equal. */
function share(files, count) {
  const shares = Array.from({ length: count }, () => [])
  const bySize = [...files].sort((a, b) => statSync(b).size - statSync(a).size)
  for (const [index, file] of bySize.entries()) shares[index % count].push(file)
  return shares.filter((part) => part.length > 0)
}

/** One process that imports many test files, each inside its own suite. */
async function inOneProcess(node, files, name, env) {
  const entry = join(scratch, `${name}.mjs`)
  const lines = files.map((file) => {
    const url = JSON.stringify(pathToFileURL(file).href)
    const title = JSON.stringify(file.slice(join(root, 'dist').length + 1))
    return `describe(${title}, async () => { await import(${url}) })`
  })
  writeFileSync(entry, `import { describe } from 'node:test'\n${lines.join('\n')}\n`)
  return reported(node, [entry], name, env)
}

async function reported(node, args, name, env, timeoutMs) {
  const result = join(scratch, `${name}.json`)
  rmSync(result, { force: true })
  const flags = [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout']
  const run = await finished(
    node,
    ['--enable-source-maps', ...flags, ...args],
    { ...env, CARILLON_TEST_RESULT: result },
    timeoutMs,
  )
  const text = existsSync(result) ? readFileSync(result, 'utf8') : ''
  const { failures, output, ...counts } = text === '' ? lost() : JSON.parse(text)
  for (const failure of failures) print(`\n${failure}`)
  // The process failed although no test did: a crash, or something that would not end.
  if (run.code !== 0 && counts.failed === 0) counts.failed = 1
  if (counts.failed > 0) print(`\n${[...output, run.output].join('').slice(-20_000).trimEnd()}`)
  return counts
}

function lost() {
  return { passed: 0, failed: 1, skipped: 0, failures: [], output: [] }
}

function sum(counts) {
  const add = (key) => counts.reduce((all, one) => all + one[key], 0)
  const slowest = counts.flatMap((one) => one.slowest ?? [])
  const notes = counts.flatMap((one) => one.notes ?? [])
  return { passed: add('passed'), failed: add('failed'), skipped: add('skipped'), slowest, notes }
}

function unitFiles() {
  const above = testsBelow(join(root, 'dist', 'test')).filter(
    (file) => dirname(file) === join(root, 'dist', 'test') && !file.endsWith('tidy.test.js'),
  )
  return [...testsBelow(join(root, 'dist', 'src')), ...above]
}

async function unit(node, name, env) {
  const shares = share(unitFiles(), Math.min(2, availableParallelism()))
  const runs = shares.map((files, index) => inOneProcess(node, files, `${name}-${index}`, env))
  return sum(await Promise.all(runs))
}

/** Real processes, sockets and kills: a process per file, two at a time. */
function apart(folder, env = {}, timeoutMs = groupTimeoutMs) {
  const files = testsBelow(join(root, 'dist', 'test', folder))
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const concurrency = `--test-concurrency=${Math.min(2, availableParallelism())}`
  return reported(process.execPath, ['--test', concurrency, ...files], folder, env, timeoutMs)
}

/** Whoever breaks a promise there is named by the seed of the run. */
async function faults() {
  print(`  ${faultRuns} of ${faultRunsPromised} runs; CARILLON_FAULT_RUNS says how many`)
  const told = await apart('faults', { CARILLON_FAULT_RUNS: String(faultRuns) }, faultTimeoutMs)
  for (const line of told.notes ?? []) print(`  ${line}`)
  return told
}

/** Foreign programs have to be there, and take a minute: only where somebody asks for them. */
async function interop() {
  if (asked.includes('interop') || process.env.CARILLON_INTEROP === 'required') {
    return apart('interop', { CARILLON_INTEROP: 'required' })
  }
  const absent = missingPackages()
  const why = absent.length > 0 ? ` (not installed: ${absent.join(', ')})` : ''
  print(`  interop not run: npm run interop${why}`)
  return { passed: 0, failed: 0, skipped: 1 }
}

/** Stories need no process of their own, only time: the seeds are divided, the rest follows. */
async function simulation() {
  const folder = join(root, 'dist', 'test', 'sim')
  const story = join(folder, 'story.test.js')
  const others = testsBelow(folder).filter((file) => file !== story)
  if (others.length === 0) return sum([])
  const processes = Math.min(2, availableParallelism())
  const each = Math.ceil(simSeeds / processes)
  const runs = Array.from({ length: processes }, (_, index) => {
    const from = 1 + index * each
    const seeds = Math.min(each, simSeeds - index * each)
    const env = { SIM_FROM: String(from), SIM_SEEDS: String(seeds) }
    return reported(process.execPath, [story], `sim-${index}`, env, simTimeoutMs)
  })
  const told = await Promise.all(runs)
  return sum([...told, await inOneProcess(process.execPath, others, 'sim-others', {})])
}

async function coverage() {
  const c8 = join(modules, 'c8', 'bin', 'c8.js')
  const folders = [`--temp-directory=${coverageFolder}`, `--reports-dir=${join(root, 'coverage')}`]
  const skip = uncovered.map((pattern) => `--exclude=${pattern}`)
  const args = [
    c8,
    'report',
    ...folders,
    ...skip,
    '--exclude-after-remap',
    '--reporter=json-summary',
  ]
  const { code, output } = await finished(process.execPath, args, {})
  if (code !== 0) return print(output)
  const { lines, branches, functions } = JSON.parse(
    readFileSync(join(root, 'coverage', 'coverage-summary.json'), 'utf8'),
  ).total
  print(
    `  coverage: lines ${lines.pct} %, branches ${branches.pct} %, functions ${functions.pct} %`,
  )
}

/** Coverage costs a third more time, which the quick check does not have. */
async function unitStep() {
  if (asked.length > 0) return unit(process.execPath, 'unit', {})
  rmSync(coverageFolder, { recursive: true, force: true })
  const counts = await unit(process.execPath, 'unit', { NODE_V8_COVERAGE: coverageFolder })
  if (counts.passed > 0) await coverage()
  return counts
}

async function smoke() {
  const newest = newestNode(root)
  if (newest.path === undefined) print(`  skipped: ${newest.skipped ?? newest.failed}`)
  if (newest.failed !== undefined) return lost()
  if (newest.path === undefined) return { passed: 0, failed: 0, skipped: 1 }
  return unit(newest.path, 'newest-node', {})
}

const biome = join(modules, '@biomejs', 'biome', 'bin', 'biome')
const tsc = join(modules, 'typescript', 'bin', 'tsc')

const steps = {
  format: ['format and lint', () => tool([biome, 'check', '--error-on-warnings'])],
  types: ['types', () => tool([tsc, '-p', 'tsconfig.json'])],
  tidy: ['house rules', () => tidy()],
  unit: ['unit and contract tests', unitStep],
  codes: ['every code through a real door', () => apart('codes')],
  e2e: ['end to end', () => apart('e2e')],
  interop: ['foreign peers: Kannel, Postfix, swaks, tshark', interop],
  sim: ['simulation by seed', simulation],
  faults: ['lines that fail', faults],
  crash: ['kill -9 and come back', () => apart('crash')],
  newest: ['the same on the newest Node', smoke],
}

function tidy() {
  const files = testsBelow(join(root, 'dist', 'test')).filter((f) => f.endsWith('tidy.test.js'))
  return files.length === 0 ? sum([]) : inOneProcess(process.execPath, files, 'tidy', {})
}

async function runStep(name) {
  const [title, body] = steps[name]
  print(`\n▶ ${title}`)
  const since = Date.now()
  const counts = await body()
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  const mark = counts.failed > 0 ? '✖' : '✔'
  const time = ((Date.now() - since) / 1000).toFixed(1)
  print(`  ${mark} ${counts.passed} passed, ${counts.failed} failed${skipped}  ${time} s`)
  const slow = (counts.slowest ?? []).filter(([ms]) => ms >= slowTestMs).sort(([a], [b]) => b - a)
  for (const [ms, test] of slow.slice(0, 3)) print(`    ${(ms / 1000).toFixed(1)} s  ${test}`)
  for (const key of Object.keys(total)) total[key] += counts[key]
}

mkdirSync(scratch, { recursive: true })
writeFileSync(join(root, '.cache', '.gitignore'), '*\n')
const asked = process.argv.slice(2)
const wrong = asked.filter((name) => steps[name] === undefined)
if (wrong.length > 0) {
  print(`No step ${wrong.join(', ')}. Steps: ${Object.keys(steps).join(', ')}`)
  process.exit(64)
}
const started = Date.now()
for (const name of asked.length > 0 ? asked : Object.keys(steps)) await runStep(name)
print(`\n  in all ${((Date.now() - started) / 1000).toFixed(0)} s`)
print(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 ? 1 : 0
