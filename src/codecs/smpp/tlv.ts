/** Optional parameters on the wire: tag, length, value (SMPP 3.4 §5.3.1), after the fixed fields. */

import { COMMAND_STATUS } from './command-status.ts'
import type { FieldReader } from './field-reader.ts'
import type { FieldWriter } from './field-writer.ts'
import {
  type NetworkError,
  NO_TLVS,
  type RawTlv,
  type SmppTlvs,
  TLV_OCTETS_MAX,
  TLVS,
  type TlvName,
  type TlvRow,
} from './tlv-table.ts'

/**
 * What to do with a known parameter of a wrong length: `refuse` the PDU with ESME_RINVPARLEN as the
 * standard has it, or `keep` it under `others`, because a receipt is worth more than its ornaments.
 */
export type MisfitTlvs = 'refuse' | 'keep'

interface NamedRow {
  readonly name: TlvName
  readonly row: TlvRow
}

const HEADER_OCTETS = 4
const OCTETS_BY_KIND = { u8: 1, u16: 2, u32: 4, 'network-error': 3 } as const
const BY_TAG: ReadonlyMap<number, NamedRow> = new Map(
  Object.entries(TLVS).map(([name, row]) => [row.tag, { name: name as TlvName, row }]),
)

/** Reads parameters to the end of the PDU. Of a single-valued one that comes twice the first counts. */
export function readTlvs(reader: FieldReader, misfits: MisfitTlvs): SmppTlvs {
  if (reader.left === 0) return NO_TLVS
  const found: Record<string, unknown> = {}
  const others: RawTlv[] = []
  while (reader.left > 0) {
    if (reader.left < HEADER_OCTETS) {
      reader.fail(COMMAND_STATUS.ESME_RINVOPTPARSTREAM, 'the PDU ends within a TLV header')
      break
    }
    const tag = reader.u16()
    const length = reader.u16()
    const value = reader.octets(length, COMMAND_STATUS.ESME_RINVOPTPARSTREAM, printTag(tag))
    if (reader.fault !== undefined) break
    const known = BY_TAG.get(tag)
    if (known === undefined) {
      others.push({ tag, value })
    } else if (!fits(known.row, length)) {
      if (misfits === 'keep') others.push({ tag, value })
      else reader.fail(COMMAND_STATUS.ESME_RINVPARLEN, `${printTag(tag)} has ${length} octets`)
    } else {
      take(known, value, found, others)
    }
  }
  if (others.length > 0) found.others = others
  return found as SmppTlvs
}

function take(
  { name, row }: NamedRow,
  value: Uint8Array,
  found: Record<string, unknown>,
  others: RawTlv[],
): void {
  const earlier = found[name]
  if (row.repeats === true) {
    if (earlier === undefined) found[name] = [parseValue(row, value)]
    else (earlier as unknown[]).push(parseValue(row, value))
  } else if (earlier === undefined) {
    found[name] = parseValue(row, value)
  } else {
    others.push({ tag: row.tag, value })
  }
}

function fits(row: TlvRow, length: number): boolean {
  switch (row.kind) {
    case 'text':
    case 'octets':
      return length >= (row.octetsMin ?? 0) && length <= (row.octetsMax ?? TLV_OCTETS_MAX)
    default:
      return length === OCTETS_BY_KIND[row.kind]
  }
}

function parseValue(row: TlvRow, value: Uint8Array): unknown {
  switch (row.kind) {
    case 'octets':
      return value
    case 'text':
      return parseText(value)
    case 'network-error':
      return { networkType: value[0] ?? 0, errorCode: parseInteger(value.subarray(1)) }
    default:
      return parseInteger(value)
  }
}

function parseInteger(value: Uint8Array): number {
  let sum = 0
  for (const octet of value) sum = sum * 0x100 + octet
  return sum
}

/** Many a centre leaves the NUL out: a value ends at its first one, or where its length says. */
function parseText(value: Uint8Array): string {
  const nul = value.indexOf(0)
  const end = nul === -1 ? value.length : nul
  return Buffer.from(value.buffer, value.byteOffset, end).toString('latin1')
}

/** Writes all parameters; `others` last. */
export function writeTlvs(writer: FieldWriter, tlvs: SmppTlvs): void {
  if (tlvs === NO_TLVS) return
  for (const [name, value] of Object.entries(tlvs)) {
    if (value === undefined || name === 'others') continue
    const row: TlvRow | undefined = TLVS[name as TlvName]
    if (row === undefined) writer.refuse(name, 'out-of-range')
    else if (row.repeats === true) {
      for (const each of value as readonly unknown[]) writeTlv(writer, name, row, each)
    } else writeTlv(writer, name, row, value)
  }
  for (const { tag, value } of tlvs.others ?? []) {
    if (value.length > TLV_OCTETS_MAX) writer.refuse(printTag(tag), 'too-long')
    else writeOctets(writer, tag, value)
  }
}

function writeTlv(writer: FieldWriter, name: string, row: TlvRow, value: unknown): void {
  switch (row.kind) {
    case 'octets': {
      const octets = value as Uint8Array
      if (octets.length > (row.octetsMax ?? TLV_OCTETS_MAX)) writer.refuse(name, 'too-long')
      else if (octets.length < (row.octetsMin ?? 0)) writer.refuse(name, 'too-short')
      else writeOctets(writer, row.tag, octets)
      return
    }
    case 'text': {
      const text = value as string
      const octetsMax = row.octetsMax ?? TLV_OCTETS_MAX
      writer.u16(row.tag, name)
      writer.u16(text.length + 1, name)
      writer.text(text, { name, octetsMax })
      return
    }
    case 'network-error': {
      const { networkType, errorCode } = value as NetworkError
      writer.u16(row.tag, name)
      writer.u16(OCTETS_BY_KIND[row.kind], name)
      writer.u8(networkType, name)
      writer.u16(errorCode, name)
      return
    }
    default:
      writer.u16(row.tag, name)
      writer.u16(OCTETS_BY_KIND[row.kind], name)
      writer[row.kind](value as number, name)
  }
}

function writeOctets(writer: FieldWriter, tag: number, value: Uint8Array): void {
  writer.u16(tag, printTag(tag))
  writer.u16(value.length, printTag(tag))
  writer.octets(value)
}

function printTag(tag: number): string {
  return `TLV 0x${tag.toString(16).padStart(4, '0')}`
}
