/**
 * Kannel as a client of ours: its bearerbox binds to our SMPP door, its smsbox takes messages by
 * HTTP and calls back by HTTP what became of them and what handsets write.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { reservePort } from './gateway-process.ts'
import { createInbox, type Inbox, until } from './inbox.ts'
import {
  createFolder,
  listening,
  type PeerProcess,
  removeFolder,
  startPeer,
} from './peer-process.ts'

/** One call of smsbox: its path and what it said. */
export interface Call {
  readonly path: string
  readonly query: URLSearchParams
  /** What a handset wrote. */
  readonly text: string
}

export interface Kannel {
  /** Its receipts and what handsets wrote to it. */
  readonly calls: Inbox<Call>
  /** Hands a message in; fails unless Kannel takes it. Where it asks for reports they come as calls. */
  send(fields: Readonly<Record<string, string>>): Promise<void>
  /** What both boxes wrote. */
  said(): string
}

export interface KannelOptions {
  /** Where our SMPP door is. */
  readonly port: number
  readonly systemId: string
  readonly password: string
  /** Speaks TLS and takes us only by this authority. */
  readonly caFile?: string
  /** False: returns without waiting for the bind. */
  readonly awaitBind?: boolean
}

interface Place {
  readonly folder: string
  readonly admin: number
  readonly box: number
  readonly http: number
  readonly callbacks: number
}

const TRAITS = { from: '%p', to: '%P', text: '%b', coding: '%c' }
/** Kannel's number for it. */
const UCS2 = '2'
/** %d: kind of report; %A: the words of the centre; %F: its id. */
const RECEIPT = { kind: '%d', answer: '%A', id: '%F' }

function urlOf(port: number, path: string, words: Readonly<Record<string, string>>): string {
  const query = Object.entries(words).map(([name, code]) => `${name}=${code}`)
  return `http://127.0.0.1:${port}/${path}?${query.join('&')}`
}

export async function openKannel(
  t: { after(done: () => Promise<void> | void): void },
  options: KannelOptions,
): Promise<Kannel> {
  const folder = createFolder('kannel')
  const calls = createInbox<Call>(({ path, query }) => `${path} ${query}`)
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://callback')
    const text = textOf(request.url ?? '', searchParams.get('coding'))
    calls.put({ path: pathname.slice(1), query: searchParams, text })
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place: Place = {
    folder,
    callbacks: (server.address() as AddressInfo).port,
    admin: await reservePort(),
    box: await reservePort(),
    http: await reservePort(),
  }
  mkdirSync(join(folder, 'spool'))
  const config = join(folder, 'kannel.conf')
  writeFileSync(config, configOf(place, options))
  const bearerbox = startPeer('bearerbox', ['-v', '1', config], folder)
  let smsbox: PeerProcess | undefined
  t.after(async () => {
    await smsbox?.stop()
    await bearerbox.stop()
    server.closeAllConnections()
    server.close()
    removeFolder(folder)
  })
  await listening(place.box, bearerbox)
  smsbox = startPeer('smsbox', ['-v', '1', config], folder)
  await listening(place.http, smsbox)
  const said = () => `${bearerbox.said()}\n${smsbox?.said()}`
  if (options.awaitBind !== false) {
    await until('Kannel to bind', () => isOnline(place.admin)).catch((error: Error) => {
      throw new Error(`${error.message}\n${said()}`)
    })
  }
  return {
    calls,
    said,
    async send(fields) {
      const query = new URLSearchParams({ username: 'tester', password: 'bells', ...fields })
      if (fields['dlr-mask'] !== undefined) {
        query.set('dlr-url', urlOf(place.callbacks, 'receipt', RECEIPT))
      }
      const answer = await fetch(`http://127.0.0.1:${place.http}/cgi-bin/sendsms?${query}`)
      if (answer.status !== 202) throw new Error(`Kannel: ${answer.status} ${await answer.text()}`)
    },
  }
}

/** Octets with percent signs: UTF-8, or UCS-2 where the coding says so. */
function textOf(url: string, coding: string | null): string {
  const [, written = ''] = /[?&]text=([^&]*)/.exec(url) ?? []
  const latin1 = written
    .replaceAll('+', ' ')
    .replace(/%(..)/g, (_all, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
  const octets = Buffer.from(latin1, 'latin1')
  return coding === UCS2 ? octets.swap16().toString('utf16le') : octets.toString()
}

async function isOnline(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/status.txt`).catch(() => undefined)
  return /\(online [0-9]+s/.test((await answer?.text()) ?? '')
}

function configOf(place: Place, options: KannelOptions): string {
  const { port, systemId, password, caFile } = options
  const { folder, admin, box, http, callbacks } = place
  return [
    'group = core',
    `admin-port = ${admin}`,
    'admin-interface = 127.0.0.1',
    'admin-password = bells',
    `smsbox-port = ${box}`,
    'box-deny-ip = "*.*.*.*"',
    'box-allow-ip = "127.0.0.1"',
    'store-type = spool',
    `store-location = "${folder}/spool"`,
    'dlr-storage = internal',
    'sms-resend-freq = 1',
    ...(caFile === undefined ? [] : [`ssl-trusted-ca-file = "${caFile}"`]),
    '',
    'group = smsc',
    'smsc = smpp',
    'smsc-id = carillon',
    'host = 127.0.0.1',
    `port = ${port}`,
    'transceiver-mode = true',
    `use-ssl = ${caFile !== undefined}`,
    `smsc-username = "${systemId}"`,
    `smsc-password = "${password}"`,
    'system-type = ""',
    'interface-version = 34',
    'reconnect-delay = 1',
    '',
    'group = smsbox',
    'bearerbox-host = 127.0.0.1',
    `sendsms-port = ${http}`,
    'sendsms-interface = 127.0.0.1',
    '',
    'group = sendsms-user',
    'username = tester',
    'password = bells',
    'concatenation = true',
    'max-messages = 10',
    '',
    'group = sms-service',
    'keyword = default',
    `get-url = "${urlOf(callbacks, 'message', TRAITS)}"`,
    'max-messages = 0',
    'concatenation = true',
    '',
  ].join('\n')
}
