/**
 * Postfix as a hub between MMSCs: an instance of its own in a temporary folder, on loopback, that
 * relays by domain. It needs root, because it gives its rights up.
 */

import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { reservePort } from './gateway-process.ts'
import { createFolder, listening, missing, removeFolder, startPeer } from './peer-process.ts'
import type { World } from './start-gateway.ts'

/** For `skip` of a test. */
export function missingPostfix(...others: readonly string[]): string | false {
  const absent = missing('postfix', ...others)
  if (absent !== false || process.getuid?.() === 0) return absent
  return 'Postfix gives up its rights to run, so it needs root'
}

export interface Hub {
  readonly port: number
  /** Its log. */
  said(): string
  /** What its queue still holds, in `mailq`'s words. */
  queue(): string
  close(): Promise<void>
}

export interface HubOptions {
  /** Port by domain: where its mail goes, always on loopback. */
  readonly routes: Readonly<Record<string, number>>
  /** More of `main.cf`. */
  readonly set?: readonly string[]
}

/** What it needs to relay: no local delivery, no pick-up, nothing for other users. */
const SERVICES = [
  ['cleanup', 'unix', 'n', '0', 'cleanup'],
  ['qmgr', 'unix', 'n', '1', 'qmgr'],
  ['tlsmgr', 'unix', '-', '1', 'tlsmgr'],
  ['rewrite', 'unix', '-', '-', 'trivial-rewrite'],
  ['bounce', 'unix', '-', '0', 'bounce'],
  ['defer', 'unix', '-', '0', 'bounce'],
  ['trace', 'unix', '-', '0', 'bounce'],
  ['verify', 'unix', '-', '1', 'verify'],
  ['flush', 'unix', 'n', '0', 'flush'],
  ['proxymap', 'unix', '-', '-', 'proxymap'],
  ['smtp', 'unix', '-', '-', 'smtp'],
  ['relay', 'unix', '-', '-', 'smtp'],
  ['showq', 'unix', 'n', '-', 'showq'],
  ['error', 'unix', '-', '-', 'error'],
  ['retry', 'unix', '-', '-', 'error'],
  ['discard', 'unix', '-', '-', 'discard'],
  ['anvil', 'unix', '-', '1', 'anvil'],
  ['scache', 'unix', '-', '1', 'scache'],
  ['postlog', 'unix-dgram', 'n', '1', 'postlogd'],
] as const

export async function openHub(
  t: { after(done: () => Promise<void> | void): void },
  { routes, set = [] }: HubOptions,
): Promise<Hub> {
  const folder = createFolder('postfix')
  const port = await reservePort()
  // Its daemons give up their rights and must still walk into it.
  chmodSync(folder, 0o755)
  const place = (name: string) => join(folder, name)
  for (const name of ['etc', 'spool', 'data']) mkdirSync(place(name), { mode: 0o755 })
  const [user = '', group = ''] = ['-u', '-g'].map((which) =>
    execFileSync('id', [which, 'postfix'], { encoding: 'utf8' }).trim(),
  )
  chownSync(place('data'), Number(user), Number(group))
  writeFileSync(join(place('etc'), 'main.cf'), mainCf(folder, routes, set))
  writeFileSync(join(place('etc'), 'master.cf'), masterCf(port))
  execFileSync('postfix', ['-c', place('etc'), 'check'])
  // Without a session of its own, so that it and its daemons end with our group.
  const peer = startPeer('master', ['-c', place('etc'), '-d'], folder)
  t.after(async () => {
    await peer.stop()
    removeFolder(folder)
  })
  const said = () =>
    `${peer.said()}${existsSync(place('log')) ? readFileSync(place('log'), 'utf8') : ''}`
  await listening(port, { said })
  return {
    port,
    said,
    queue: () => execFileSync('postqueue', ['-c', place('etc'), '-p'], { encoding: 'utf8' }),
    close: () => peer.stop(),
  }
}

/** Makes the hub the way out to every carrier of a running gateway. */
export async function routeThrough({ directory, post }: World, port: number): Promise<void> {
  const carriers = directory.carriers.map((carrier) =>
    carrier.mm4 === undefined ? carrier : { ...carrier, mm4: { ...carrier.mm4, port } },
  )
  await post('/admin/directory', { ...directory, carriers })
}

function mainCf(folder: string, routes: HubOptions['routes'], set: readonly string[]): string {
  const transports = Object.entries(routes).map(
    ([domain, port]) => `{ ${domain} = smtp:[127.0.0.1]:${port} }`,
  )
  const lines = [
    'compatibility_level = 3.6',
    `queue_directory = ${folder}/spool`,
    `data_directory = ${folder}/data`,
    `maillog_file = ${folder}/log`,
    `maillog_file_prefixes = ${folder}`,
    'myhostname = hub.exchange.example',
    'myorigin = $myhostname',
    'mydestination =',
    'local_recipient_maps =',
    'alias_maps =',
    'inet_interfaces = 127.0.0.1',
    'inet_protocols = ipv4',
    'mynetworks = 127.0.0.0/8',
    'smtpd_relay_restrictions = permit_mynetworks, reject',
    'smtp_dns_support_level = disabled',
    'smtp_host_lookup = native',
    `transport_maps = inline:{ ${transports.join(', ')} }`,
    'message_size_limit = 52428800',
    // A peer that is late is asked again soon.
    'queue_run_delay = 1s',
    'minimal_backoff_time = 1s',
    'maximal_backoff_time = 2s',
    'smtp_destination_concurrency_limit = 20',
    ...set,
  ]
  // What a test sets takes the place of ours; Postfix would warn of both.
  const byName = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line]))
  return [...byName.values(), ''].join('\n')
}

function masterCf(port: number): string {
  const rows = SERVICES.map(
    ([name, type, isPrivate, processes, command]) =>
      `${name} ${type} ${isPrivate} - n ${wakeOf(name)} ${processes} ${command}`,
  )
  return [`127.0.0.1:${port} inet n - n - - smtpd`, ...rows, ''].join('\n')
}

/** Seconds between runs of what looks for work by itself. */
function wakeOf(name: string): string {
  if (name === 'qmgr') return '300'
  return name === 'flush' ? '1000?' : '-'
}
