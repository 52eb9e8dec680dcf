/** Ways out to upstream MMSCs: their certificates read, their codes known, their troubles told. */
import { readFileSync } from 'node:fs'
import { meaningOf } from '../connectors/mm7/code-reasons.ts'
import { createMm7Connector } from '../connectors/mm7/connector.ts'
import { type Mm7Carrier, type Mm7Upstream, speaksMm7 } from '../core/carrier.ts'
import type { CodeRow } from '../core/code-row.ts'
import type { Directory, SecretHash } from '../core/directory.ts'
import type { Reason } from '../core/reason.ts'
import { PROVIDERS } from '../dialects/spoken.ts'
import type { Connector } from '../engine/ports/connector.ts'
import type { UpstreamPeer } from '../listeners/mm7-upstream/door.ts'
import type { HttpTls } from '../transports/http/pools.ts'
import type { Senses } from './senses.ts'

/** The connector of one upstream; none while a file it needs cannot be read. */
export function openMm7Way(
  { name, mm7, budget }: Mm7Carrier,
  senses: Senses,
): Connector | undefined {
  let tls: HttpTls | undefined
  try {
    tls = readTls(mm7.tls)
  } catch (error) {
    senses.alarm(`connector ${name}: TLS files`, error)
    return undefined
  }
  return createMm7Connector(name, mm7, {
    now: () => senses.clock.now(),
    findRow,
    onLinkRefused: (link, raw) =>
      senses.log.error({ carrier: link, raw }, 'the upstream refuses us: an operator must look'),
    crashPoint: () => senses.crashPoint('C9-sent'),
    ...(tls === undefined ? {} : { tls }),
    ...(budget === undefined ? {} : { budget }),
  })
}

/** The upstream that calls us back under this secret. */
export function upstreamPeer(directory: Directory, keyHash: SecretHash): UpstreamPeer | undefined {
  const carrier = directory.carrierByCallbackKeyHash.get(keyHash)
  const callback = carrier?.mm7.callback
  if (carrier?.enabled !== true || callback === undefined) return undefined
  return {
    name: carrier.name,
    ...(callback.basic === undefined ? {} : { basic: callback.basic }),
    fromAddresses: callback.fromAddresses,
    forwardedMeans: carrier.mm7.forwardedMeans,
  }
}

/** What a code in the text of an upstream's report means. */
export function reasonOfCode(directory: Directory, name: string, code: number): Reason | undefined {
  const carrier = directory.carrierByName.get(name)
  if (carrier === undefined || !speaksMm7(carrier)) return undefined
  const { codes } = carrier.mm7
  const meaning = meaningOf(code, (digits) =>
    codes === undefined ? undefined : findRow(codes, digits),
  )
  return meaning.kind === 'refusal' ? meaning.reason : undefined
}

function findRow(dialect: string, code: string): CodeRow | undefined {
  return PROVIDERS.find(({ name }) => name === dialect)
    ?.surfaces.find(({ name }) => name === 'mm7')
    ?.codes.find((row) => row.code === code)
}

function readTls(files: Mm7Upstream['tls']): HttpTls | undefined {
  if (files === undefined) return undefined
  const read = (file: string | undefined) =>
    file === undefined ? undefined : readFileSync(file, 'utf8')
  const [ca, cert, key] = [read(files.caFile), read(files.certFile), read(files.keyFile)]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}
