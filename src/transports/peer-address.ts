/** IP addresses of peers, as a log and a limit want them. */

import { isIPv6 } from 'node:net'

const MAPPED = '::ffff:'
/** Groups of an IPv6 address that name the network; the other four are the host's to choose. */
const NETWORK_GROUPS = 4
const GROUPS = 8

/** The address, without the prefix an IPv4 peer has at a socket that speaks both. */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address
}

/**
 * What limits per address count by: an IPv4 address, or the /64 network of an IPv6 one, since whoever
 * has one address of it has them all.
 */
export function addressGroup(address: string): string {
  if (!isIPv6(address)) return address
  const [bare = ''] = address.split('%')
  const [head = '', tail] = bare.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = Math.max(0, GROUPS - before.length - after.length)
  const groups = [...before, ...new Array<string>(gap).fill('0'), ...after]
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => Number.parseInt(group, 16))
  return `${network.map((group) => group.toString(16)).join(':')}::/64`
}
