/** The content filter the configuration asks for. */
import type { Config } from '../config/config-schema.ts'
import { OperatorError } from '../config/operator-error.ts'
import { resolveSecret, type SecretSources } from '../config/secret.ts'
import type { ContentFilter } from '../engine/ports/content-filter.ts'
import { createFilterChain } from '../filter/chain.ts'
import { DEFAULT_PATTERNS } from '../filter/default-rules.ts'
import { createRuleFilter } from '../filter/rules.ts'

export interface FilterParts extends SecretSources {
  readonly config: Pick<Config, 'filter'>
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The service first, then the rules; `undefined` where it is switched off. */
export async function openContentFilter(parts: FilterParts): Promise<ContentFilter | undefined> {
  const { config, now } = parts
  const { enabled, defaultPatterns, patterns, service, ...rules } = config.filter
  if (!enabled) return undefined
  const known = [...(defaultPatterns ? DEFAULT_PATTERNS : []), ...patterns]
  const filters = [createRuleFilter({ ...rules, patterns: known }, now)]
  if (service !== undefined && service.urls.length > 0) {
    const { openHttpFilter } = await import('../filter/http.ts')
    const { bearer, ...options } = service
    const headers =
      bearer === undefined ? {} : { authorization: `Bearer ${secretOf(bearer, parts)}` }
    filters.unshift(openHttpFilter({ ...options, headers, now }))
  }
  return createFilterChain(filters)
}

function secretOf(text: string, sources: SecretSources): string {
  const resolved = resolveSecret(text, sources)
  if (resolved.kind === 'ok') return resolved.secret
  throw new OperatorError('filter-secret', `filter.service.bearer: ${resolved.because}`, 'Mend it.')
}
