/** Rules between options, which no single option can break alone. */
import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { TEXT_PATTERN_FLAGS } from '../core/policy/facts.ts'
import { isAddressEntry } from './allow-list.ts'
import type { Config } from './config-schema.ts'
import type { Problem } from './operator-error.ts'

/** What makes a configuration impossible although each option is lawful. */
export function objections(config: Config): readonly Problem[] {
  return [
    ...portClashes(config),
    ...missingFiles(config),
    ...misfits(config),
    ...unreadablePatterns(config),
  ]
}

/** What is lawful but worth a second look. */
export function warnings(config: Config): readonly string[] {
  const doors = { http: config.http, smtp: config.smtp, smpp: config.smpp } as const
  const told: string[] = []
  for (const [name, door] of Object.entries(doors)) {
    if (!isLoopback(door.host) && door.tls === undefined) {
      told.push(`${name}.host is ${door.host} without ${name}.tls: passwords travel in the clear.`)
    }
  }
  if (!isLoopback(config.admin.host)) {
    told.push(`admin.host is ${config.admin.host}: operators' door is open to other machines.`)
  }
  return told
}

/** True for addresses only this machine can reach. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true
  return isIP(host) === 4 && host.startsWith('127.')
}

function* portClashes(config: Config): Generator<Problem> {
  const doors = [
    ['http.port', config.http.host, config.http.port],
    ['smtp.port', config.smtp.host, config.smtp.port],
    ['smpp.port', config.smpp.host, config.smpp.port],
    ['admin.port', config.admin.host, config.admin.port],
    ...(config.sandbox.enabled
      ? [['sandbox.smtpPort', '127.0.0.1', config.sandbox.smtpPort] as const]
      : []),
  ] as const
  for (const [i, [path, host, port]] of doors.entries()) {
    if (port === 0) continue
    const twin = doors.slice(0, i).find((door) => door[2] === port && sharesHost(door[1], host))
    if (twin === undefined) continue
    yield { path, message: `${port} is taken by ${twin[0]}`, hint: 'Give each door its own port.' }
  }
}

/** Wildcard addresses clash with every other; names are not resolved here. */
function sharesHost(a: string, b: string): boolean {
  const wild = (host: string) => host === '0.0.0.0' || host === '::'
  return a === b || wild(a) || wild(b) || (isLoopback(a) && isLoopback(b))
}

function* missingFiles(config: Config): Generator<Problem> {
  for (const [door, tls] of [
    ['http', config.http.tls] as const,
    ['smtp', config.smtp.tls] as const,
    ['smpp', config.smpp.tls] as const,
  ]) {
    if (tls === undefined) continue
    const { key, cert } = tls
    for (const [name, file] of Object.entries({ key, cert })) {
      if (existsSync(file)) continue
      yield {
        path: `${door}.tls.${name}`,
        message: `no file ${JSON.stringify(file)}`,
        hint: 'Paths are relative to where the gateway is started.',
      }
    }
  }
}

function* unreadablePatterns({ filter }: Config): Generator<Problem> {
  for (const [i, { pattern }] of filter.patterns.entries()) {
    try {
      new RegExp(pattern, TEXT_PATTERN_FLAGS)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      yield {
        path: `filter.patterns[${i}].pattern`,
        message: error.message,
        hint: 'Write it as a regular expression of JavaScript; in TOML use single quotes.',
      }
    }
  }
}

function* misfits(config: Config): Generator<Problem> {
  const { limits, http, smtp, fetch } = config
  if (limits.envelopeBytesMax > limits.requestBytesMax) {
    yield {
      path: 'limits.envelopeBytesMax',
      message: `must not be more than limits.requestBytesMax (${limits.requestBytesMax})`,
      hint: 'An envelope is part of a request.',
    }
  }
  for (const [path, bytes] of [
    ['limits.requestBytesMax', limits.requestBytesMax],
    ['smtp.messageBytesMax', smtp.messageBytesMax],
  ] as const) {
    if (bytes <= limits.concurrentUploadBytesMax) continue
    yield {
      path,
      message: `must not be more than limits.concurrentUploadBytesMax (${limits.concurrentUploadBytesMax})`,
      hint: 'A single message of that size could never be taken.',
    }
  }
  for (const [i, range] of fetch.allowedRanges.entries()) {
    if (isAddressEntry(range)) continue
    yield {
      path: `fetch.allowedRanges[${i}]`,
      message: `${JSON.stringify(range)} is no address and no CIDR range`,
      hint: 'Write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32.',
    }
  }
  if (http.headersTimeoutMs > http.requestTimeoutMs) {
    yield {
      path: 'http.headersTimeoutMs',
      message: `must not be more than http.requestTimeoutMs (${http.requestTimeoutMs})`,
      hint: 'The head is part of the request.',
    }
  }
}
