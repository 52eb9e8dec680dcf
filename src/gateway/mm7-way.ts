/** Ways out to upstream MMSCs: their certificates read, their codes known, their troubles told. */
import { readFileSync } from 'node:fs'
import type { Mm7ConnectorParts } from '../connectors/mm7/connector.ts'
import { laneOf } from '../connectors/mm7/lane.ts'
import type { Mm7Carrier, Mm7Upstream } from '../core/carrier.ts'
import type { CodeRow } from '../core/code-row.ts'
import { PROVIDERS } from '../dialects/spoken.ts'
import type { Connector } from '../engine/ports/connector.ts'
import type { HttpTls } from '../transports/http/pools.ts'
import { lateConnector } from './late-connector.ts'
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
  const parts: Mm7ConnectorParts = {
    now: () => senses.clock.now(),
    findRow,
    onLinkRefused: (link, raw) =>
      senses.log.error({ carrier: link, raw }, 'the upstream refuses us: an operator must look'),
    crashPoint: () => senses.crashPoint('C9-sent'),
    ...(tls === undefined ? {} : { tls }),
    ...(budget === undefined ? {} : { budget }),
  }
  const known = { name, lane: laneOf(mm7, budget), cancels: mm7.servesCancel !== false }
  return lateConnector(known, async () => {
    const { createMm7Connector } = await import('../connectors/mm7/connector.ts')
    return createMm7Connector(name, mm7, parts)
  })
}

/** A row of a provider's MM7 codes. */
export function findRow(dialect: string, code: string): CodeRow | undefined {
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
