/**
 * `npm run interop`: the gateway against foreign implementations. Installs what is missing of
 * Debian's Kannel, openssl, Postfix, swaks and tshark, where apt and the rights are there, and runs
 * `test/interop`. `node scripts/interop.mjs install` only installs. No service is started: the tests
 * run instances of their own in temporary folders.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingPackages } from './peer-packages.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
/** Another installation may be running; in seconds. */
const LOCK_WAIT_SECONDS = 300
/** Debian asks this before a package starts its service; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d'

function say(line) {
  process.stderr.write(`  ${line}\n`)
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', ...options }).status === 0
}

/** What turns a command into one with the rights to install; undefined when nothing does. */
function rights() {
  if (process.getuid?.() === 0) return []
  return run('sudo', ['-n', 'true']) ? ['sudo', '-n'] : undefined
}

function asRoot(prefix, command, args) {
  const [first, ...rest] = [...prefix, command, ...args]
  const child = spawnSync(first, rest, { encoding: 'utf8' })
  return { ok: child.status === 0, said: `${child.stdout ?? ''}${child.stderr ?? ''}` }
}

function apt(prefix, args) {
  return asRoot(prefix, 'env', [
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-qq',
    '-o',
    `DPkg::Lock::Timeout=${LOCK_WAIT_SECONDS}`,
    ...args,
  ])
}

/** Keeps packages from starting their services; an operator's own policy is left alone. */
function withServicesOff(prefix, body) {
  if (existsSync(POLICY) || prefix.length > 0) return body()
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    return body()
  } finally {
    rmSync(POLICY, { force: true })
  }
}

/** Services that were not there before are not to start with the machine either. */
function disableServices(prefix, packages) {
  if (!existsSync('/run/systemd/system')) return
  const services = packages.filter((name) => name === 'postfix' || name === 'kannel')
  if (services.length > 0) asRoot(prefix, 'systemctl', ['disable', '--now', ...services])
}

/** True when everything is installed in the end. */
function install() {
  const packages = missingPackages()
  if (packages.length === 0) return true
  const list = packages.join(' ')
  if (!run('apt-get', ['--version'])) {
    say(`Not installed: ${list}. There is no apt-get here: install them by your own means.`)
    return false
  }
  const prefix = rights()
  if (prefix === undefined) {
    say(`Not installed: ${list}. Run: sudo apt-get install --no-install-recommends ${list}`)
    return false
  }
  say(`Installing ${list} …`)
  const words = ['install', '-y', '--no-install-recommends', ...packages]
  const told = withServicesOff(prefix, () => {
    const first = apt(prefix, words)
    if (first.ok) return first
    // The lists of a machine that has been standing for a while name packages that are gone.
    apt(prefix, ['update'])
    return apt(prefix, words)
  })
  disableServices(prefix, packages)
  const left = missingPackages()
  if (left.length > 0) say(`${told.said.trimEnd()}\n  Could not be installed: ${left.join(' ')}`)
  return left.length === 0
}

if (!install()) process.exit(69)
if (process.argv[2] === 'install') process.exit(0)
for (const script of [['setup.mjs'], ['test.mjs', 'interop']]) {
  const [name, ...args] = script
  const child = spawnSync(process.execPath, [join(root, 'scripts', name), ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (child.status !== 0) process.exit(child.status ?? 70)
}
