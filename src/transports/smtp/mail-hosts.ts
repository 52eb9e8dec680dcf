/**
 * Which hosts take mail for a domain (RFC 5321 §5.1): its mail exchangers by preference, equals in any
 * order, or the domain itself where it names none.
 */

/** One MX record. */
export interface MxRecord {
  readonly exchange: string
  readonly priority: number
}

/** Asks the DNS. Rejects as `node:dns/promises` does, with a `code`. */
export type ResolveMx = (domain: string) => Promise<readonly MxRecord[]>

/** Hosts to try in this order, or why there is none. */
export type MailHosts =
  | { readonly kind: 'hosts'; readonly hosts: readonly string[] }
  /** There is no such domain, or it takes no mail (RFC 7505): asking again soon is no use. */
  | { readonly kind: 'none'; readonly detail: string }
  /** The DNS gave no answer. */
  | { readonly kind: 'unavailable'; readonly detail: string }

/** How long an answer is good: the resolver does not tell the records' own time to live. */
const CACHE_MS = 300_000
/** How long it is good while the DNS is silent: an old answer is better than none. */
const STALE_MS = 86_400_000
/** Hosts tried for one message; more would outlast any patience. */
const HOSTS_MAX = 8

/** There is no such name. */
const NXDOMAIN = 'ENOTFOUND'
/** The name is there and has no records of this kind. */
const NODATA = 'ENODATA'

/** Asks for one domain and remembers the answer. `now` in milliseconds, `random` in [0, 1). */
export function createMailHosts(
  domain: string,
  resolveMx: ResolveMx,
  now: () => number,
  random: () => number,
): () => Promise<MailHosts> {
  let kept: { readonly at: number; readonly records: readonly MxRecord[] } | undefined
  let asking: Promise<MailHosts> | undefined

  async function ask(): Promise<MailHosts> {
    try {
      const records = await resolveMx(domain)
      kept = { at: now(), records }
      return hostsOf(domain, records, random)
    } catch (error) {
      return failed(error)
    } finally {
      asking = undefined
    }
  }

  function failed(error: unknown): MailHosts {
    const { code, message } = error as { readonly code?: string; readonly message?: string }
    if (code === NODATA) return { kind: 'hosts', hosts: [domain] }
    if (code === NXDOMAIN) return { kind: 'none', detail: `${domain}: no such domain` }
    if (kept !== undefined && now() - kept.at < STALE_MS) {
      return hostsOf(domain, kept.records, random)
    }
    return { kind: 'unavailable', detail: `${domain}: ${code ?? message ?? 'no answer'}` }
  }

  return () => {
    if (kept !== undefined && now() - kept.at < CACHE_MS) {
      return Promise.resolve(hostsOf(domain, kept.records, random))
    }
    asking ??= ask()
    return asking
  }
}

function hostsOf(domain: string, records: readonly MxRecord[], random: () => number): MailHosts {
  if (records.length === 0) return { kind: 'hosts', hosts: [domain] }
  const hosts = records
    .filter(({ exchange }) => exchange !== '' && exchange !== '.')
    .map((record) => ({ ...record, draw: random() }))
    .sort((a, b) => a.priority - b.priority || a.draw - b.draw)
    .slice(0, HOSTS_MAX)
    .map(({ exchange }) => exchange)
  return hosts.length === 0
    ? { kind: 'none', detail: `${domain}: takes no mail (null MX)` }
    : { kind: 'hosts', hosts }
}
