/**
 * What is asked of others before a message is accepted: media by URL, whose subscriber it is, what
 * the numbering plans say, and whether the content is wanted.
 */
import type { Config } from '../config/config-schema.ts'
import { OperatorError } from '../config/operator-error.ts'
import { resolveSecret, type SecretSources } from '../config/secret.ts'
import type { CarrierLookup } from '../engine/ports/carrier-lookup.ts'
import type { ContentFilter } from '../engine/ports/content-filter.ts'
import type { Media } from '../engine/ports/media.ts'
import type { NumberPlan } from '../engine/ports/number-plan.ts'
import { createMediaFetches, type MediaFetches } from '../listeners/media-by-url.ts'
import type { HttpLookupOptions } from '../lookup/http.ts'
import { createNumberPlan } from '../numbering/plan.ts'
import type { Sandbox } from '../simulator/sandbox.ts'
import type { SafeFetch } from '../transports/http/safe-fetch.ts'
import { openContentFilter } from './content-filter.ts'
import type { Senses } from './senses.ts'

export interface Outside extends MediaFetches {
  /** Absent where the configuration names no source. */
  readonly carrierLookup?: CarrierLookup
  readonly plan: NumberPlan
  /** Absent where it is switched off. */
  readonly filter?: ContentFilter
  close(): Promise<void>
}

export interface OutsideParts extends SecretSources {
  readonly config: Pick<Config, 'fetch' | 'filter' | 'lookup'>
  readonly senses: Senses
  readonly media: Media
  /** Its numbers are looked up at its own service, and its media lie on this machine. */
  readonly sandbox: Sandbox | undefined
}

/** In the sandbox a client's own test server is on this machine, at whatever port it got. */
const SANDBOX_FETCH = { ports: 'any', allowedRanges: ['127.0.0.0/8', '::1'] } as const

export async function openOutside(parts: OutsideParts): Promise<Outside> {
  const { config, senses, media, sandbox } = parts
  const { concurrencyMax, ...rules } = config.fetch
  const fetcher = (lengthRequired: boolean) =>
    withFirstUse(async () => {
      const { createSafeFetch } = await import('../transports/http/safe-fetch.ts')
      const world = sandbox === undefined ? {} : SANDBOX_FETCH
      return createSafeFetch({ ...rules, ...world, lengthRequired })
    })
  const fetches = createMediaFetches({
    media,
    strict: fetcher(true),
    lenient: fetcher(false),
    concurrencyMax,
    failed: (because) => senses.log.info({ because }, 'media by URL: not fetched'),
  })
  const sources = await openSources(parts)
  const carrierLookup = sources.length === 0 ? undefined : await inTurn(sources)
  const filter = await openContentFilter({ ...parts, now: () => senses.clock.now() })
  return {
    ...fetches,
    plan: createNumberPlan(),
    ...(carrierLookup === undefined ? {} : { carrierLookup }),
    ...(filter === undefined ? {} : { filter }),
    async close() {
      await Promise.all([carrierLookup?.close(), filter?.close()])
    },
  }
}

/** Its HTTP client takes a fifth of a start and 19 MB, and most gateways never fetch anything. */
function withFirstUse(make: () => Promise<SafeFetch>): SafeFetch {
  let made: Promise<SafeFetch> | undefined
  return async (...given) => {
    made ??= make()
    return (await made)(...given)
  }
}

async function openSources(parts: OutsideParts): Promise<readonly CarrierLookup[]> {
  const { config, senses, sandbox } = parts
  const now = () => senses.clock.now()
  if (sandbox !== undefined) {
    const url = sandbox.lookupUrl
    // Numbers whose look-up fails are part of the play: they do not close the service to others.
    return [
      await openService({ url, carrier: '{carrier}', failuresMax: Number.MAX_SAFE_INTEGER, now }),
    ]
  }
  const { tableFile, service } = config.lookup
  const sources: CarrierLookup[] = []
  if (tableFile !== undefined) sources.push(await openTable(tableFile))
  if (service !== undefined) {
    const { names, bearer, ...rest } = service
    const options: HttpLookupOptions = {
      ...rest,
      names: Object.fromEntries(names.map(({ theirs, ours }) => [theirs, ours])),
      ...(bearer === undefined
        ? {}
        : { headers: { authorization: `Bearer ${secretOf(bearer, parts)}` } }),
      now,
    }
    sources.push(await openService(options))
  }
  return sources
}

async function inTurn(sources: readonly CarrierLookup[]): Promise<CarrierLookup> {
  const { createLookupChain } = await import('../lookup/chain.ts')
  return createLookupChain(sources)
}

async function openTable(file: string): Promise<CarrierLookup> {
  const { openCarrierTable } = await import('../lookup/table.ts')
  const table = await openCarrierTable({ file })
  const { loaded } = table
  if (loaded.kind === 'ok') return table
  const because =
    loaded.kind === 'wrong' ? `line ${loaded.line}: ${loaded.because}` : loaded.because
  throw new OperatorError('lookup-table', `${file}: ${because}`, 'Mend lookup.tableFile.')
}

async function openService(options: HttpLookupOptions): Promise<CarrierLookup> {
  const { openHttpLookup } = await import('../lookup/http.ts')
  try {
    return openHttpLookup(options)
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error)
    throw new OperatorError('lookup-service', because, 'Mend lookup.service.')
  }
}

function secretOf(text: string, sources: SecretSources): string {
  const resolved = resolveSecret(text, sources)
  if (resolved.kind === 'ok') return resolved.secret
  throw new OperatorError('lookup-secret', `lookup.service.bearer: ${resolved.because}`, 'Mend it.')
}
