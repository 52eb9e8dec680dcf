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
  const written = decoder.written('X-Mms-Message-Type')
  if (written === undefined) return decoder.fault('type-missing', 'X-Mms-Message-Type')
  const type = TYPES.get(written) ?? TYPES.get(written.toLowerCase())
  if (type === undefined) return decoder.fault('type-unknown', 'X-Mms-Message-Type')
  const major = majorOf(decoder.text(VERSION))
  // A peer that refuses our version says so in a response of its own: that must be heard.
  const asks = type.endsWith('.REQ')
  if (asks && major !== undefined && !VERSION_MAJORS.has(major)) {
    return decoder.fault('version-unsupported', VERSION)
  }
  const message = DECODERS[type](decoder)
  return decoder.failed ?? { kind: 'ok', message }
}

function majorOf(version: string | undefined): string | undefined {
  const dot = version?.indexOf('.') ?? -1
  return (dot < 0 ? version : version?.slice(0, dot))?.trim()
}

const VERSION = 'X-Mms-3GPP-MMS-Version'
const NO_ID: Mm4Id = { raw: '', text: '' }
const NO_ADDRESS: Mm4Address = { raw: '', text: '', kind: 'system' }
const NONE: readonly never[] = []

/** Every header that is looked at. */
const NAMES = [
  'Cc',
  'Date',
  'From',
  'Received',
  'Sender',
  'Subject',
  'To',
  'X-Internal-Status-Code',
  'X-Mms-Ack-Request',
  'X-Mms-Adaptation-Allowed',
  'X-Mms-Applic-ID',
  'X-Mms-Aux-Applic-Info',
  'X-Mms-Content-Class',
  'X-Mms-Delivery-Report',
  'X-Mms-Drm-Content',
  'X-Mms-Expiry',
  'X-Mms-Forward-Counter',
  'X-Mms-Forward-Route',
  'X-Mms-Forward-To-Originator-UA',
  'X-Mms-Message-Class',
  'X-Mms-Message-ID',
  'X-Mms-Message-Type',
  'X-Mms-MM-Read-Status',
  'X-Mms-MM-Status-Code',
  'X-Mms-MM-Status-Extension',
  'X-Mms-MMS-Version',
  'X-Mms-MMSIP-Address',
  'X-Mms-Originator-R/S-Delivery-Report',
  'X-Mms-Originator-System',
  'X-Mms-Previously-sent-by',
  'X-Mms-Previously-sent-date-and-time',
  'X-Mms-Priority',
  'X-Mms-Read-Reply',
  'X-Mms-Read-Report',
  'X-Mms-Read-Status',
  'X-Mms-Reply-Applic-ID',
  'X-Mms-Request-Recipients',
  'X-Mms-Request-Status-Code',
  'X-Mms-Return-Route',
  'X-Mms-Sender-Visibility',
  'X-Mms-Status',
  'X-Mms-Status-Text',
  'X-Mms-Transaction-ID',
  VERSION,
] as const

type Name = (typeof NAMES)[number]

/** By their spelling here and in small letters. */
const BY_SPELLING: ReadonlyMap<string, Name> = new Map(
  NAMES.flatMap((name) => [[name, name] as const, [name.toLowerCase(), name] as const]),
)

/** What asks for reports. */
const REPORT_FLAGS = ['X-Mms-Delivery-Report', 'X-Mms-Originator-R/S-Delivery-Report'] as const
const ROUTING = ['X-Mms-MMSIP-Address', 'X-Mms-Forward-Route', 'X-Mms-Return-Route'] as const

/** X-Mms- fields of requests that are read, or never travel on: all others are an operator's own. */
const READ: ReadonlySet<Name> = new Set([
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
])

const X_MMS = /^x-mms-/i

/** Reads single headers and remembers the first that is missing or broken. */
class Decoder {
  failed: Mm4Fault | undefined
  private readonly headers: Headers
  /** The first of each name: sorted once, because most of what is looked for is not there. */
  private readonly first = new Map<Name, string>()

  /** X-Mms- fields of a request that mean nothing here. */
  readonly extensions: HeaderField[] = []

  constructor(headers: Headers) {
    this.headers = headers
    for (const field of headers.fields) {
      const name = BY_SPELLING.get(field.name) ?? BY_SPELLING.get(field.name.toLowerCase())
      if (name !== undefined && !this.first.has(name)) this.first.set(name, field.value)
      const read = name !== undefined && READ.has(name)
      if (!read && X_MMS.test(field.name) && this.extensions.length < EXTENSIONS_MAX) {
        this.extensions.push(field)
      }
    }
  }

  /** The first of this name, empty or not. */
  written(name: Name): string | undefined {
    return this.first.get(name)
  }

  /** The first of these headers that is there and not empty. */
  text(name: Name, otherwise?: Name): string | undefined {
    const value = this.first.get(name)
    if (value !== undefined && value !== '') return value
    return otherwise === undefined ? undefined : this.text(otherwise)
  }

  /** An optional value; a broken one counts as absent. */
  read<T>(parse: (text: string) => T | undefined, name: Name, otherwise?: Name): T | undefined {
    const value = this.text(name, otherwise)
    return value === undefined ? undefined : parse(value)
  }

  /** A value without which the message means nothing. */
  need<T>(parse: (text: string) => T | undefined, fallback: T, name: Name, otherwise?: Name): T {
    const value = this.text(name, otherwise)
    const parsed = value === undefined ? undefined : parse(value)
    if (parsed !== undefined) return parsed
    const fault = value === undefined ? 'header-missing' : 'header-broken'
    this.failed ??= this.fault(fault, name)
    return fallback
  }

  addresses(name: Name): readonly Mm4Address[] {
    const lists = this.all(name)
    const [only] = lists
    return lists.length === 1 && only !== undefined
      ? parseMm4Addresses(only)
      : lists.flatMap(parseMm4Addresses)
  }

  all(name: Name): readonly string[] {
    return this.first.has(name) ? this.headers.getAll(name) : NONE
  }

  /** Whether a yes-or-no header is there and says neither. */
  unclear(name: Name): boolean {
    const value = this.text(name)
    return value !== undefined && words.parseYesNo(value) === undefined
  }

  yes(name: Name): boolean {
    return this.read(words.parseYesNo, name) === true
  }

  fault(fault: Mm4Fault['fault'], header: Name): Mm4Fault {
    const ackRequest = this.yes('X-Mms-Ack-Request')
    return withGiven(
      { kind: 'fault', fault, header, ackRequest },
      {
        type: this.text('X-Mms-Message-Type'),
        version: this.text(VERSION),
        transactionId: this.read(parseMm4Id, 'X-Mms-Transaction-ID'),
        messageId: this.read(parseMm4Id, 'X-Mms-Message-ID'),
        originatorSystem: this.read(parseSystemAddress, 'X-Mms-Originator-System'),
        sender: this.read(parseSystemAddress, 'Sender'),
      },
    )
  }

  /** What every request has, in the order in which a fault in it is named. */
  request() {
    const transactionId = this.need(parseMm4Id, NO_ID, 'X-Mms-Transaction-ID')
    return {
      version: this.text(VERSION) ?? '',
      transactionId,
      messageId: this.need(parseMm4Id, NO_ID, 'X-Mms-Message-ID'),
      from: this.need(parseMm4Address, NO_ADDRESS, 'From'),
      to: this.need(() => nonEmpty(this.addresses('To')), NONE, 'To'),
      ackRequest: this.yes('X-Mms-Ack-Request'),
    }
  }

  requestOptions() {
    return {
      date: this.read(parseMailDate, 'Date'),
      sender: this.read(parseSystemAddress, 'Sender'),
      originatorSystem: this.read(parseSystemAddress, 'X-Mms-Originator-System'),
    }
  }

  response<T extends Type>(type: T) {
    const unknown = { value: 'Error-unspecified', raw: undefined } as const
    const status = this.need(words.parseRequestStatus, unknown, 'X-Mms-Request-Status-Code')
    const transactionId = this.need(parseMm4Id, NO_ID, 'X-Mms-Transaction-ID')
    return withGiven(
      { type, version: this.text(VERSION) ?? '', transactionId, requestStatus: status.value },
      {
        date: this.read(parseMailDate, 'Date'),
        sender: this.read(parseSystemAddress, 'Sender'),
        requestStatusRaw: status.raw,
        messageId: this.read(parseMm4Id, 'X-Mms-Message-ID'),
        statusText: this.statusText(),
        internalStatusCode: this.text('X-Internal-Status-Code'),
      },
    )
  }

  statusText(): string | undefined {
    return this.read(decodeEncodedWords, 'X-Mms-Status-Text')
  }
}

const DECODERS: { readonly [T in Type]: (decoder: Decoder) => Of<T> } = {
  'MM4_forward.REQ': decodeForwardReq,
  'MM4_forward.RES': (decoder) => ({
    requestRecipients: decoder.addresses('X-Mms-Request-Recipients'),
    ...decoder.response('MM4_forward.RES'),
  }),
  'MM4_delivery_report.REQ': decodeDeliveryReport,
  'MM4_delivery_report.RES': (decoder) => decoder.response('MM4_delivery_report.RES'),
  'MM4_read_reply_report.REQ': decodeReadReplyReport,
  'MM4_read_reply_report.RES': (decoder) => decoder.response('MM4_read_reply_report.RES'),
}

/** By their spelling here and in small letters. */
const TYPES: ReadonlyMap<string, Type> = new Map(
  (Object.keys(DECODERS) as Type[]).flatMap((type) => [
    [type, type] as const,
    [type.toLowerCase(), type] as const,
  ]),
)

function decodeForwardReq(decoder: Decoder): Of<'MM4_forward.REQ'> {
  const hidden = decoder.text('X-Mms-Sender-Visibility')?.toLowerCase() === 'hide'
  const { version, transactionId, messageId, from, to, ackRequest } = decoder.request()
  const { date, sender, originatorSystem } = decoder.requestOptions()
  // Member by member: to spread an object and add to it is the slowest way to make one.
  return withGiven(
    {
      type: 'MM4_forward.REQ',
      version,
      transactionId,
      messageId,
      from,
      to,
      ackRequest,
      cc: decoder.addresses('Cc'),
      deliveryReport: decoder.yes('X-Mms-Delivery-Report'),
      originatorDeliveryReport: decoder.yes('X-Mms-Originator-R/S-Delivery-Report'),
      // X-Mms-Read-Report is the name on MM1, which some peers let through.
      readReply: decoder.read(words.parseYesNo, 'X-Mms-Read-Reply', 'X-Mms-Read-Report') === true,
      senderVisibility: hidden ? 'Hide' : 'Show',
      previouslySentBy: decoder.all('X-Mms-Previously-sent-by'),
      received: decoder.all('Received').map(receivingHost),
    },
    {
      date,
      sender,
      originatorSystem,
      previouslySentAt: nonEmpty(decoder.all('X-Mms-Previously-sent-date-and-time')),
      unclear: nonEmpty(REPORT_FLAGS.filter((name) => decoder.unclear(name))),
      routing: nonEmpty(
        ROUTING.flatMap((name) => decoder.all(name).map((value) => ({ name, value }))),
      ),
      extensions: nonEmpty(decoder.extensions),
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
    },
  )
}

function decodeDeliveryReport(decoder: Decoder): Of<'MM4_delivery_report.REQ'> {
  const unknown = { value: 'Indeterminate', raw: undefined } as const
  // X-Mms-Status is the name on MM1, which one peer uses here.
  const status = decoder.need(words.parseMmStatus, unknown, 'X-Mms-MM-Status-Code', 'X-Mms-Status')
  return withGiven(
    { type: 'MM4_delivery_report.REQ', mmStatus: status.value, ...decoder.request() },
    {
      mmStatusRaw: status.raw,
      mmStatusExtension: decoder.read(words.parseMmStatusExtension, 'X-Mms-MM-Status-Extension'),
      forwardToOriginatorUa: decoder.read(words.parseYesNo, 'X-Mms-Forward-To-Originator-UA'),
      statusText: decoder.statusText(),
      internalStatusCode: decoder.text('X-Internal-Status-Code'),
      ...decoder.requestOptions(),
    },
  )
}

function decodeReadReplyReport(decoder: Decoder): Of<'MM4_read_reply_report.REQ'> {
  const request = decoder.request()
  const readStatus = decoder.need(
    words.parseReadStatus,
    'Read',
    'X-Mms-Read-Status',
    'X-Mms-MM-Read-Status',
  )
  return withGiven(
    { type: 'MM4_read_reply_report.REQ', readStatus, ...request },
    { statusText: decoder.statusText(), ...decoder.requestOptions() },
  )
}

const RECEIVED_BY = /(?:^|\s)by\s+([^\s;()]{1,255})/gi

/** The host that a Received field says it was written by, in lower case; empty if it says none. */
function receivingHost(value: string): string {
  let host = ''
  // The last one wins: `from` may quote anything the peer wrote in its EHLO.
  for (const [, named = ''] of value.matchAll(RECEIVED_BY)) host = named
  return host.toLowerCase()
}

function parseCounter(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), FORWARD_COUNTER_MAX) : undefined
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Adds the members that are there: optional ones must be absent, not `undefined`. */
function withGiven<M extends object, T extends object>(message: M, members: T): M & Given<T> {
  const whole = message as M & Given<T>
  for (const name in members) {
    const value = members[name]
    if (value !== undefined) whole[name] = value as never
  }
  return whole
}
