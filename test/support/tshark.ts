/**
 * tshark as an independent reader of our bytes. No capture and no rights are needed: the packets are
 * written by us, one for each chunk, as a file in the classic pcap form.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runPeer } from './peer-process.ts'

/** One chunk of a conversation over TCP. */
export interface Chunk {
  /** True for what the side that listens says. */
  readonly answered: boolean
  readonly bytes: Uint8Array
}

/** All values of a field of one packet, outermost first, as tshark prints them. */
export type Fields = ReadonlyMap<string, readonly string[]>

const CLIENT_PORT = 40_000
const MAGIC = 0xa1b2c3d4
/** Packets begin with their IP header. */
const LINK_RAW_IP = 101
const SNAP_BYTES = 262_144
const IP_BYTES = 20
const TCP_BYTES = 20
const PROTOCOL_TCP = 6
const PSH_ACK = 0x18
const SYN = 0x02
const SYN_ACK = 0x12
/** An IP packet has a length of 16 bits. */
const SEGMENT_BYTES_MAX = 60_000

export interface Conversation {
  readonly port: number
  /** tshark's name for what is spoken. */
  readonly as: string
  /** tshark's name for what is looked for in it; absent: the same. */
  readonly shown?: string
  readonly chunks: readonly Chunk[]
}

/** What tshark reads in a conversation, packet by packet. */
export async function readWithTshark(
  folder: string,
  { port, as, shown = as, chunks }: Conversation,
): Promise<Fields[]> {
  const file = join(folder, 'bytes.pcap')
  writeFileSync(file, pcapOf(port, chunks))
  const { code, said } = await runPeer('tshark', [
    ...['-n', '-r', file, '-d', `tcp.port==${port},${as}`, '-Y', shown],
    ...['-T', 'json', '--no-duplicate-keys'],
  ])
  const json = said.slice(said.indexOf('[\n'), said.lastIndexOf(']') + 1)
  if (code !== 0 || json === '') throw new Error(`tshark ended with ${code}: ${said}`)
  const packets = JSON.parse(json) as { readonly _source: { readonly layers: unknown } }[]
  return packets.map(({ _source }) => {
    const fields = new Map<string, string[]>()
    collect('', _source.layers, fields)
    return fields
  })
}

/** Trees of objects and lists, laid out flat. */
function collect(name: string, value: unknown, into: Map<string, string[]>): void {
  if (typeof value === 'string') into.set(name, [...(into.get(name) ?? []), value])
  else if (Array.isArray(value)) for (const each of value) collect(name, each, into)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) collect(key, each, into)
  }
}

/** A conversation with its handshake, each chunk in as few packets as it needs. */
function pcapOf(port: number, chunks: readonly Chunk[]): Buffer {
  const sent = { said: 1, answered: 1 }
  const packets: Buffer[] = []
  const put = (answered: boolean, flags: number, bytes: Uint8Array) => {
    const [own, other] = answered
      ? (['answered', 'said'] as const)
      : (['said', 'answered'] as const)
    packets.push(packetOf(port, answered, flags, sent[own], sent[other], bytes))
    sent[own] += bytes.length
  }
  const nothing = new Uint8Array(0)
  packets.push(packetOf(port, false, SYN, 0, 0, nothing))
  packets.push(packetOf(port, true, SYN_ACK, 0, 1, nothing))
  for (const { answered, bytes } of chunks) {
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES_MAX) {
      put(answered, PSH_ACK, bytes.subarray(at, at + SEGMENT_BYTES_MAX))
    }
  }
  const head = Buffer.alloc(24)
  head.writeUInt32LE(MAGIC, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(SNAP_BYTES, 16)
  head.writeUInt32LE(LINK_RAW_IP, 20)
  return Buffer.concat([head, ...packets.flatMap((packet, at) => [recordOf(packet, at), packet])])
}

function recordOf(packet: Buffer, second: number): Buffer {
  const record = Buffer.alloc(16)
  record.writeUInt32LE(second, 0)
  record.writeUInt32LE(packet.length, 8)
  record.writeUInt32LE(packet.length, 12)
  return record
}

function packetOf(
  port: number,
  answered: boolean,
  flags: number,
  sequence: number,
  acknowledged: number,
  bytes: Uint8Array,
): Buffer {
  const ip = Buffer.alloc(IP_BYTES)
  ip[0] = 0x45
  ip.writeUInt16BE(IP_BYTES + TCP_BYTES + bytes.length, 2)
  ip[8] = 64
  ip[9] = PROTOCOL_TCP
  ip.set(answered ? [10, 0, 0, 2, 10, 0, 0, 1] : [10, 0, 0, 1, 10, 0, 0, 2], 12)
  const tcp = Buffer.alloc(TCP_BYTES)
  tcp.writeUInt16BE(answered ? port : CLIENT_PORT, 0)
  tcp.writeUInt16BE(answered ? CLIENT_PORT : port, 2)
  tcp.writeUInt32BE(sequence, 4)
  tcp.writeUInt32BE(acknowledged, 8)
  tcp[12] = (TCP_BYTES / 4) << 4
  tcp[13] = flags
  tcp.writeUInt16BE(0xffff, 14)
  return Buffer.concat([ip, tcp, bytes])
}
