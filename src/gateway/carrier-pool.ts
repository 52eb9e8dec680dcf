/** A peer's entry in the directory as settings of an SMTP pool. */
import { resolveMx } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import type { Mm4Peer } from '../core/carrier.ts'
import type { SmtpPoolOptions } from '../transports/smtp/client-options.ts'
import { createMailHosts, type ResolveMx } from '../transports/smtp/mail-hosts.ts'

/** Where names and files are looked up. */
export interface PoolSources {
  readonly resolveMx: ResolveMx
  readonly readFile: (path: string) => string
  /** Milliseconds that only grow. */
  readonly now: () => number
  readonly random: () => number
}

/** Throws where a file of it cannot be read. */
export function carrierPool(
  mm4: Mm4Peer,
  helloName: string,
  sources: PoolSources = MACHINE,
): SmtpPoolOptions {
  const { resolveMx, now, random } = sources
  const tlsOptions = tlsOptionsOf(mm4, sources)
  return {
    ...(mm4.mx === true ? { findHosts: createMailHosts(mm4.host, resolveMx, now, random) } : {}),
    ...(tlsOptions === undefined ? {} : { tlsOptions }),
    host: mm4.host,
    port: mm4.port,
    helloName,
    tls: mm4.tls,
    ...(mm4.auth === undefined ? {} : { auth: mm4.auth }),
    connectionsMax: mm4.connections,
    ...(mm4.messagesPerConnection === undefined
      ? {}
      : { messagesPerConnectionMax: mm4.messagesPerConnection }),
    ...(mm4.waitingMax === undefined ? {} : { waitingMax: mm4.waitingMax }),
    // One attempt's own limit: a peer that is silent for longer is given up for this time.
    timeouts: {
      connectMs: Math.min(mm4.attemptTimeoutMs, 60_000),
      dotMs: mm4.attemptTimeoutMs,
    },
  }
}

/** This machine's own. */
export const MACHINE: PoolSources = {
  resolveMx,
  readFile: (path) => readFileSync(path, 'utf8'),
  now: () => performance.now(),
  random: Math.random,
}

function tlsOptionsOf({ tlsFiles }: Mm4Peer, { readFile }: PoolSources) {
  if (tlsFiles === undefined) return undefined
  const { caFile, certFile, keyFile } = tlsFiles
  return {
    ...(caFile === undefined ? {} : { ca: readFile(caFile) }),
    ...(certFile === undefined ? {} : { cert: readFile(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFile(keyFile) }),
  }
}
