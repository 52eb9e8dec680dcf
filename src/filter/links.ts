/** Finds the hosts that a text links to. */

/** Links of one text that are looked at. */
const LINKS_MAX = 100

/** A name of at least two labels where a link may begin, with or without its scheme. */
const HOST = /(?<![\p{L}\p{N}.-])((?:[\p{L}\p{N}-]{1,63}\.){1,10}\p{L}{2,24})(?![\p{L}\p{N}-])/gu

/** Every host has this; to look for it is ten times faster than to look for hosts. */
const LABEL_BEGINS = /\.\p{L}/u

/** Host names in lower case, each once; what only looks like one is harmless: lists are exact. */
export function linkHostsIn(text: string): ReadonlySet<string> {
  const hosts = new Set<string>()
  if (!LABEL_BEGINS.test(text)) return hosts
  for (const [, host = ''] of text.matchAll(HOST)) {
    hosts.add(host.toLowerCase())
    if (hosts.size >= LINKS_MAX) break
  }
  return hosts
}

/** The listed name a host is, or lies below. */
export function listedHost(host: string, listed: ReadonlySet<string>): string | undefined {
  for (let name = host; ; ) {
    if (listed.has(name)) return name
    const dot = name.indexOf('.')
    if (dot < 0) return undefined
    name = name.slice(dot + 1)
  }
}
