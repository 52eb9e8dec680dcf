/**
 * Address lists of clients and peers. The address is always the socket's: a header such as
 * X-Forwarded-For is what the other side says about itself and is never looked at.
 */
import { BlockList, isIP, SocketAddress } from 'node:net'

interface Compiled {
  readonly list: BlockList
  /** What was asked lately: a peer asks with every mail, and every answer is a walk and three objects. */
  readonly answers: Map<string, boolean>
}

/** Lists are immutable values of the directory, so each is compiled once. */
const compiled = new WeakMap<readonly string[], Compiled>()
/** Addresses remembered for one list. */
const ANSWERS_MAX = 1024

/**
 * True when `address` is one of `entries` (addresses or CIDR ranges). An empty list contains nobody;
 * what an empty list means is the caller's business.
 */
export function addressIn(entries: readonly string[], address: string | undefined): boolean {
  if (address === undefined) return false
  const { list, answers } = compiledFrom(entries)
  const known = answers.get(address)
  if (known !== undefined) return known
  const bare = canonicalAddress(address)
  const answer = bare !== undefined && list.check(bare, isIP(bare) === 4 ? 'ipv4' : 'ipv6')
  if (answers.size >= ANSWERS_MAX) answers.clear()
  answers.set(address, answer)
  return answer
}

function compiledFrom(entries: readonly string[]): Compiled {
  const known = compiled.get(entries)
  if (known !== undefined) return known
  const list = new BlockList()
  for (const entry of entries) addEntry(list, entry)
  const fresh = { list, answers: new Map() }
  compiled.set(entries, fresh)
  return fresh
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
