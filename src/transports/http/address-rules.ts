/**
 * Which addresses a URL from outside may lead to: global unicast and nothing else. A refused range
 * has a name, so that a log can say why.
 */
import { BlockList, isIP } from 'node:net'

/** A range nobody may be sent to, and what it is. */
interface RefusedRange {
  readonly range: string
  readonly what: string
}

// biome-ignore format: a table
const REFUSED: readonly RefusedRange[] = [
  { range: '0.0.0.0/8',         what: 'this network' },
  { range: '10.0.0.0/8',        what: 'private' },
  { range: '100.64.0.0/10',     what: 'carrier-grade NAT' },
  { range: '127.0.0.0/8',       what: 'loopback' },
  { range: '169.254.0.0/16',    what: 'link-local, where clouds keep their metadata' },
  { range: '172.16.0.0/12',     what: 'private' },
  { range: '192.0.0.0/24',      what: 'protocol assignments' },
  { range: '192.0.2.0/24',      what: 'documentation' },
  { range: '192.31.196.0/24',   what: 'AS112' },
  { range: '192.52.193.0/24',   what: 'AMT' },
  { range: '192.88.99.0/24',    what: '6to4 relays' },
  { range: '192.168.0.0/16',    what: 'private' },
  { range: '192.175.48.0/24',   what: 'AS112' },
  { range: '198.18.0.0/15',     what: 'benchmarks' },
  { range: '198.51.100.0/24',   what: 'documentation' },
  { range: '203.0.113.0/24',    what: 'documentation' },
  { range: '224.0.0.0/4',       what: 'multicast' },
  { range: '240.0.0.0/4',       what: 'reserved and broadcast' },
  // Outside 2000::/3 nothing is global unicast. These names are for the log; see below.
  { range: '::/128',            what: 'unspecified' },
  { range: '::1/128',           what: 'loopback' },
  { range: '64:ff9b::/96',      what: 'NAT64' },
  { range: '64:ff9b:1::/48',    what: 'NAT64' },
  { range: '100::/64',          what: 'discard' },
  { range: 'fc00::/7',          what: 'unique local' },
  { range: 'fe80::/10',         what: 'link-local' },
  { range: 'fec0::/10',         what: 'site-local' },
  { range: 'ff00::/8',          what: 'multicast' },
  // Inside it these are not, or lead to an IPv4 address that nobody judged.
  { range: '2001::/32',         what: 'Teredo' },
  { range: '2001::/23',         what: 'protocol assignments' },
  { range: '2001:db8::/32',     what: 'documentation' },
  { range: '2002::/16',         what: '6to4' },
  { range: '2620:4f:8000::/48', what: 'AS112' },
  { range: '3fff::/20',         what: 'documentation' },
]

/** Says of an address why nobody may be sent there; `undefined`: it is allowed. */
export type AddressRules = (address: string) => string | undefined

/**
 * The rules, with exceptions: addresses or CIDR ranges that are allowed although they are refused
 * by nature, such as loopback in the sandbox. Throws on an entry that is neither.
 */
export function createAddressRules(allowed: readonly string[] = []): AddressRules {
  const exceptions = new BlockList()
  for (const entry of allowed) addRange(exceptions, entry)
  return (address) => {
    // A zone (`%eth0`) names an interface of ours; a global address has none.
    const family = address.includes('%') ? 0 : isIP(address)
    if (family === 0) return 'not an address'
    const kind = family === 4 ? 'ipv4' : 'ipv6'
    if (exceptions.check(address, kind)) return undefined
    const named = COMPILED.find(({ list }) => list.check(address, kind))
    if (named !== undefined) return named.what
    if (kind === 'ipv4') return undefined
    if (DISGUISED.check(address, 'ipv6')) return 'IPv4 in IPv6 clothes'
    return GLOBAL_UNICAST.check(address, 'ipv6') ? undefined : 'not global'
  }
}

const COMPILED = REFUSED.map(({ range, what }) => ({ what, list: listOf(range) }))
const GLOBAL_UNICAST = listOf('2000::/3')
/** Mapped (RFC 4291 §2.5.5.2), translated (RFC 2765) and compatible addresses. */
const DISGUISED = listOf('::ffff:0:0/96', '::ffff:0:0:0/96', '::/96')

function listOf(...ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  return list
}

function addRange(list: BlockList, entry: string): void {
  const [base = '', bits] = entry.trim().split('/')
  const family = isIP(base)
  const prefix = bits === undefined ? (family === 4 ? 32 : 128) : Number(bits)
  if (family === 0 || !Number.isInteger(prefix)) throw new TypeError(`no address range: ${entry}`)
  list.addSubnet(base, prefix, family === 4 ? 'ipv4' : 'ipv6')
}
