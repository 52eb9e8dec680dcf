/**
 * Address lists of clients and peers. The address is always the socket's: a header such as
 * X-Forwarded-For is what the other side says about itself and is never looked at.
 */
import { BlockList, isIP, SocketAddress } from 'node:net'

/** Lists are immutable values of the directory, so each is compiled once. */
const compiled = new WeakMap<readonly string[], BlockList>()

/**
 * True when `address` is one of `entries` (addresses or CIDR ranges). An empty list contains nobody;
 * what an empty list means is the caller's business.
 */
export function addressIn(entries: readonly string[], address: string | undefined): boolean {
  const bare = address === undefined ? undefined : canonicalAddress(address)
  if (bare === undefined) return false
  let list = compiled.get(entries)
  if (list === undefined) {
    list = new BlockList()
    for (const entry of entries) addEntry(list, entry)
    compiled.set(entries, list)
  }
  return list.check(bare, isIP(bare) === 4 ? 'ipv4' : 'ipv6')
}

/** True for an address or a CIDR range that `addressIn` understands. */
export function isAddressEntry(entry: string): boolean {
  return addEntry(new BlockList(), entry)
}

/**
 * One spelling per address: zone names dropped, IPv4 in IPv6 clothes (`::ffff:192.0.2.1`) undressed,
 * as sockets that listen on both families report it. `undefined` when it is none.
 */
export function canonicalAddress(address: string): string | undefined {
  const bare = address.trim().replace(/%.*$/, '')
  const family = isIP(bare)
  if (family !== 6) return family === 4 ? bare : undefined
  // As a socket spells it; the long way is for what people write.
  const dressed = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)
  if (dressed?.[1] !== undefined) return dressed[1]
  const spelled = new SocketAddress({ address: bare, family: 'ipv6' }).address
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(spelled)
  return mapped?.[1] ?? spelled
}

function addEntry(list: BlockList, entry: string): boolean {
  const [base = '', bits, ...rest] = entry.trim().split('/')
  const written = isIP(base)
  const address = canonicalAddress(base)
  if (address === undefined || rest.length > 0) return false
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
  if (bits === undefined) {
    list.addAddress(address, family)
    return true
  }
  if (!/^\d{1,3}$/.test(bits)) return false
  // A range over mapped addresses counts its 96 bits of prefix.
  const prefix = written === 6 && family === 'ipv4' ? Number(bits) - 96 : Number(bits)
  if (prefix < 0 || prefix > (family === 'ipv4' ? 32 : 128)) return false
  list.addSubnet(address, prefix, family)
  return true
}
