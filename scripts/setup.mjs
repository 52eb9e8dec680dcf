/**
 * Makes a fresh clone runnable with git, Node and npm alone: checks Node, installs what the
 * lockfile names, compiles, and links the command. Does nothing when nothing changed, so every
 * `npm start` and `npm test` may run it, and so does `prepare`: the first `npx carillon` in a clone
 * builds it. Needs no dependency and no build step itself.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const dist = join(root, 'dist')
const windows = process.platform === 'win32'

/** stderr, because `npm start -- --json` promises one line of JSON on stdout. */
function say(line) {
  process.stderr.write(`  ${line}\n`)
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}

function stop(code, text) {
  process.stderr.write(`\n${text}\n`)
  process.exit(code)
}

/** The same range as `engines` in package.json: ^20.19.0 || >=22.13.0. */
function nodeIsSupported(version) {
  const [major, minor] = version.split('.').map(Number)
  if (major === 20) return minor >= 19
  if (major === 22) return minor >= 13
  return major > 22
}

function checkNode() {
  if (nodeIsSupported(process.versions.node)) return
  stop(
    78,
    `Carillon needs Node 20.19 or newer in the 20 line, or 22.13 and up; this is ${process.versions.node}.\n` +
      'Install a current one from https://nodejs.org (24 or 26 is best) and run the command again.',
  )
}

/** Runs a tool quietly; its whole output appears when it fails, and its exit code becomes ours. */
function run(title, command, args, options) {
  const since = Date.now()
  say(`${title} …`)
  const child = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options })
  if (child.error) stop(69, `${title}: cannot run ${command}: ${child.error.message}`)
  if (child.status !== 0) {
    process.stderr.write(`${child.stdout ?? ''}${child.stderr ?? ''}`)
    stop(child.status ?? 70, `${title} failed: ${command} ${args.join(' ')}`)
  }
  say(`${title} done in ${seconds(since)}`)
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex')
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** True when a plain `npm ci` or `npm install` by hand already put everything in place. */
function alreadyInstalled(lockText) {
  const hidden = readText(join(modules, '.package-lock.json'))
  if (hidden === undefined) return false
  const here = JSON.parse(hidden).packages
  return Object.entries(JSON.parse(lockText).packages).every(
    ([path, wanted]) =>
      path === '' || wanted.optional === true || here[path]?.version === wanted.version,
  )
}

function install() {
  const lockText = readText(join(root, 'package-lock.json'))
  if (lockText === undefined) stop(78, 'package-lock.json is missing: is this a full clone?')
  const stamp = join(modules, '.carillon-lock')
  const wanted = hash(lockText)
  if (readText(stamp) === wanted) return
  if (!alreadyInstalled(lockText)) {
    const npm = process.env.npm_execpath
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    if (npm?.endsWith('.js')) run('Installing packages', process.execPath, [npm, ...args], {})
    else run('Installing packages', 'npm', args, { shell: windows })
  }
  writeFileSync(stamp, wanted)
}

/** Every file below `folder`, as paths relative to the root with forward slashes. */
function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
  )
}

/** Names, sizes and times: cheaper than contents, and a deleted file changes it too. */
function fingerprint(files) {
  const facts = files.map((file) => {
    const { size, mtimeMs } = statSync(join(root, file))
    return `${file} ${size} ${mtimeMs}`
  })
  return hash(facts.sort().join('\n'))
}

/** Compiled files whose source is gone; a deleted test must not run again. */
function removeOrphans(sources) {
  const known = new Set(sources)
  for (const built of filesBelow('dist')) {
    const source = built.slice('dist/'.length)
    if (!source.includes('/')) continue
    const typescript = source.replace(/\.js(\.map)?$/, '.ts')
    if (!known.has(source) && !known.has(typescript)) rmSync(join(root, built))
  }
}

/** What is read at run time beside the code: schemas, pages, golden bytes. */
function copyAssets(sources) {
  for (const source of sources) {
    if (/\.(ts|md)$/.test(source) || source.startsWith('scripts/')) continue
    const target = join(dist, source)
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(join(root, source), target)
  }
}

function build() {
  const sources = ['src', 'test', 'bench', 'scripts'].flatMap(filesBelow)
  const stamp = join(dist, '.carillon-build')
  const wanted = fingerprint([...sources, 'tsconfig.json', 'package-lock.json'])
  if (readText(stamp) === wanted) return
  const tsc = join(modules, 'typescript', 'bin', 'tsc')
  run('Compiling', process.execPath, [tsc, '-p', 'tsconfig.json'], {})
  copyAssets(sources)
  removeOrphans(sources)
  writeFileSync(stamp, wanted)
}

/** Lets `npx carillon` run the clone itself without asking the registry. */
function linkCommand() {
  const main = join(dist, 'src', 'cli', 'main.js')
  if (!existsSync(main)) return
  chmodSync(main, 0o755)
  const bin = join(modules, '.bin')
  mkdirSync(bin, { recursive: true })
  if (windows) {
    writeFileSync(join(bin, 'carillon.cmd'), `@node "${main}" %*\r\n`)
    return
  }
  const link = join(bin, 'carillon')
  if (existsSync(link)) return
  rmSync(link, { force: true })
  symlinkSync('../../dist/src/cli/main.js', link)
}

/** `npm ci --omit=dev` wants to run what was built elsewhere: there is no compiler to build with. */
function isRuntimeInstall() {
  const { npm_lifecycle_event: event, npm_config_omit: omit, NODE_ENV } = process.env
  return event === 'prepare' && (/\bdev\b/.test(omit ?? '') || NODE_ENV === 'production')
}

checkNode()
if (isRuntimeInstall()) process.exit(0)
install()
build()
linkCommand()
