/**
 * MM4 headers to a message, as tolerantly as real peers need it: names and words in any case, ids with
 * and without quotes, addresses with and without domain and TYPE, missing dates.
 *
 * What cannot be done without is named in a fault, together with what is needed to answer it.
 */

import { decodeEncodedWords } from '../mime/encoded-word.ts'
import type { HeaderField, Headers } from '../mime/headers.ts'
import { parseMm4Address, parseMm4Addresses, parseSystemAddress } from './address.ts'
import { parseExpiry, parseMailDate } from './dates.ts'
import { parseMm4Id } from './ids.ts'
import type { Mm4Address, Mm4Decoded, Mm4Fault, Mm4Id, Mm4Message } from './types.ts'
import * as words from './values.ts'

type Type = Mm4Message['type']
type Of<T extends Type> = Extract<Mm4Message, { type: T }>

/** Releases 4 to 6 of TS 23.140; nobody speaks another, and a liar is told so. */
const VERSION_MAJORS = new Set(['4', '5', '6'])
const FORWARD_COUNTER_MAX = 1_000_000
/** Operators' own fields that are kept of one request. */
const EXTENSIONS_MAX = 32

/** Decodes the header block of a mail. One without X-Mms-Message-Type is ordinary mail: a fault. */
export function decodeMm4(headers: Headers): Mm4Decoded {
  const decoder = new Decoder(headers)
  const written = headers.get('X-Mms-Message-Type')
  if (written === undefined) return decoder.fault('type-missing', 'X-Mms-Message-Type')
  const wanted = written.toLowerCase()
  const type = TYPES.find((candidate) => candidate.toLowerCase() === wanted)
  if (type === undefined) return decoder.fault('type-unknown', 'X-Mms-Message-Type')
  const version = decoder.text(VERSION)
  const major = version?.split('.')[0]?.trim()
  // A peer that refuses our version says so in a response of its own: that must be heard.
  const asks = type.endsWith('.REQ')
  if (asks && major !== undefined && !VERSION_MAJORS.has(major)) {
    return decoder.fault('version-unsupported', VERSION)
  }
  const message = DECODERS[type](decoder)
  return decoder.failed ?? { kind: 'ok', message }
}

const VERSION = 'X-Mms-3GPP-MMS-Version'
const NO_ID: Mm4Id = { raw: '', text: '' }
const NO_ADDRESS: Mm4Address = { raw: '', text: '', kind: 'system' }

/** Reads single headers and remembers the first that is missing or broken. */
class Decoder {
  failed: Mm4Fault | undefined
  private readonly headers: Headers

  constructor(headers: Headers) {
    this.headers = headers
  }

  /** The first of these headers that is there and not empty. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.headers.get(name)
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }

  /** An optional value; a broken one counts as absent. */
  read<T>(parse: (text: string) => T | undefined, ...names: readonly string[]): T | undefined {
    const value = this.text(...names)
    return value === undefined ? undefined : parse(value)
  }

  /** A value without which the message means nothing. */
  need<T>(parse: (text: string) => T | undefined, fallback: T, ...names: readonly string[]): T {
    const value = this.text(...names)
    const parsed = value === undefined ? undefined : parse(value)
    if (parsed !== undefined) return parsed
    const fault = value === undefined ? 'header-missing' : 'header-broken'
    this.failed ??= this.fault(fault, names[0] ?? '')
    return fallback
  }

  addresses(name: string): readonly Mm4Address[] {
    return this.headers.getAll(name).flatMap(parseMm4Addresses)
  }

  all(name: string): readonly string[] {
    return this.headers.getAll(name)
  }

  /** X-Mms- fields that mean nothing here. */
  extensions(): readonly HeaderField[] {
    const found = this.headers.fields.filter(({ name }) => isExtension(name))
    return found.slice(0, EXTENSIONS_MAX)
  }

  /** Whether a yes-or-no header is there and says neither. */
  unclear(name: string): boolean {
    const value = this.text(name)
    return value !== undefined && words.parseYesNo(value) === undefined
  }

  yes(name: string): boolean {
    return this.read(words.parseYesNo, name) === true
  }

  fault(fault: Mm4Fault['fault'], header: string): Mm4Fault {
    return {
      kind: 'fault',
      fault,
      header,
      ackRequest: this.yes('X-Mms-Ack-Request'),
      ...given({
        type: this.text('X-Mms-Message-Type'),
        version: this.text(VERSION),
        transactionId: this.read(parseMm4Id, 'X-Mms-Transaction-ID'),
        messageId: this.read(parseMm4Id, 'X-Mms-Message-ID'),
        originatorSystem: this.read(parseSystemAddress, 'X-Mms-Originator-System'),
        sender: this.read(parseSystemAddress, 'Sender'),
      }),
    }
  }

  base() {
    return {
      version: this.text(VERSION) ?? '',
      transactionId: this.need(parseMm4Id, NO_ID, 'X-Mms-Transaction-ID'),
      ...given({
        date: this.read(parseMailDate, 'Date'),
        sender: this.read(parseSystemAddress, 'Sender'),
      }),
    }
  }

  request() {
    return {
      ...this.base(),
      messageId: this.need(parseMm4Id, NO_ID, 'X-Mms-Message-ID'),
      from: this.need(parseMm4Address, NO_ADDRESS, 'From'),
      to: this.need(() => nonEmpty(this.addresses('To')), [], 'To'),
      ackRequest: this.yes('X-Mms-Ack-Request'),
      ...given({ originatorSystem: this.read(parseSystemAddress, 'X-Mms-Originator-System') }),
    }
  }

  response() {
    const unknown = { value: 'Error-unspecified', raw: undefined } as const
    const status = this.need(words.parseRequestStatus, unknown, 'X-Mms-Request-Status-Code')
    return {
      ...this.base(),
      requestStatus: status.value,
      ...given({
        requestStatusRaw: status.raw,
        messageId: this.read(parseMm4Id, 'X-Mms-Message-ID'),
      }),
      ...this.statusTexts(),
    }
  }

  statusTexts() {
    return given({
      statusText: this.read(decodeEncodedWords, 'X-Mms-Status-Text'),
      internalStatusCode: this.text('X-Internal-Status-Code'),
    })
  }
}

const DECODERS: { readonly [T in Type]: (decoder: Decoder) => Of<T> } = {
  'MM4_forward.REQ': decodeForwardReq,
  'MM4_forward.RES': (decoder) => ({
    type: 'MM4_forward.RES',
    ...decoder.response(),
    requestRecipients: decoder.addresses('X-Mms-Request-Recipients'),
  }),
  'MM4_delivery_report.REQ': decodeDeliveryReport,
  'MM4_delivery_report.RES': (decoder) => ({
    type: 'MM4_delivery_report.RES',
    ...decoder.response(),
  }),
  'MM4_read_reply_report.REQ': (decoder) => ({
    type: 'MM4_read_reply_report.REQ',
    ...decoder.request(),
    readStatus: decoder.need(
      words.parseReadStatus,
      'Read',
      'X-Mms-Read-Status',
      'X-Mms-MM-Read-Status',
    ),
    ...given({ statusText: decoder.read(decodeEncodedWords, 'X-Mms-Status-Text') }),
  }),
  'MM4_read_reply_report.RES': (decoder) => ({
    type: 'MM4_read_reply_report.RES',
    ...decoder.response(),
  }),
}

const TYPES = Object.keys(DECODERS) as readonly Type[]

/** What asks for reports. */
const REPORT_FLAGS = ['X-Mms-Delivery-Report', 'X-Mms-Originator-R/S-Delivery-Report']
const ROUTING = ['X-Mms-MMSIP-Address', 'X-Mms-Forward-Route', 'X-Mms-Return-Route']

/** X-Mms- fields of requests that are read, or never travel on: all others are an operator's own. */
const READ = new Set(
  [
    ...REPORT_FLAGS,
    ...ROUTING,
    VERSION,
    'X-Mms-MMS-Version',
    'X-Mms-Message-Type',
    'X-Mms-Transaction-ID',
    'X-Mms-Message-ID',
    'X-Mms-Message-Class',
    'X-Mms-Expiry',
    'X-Mms-Priority',
    'X-Mms-Sender-Visibility',
    'X-Mms-Read-Reply',
    'X-Mms-Read-Report',
    'X-Mms-Ack-Request',
    'X-Mms-Originator-System',
    'X-Mms-Forward-Counter',
    'X-Mms-Previously-sent-by',
    'X-Mms-Previously-sent-date-and-time',
    'X-Mms-Content-Class',
    'X-Mms-Drm-Content',
    'X-Mms-Adaptation-Allowed',
    'X-Mms-Applic-ID',
    'X-Mms-Reply-Applic-ID',
    'X-Mms-Aux-Applic-Info',
  ].map((name) => name.toLowerCase()),
)

/** Letters come as they like; most fields of a mail differ from ours in the first of them. */
function isExtension(name: string): boolean {
  const first = name.charCodeAt(0)
  if (first !== UPPER_X && first !== LOWER_X) return false
  const lower = name.toLowerCase()
  return lower.startsWith('x-mms-') && !READ.has(lower)
}

const UPPER_X = 0x58
const LOWER_X = 0x78

function decodeForwardReq(decoder: Decoder): Of<'MM4_forward.REQ'> {
  const hidden = decoder.text('X-Mms-Sender-Visibility')?.toLowerCase() === 'hide'
  return {
    type: 'MM4_forward.REQ',
    ...decoder.request(),
    cc: decoder.addresses('Cc'),
    deliveryReport: decoder.yes('X-Mms-Delivery-Report'),
    originatorDeliveryReport: decoder.yes('X-Mms-Originator-R/S-Delivery-Report'),
    // X-Mms-Read-Report is the name on MM1, which some peers let through.
    readReply: decoder.read(words.parseYesNo, 'X-Mms-Read-Reply', 'X-Mms-Read-Report') === true,
    senderVisibility: hidden ? 'Hide' : 'Show',
    previouslySentBy: decoder.all('X-Mms-Previously-sent-by'),
    received: decoder.all('Received').map(receivingHost),
    ...given({
      previouslySentAt: nonEmpty(decoder.all('X-Mms-Previously-sent-date-and-time')),
      unclear: nonEmpty(REPORT_FLAGS.filter((name) => decoder.unclear(name))),
      routing: nonEmpty(
        ROUTING.flatMap((name) => decoder.all(name).map((value) => ({ name, value }))),
      ),
      extensions: nonEmpty(decoder.extensions()),
      subject: decoder.read(decodeEncodedWords, 'Subject'),
      messageClass: decoder.read(words.parseMessageClass, 'X-Mms-Message-Class'),
      priority: decoder.read(words.parsePriority, 'X-Mms-Priority'),
      expiry: decoder.read(parseExpiry, 'X-Mms-Expiry'),
      forwardCounter: decoder.read(parseCounter, 'X-Mms-Forward-Counter'),
      contentClass: decoder.text('X-Mms-Content-Class'),
      drmContent: decoder.read(words.parseYesNo, 'X-Mms-Drm-Content'),
      adaptationAllowed: decoder.read(words.parseYesNo, 'X-Mms-Adaptation-Allowed'),
      applicId: decoder.text('X-Mms-Applic-ID'),
      replyApplicId: decoder.text('X-Mms-Reply-Applic-ID'),
      auxApplicInfo: decoder.text('X-Mms-Aux-Applic-Info'),
    }),
  }
}

function decodeDeliveryReport(decoder: Decoder): Of<'MM4_delivery_report.REQ'> {
  const unknown = { value: 'Indeterminate', raw: undefined } as const
  // X-Mms-Status is the name on MM1, which one peer uses here.
  const status = decoder.need(words.parseMmStatus, unknown, 'X-Mms-MM-Status-Code', 'X-Mms-Status')
  return {
    type: 'MM4_delivery_report.REQ',
    ...decoder.request(),
    mmStatus: status.value,
    ...given({
      mmStatusRaw: status.raw,
      mmStatusExtension: decoder.read(words.parseMmStatusExtension, 'X-Mms-MM-Status-Extension'),
      forwardToOriginatorUa: decoder.read(words.parseYesNo, 'X-Mms-Forward-To-Originator-UA'),
    }),
    ...decoder.statusTexts(),
  }
}

/** The host that a Received field says it was written by, in lower case; empty if it says none. */
function receivingHost(value: string): string {
  // The last one wins: `from` may quote anything the peer wrote in its EHLO.
  const found = [...value.matchAll(/(?:^|\s)by\s+([^\s;()]{1,255})/gi)].at(-1)
  return found?.[1]?.toLowerCase() ?? ''
}

function parseCounter(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), FORWARD_COUNTER_MAX) : undefined
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that are there: optional ones must be absent, not `undefined`. */
function given<T extends Record<string, unknown>>(members: T): Given<T> {
  const found: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) found[name] = value
  }
  return found as Given<T>
}
