/**
 * The text of a delivery receipt (SMPP 3.4 appendix B):
 *
 *     id:… sub:… dlvrd:… submit date:… done date:… stat:… err:… text:…
 *
 * It is no standard but a habit, so reading is tolerant: any order, any case, any field missing,
 * dates of several lengths, `err` in letters. The sender's words behind `text:` may contain all of it
 * again; they count only for what stands nowhere before. Writing is exact.
 */
import { parseReceiptDate, printReceiptDate, type ReceiptDate } from './receipt-date.ts'

/** What a receipt says. A field that is missing or empty is absent. */
export interface Receipt {
  /** The message's id as this peer spells it here: see `message-id.ts`. */
  readonly id?: string
  /** Parts submitted. */
  readonly sub?: string
  /** Parts delivered. */
  readonly dlvrd?: string
  readonly submitDate?: ReceiptDate
  readonly doneDate?: ReceiptDate
  /** The state's word as it came: see `findStateOfWord`. */
  readonly stat?: string
  /** The network's own code; often three digits, sometimes letters, never a standard. */
  readonly err?: string
  /** The beginning of the message's text. */
  readonly text?: string
}

/** What a receipt to be written says. */
export interface WrittenReceipt {
  readonly id: string
  readonly sub: number
  readonly dlvrd: number
  readonly submitDate: ReceiptDate
  readonly doneDate: ReceiptDate
  /** One of the words of `MESSAGE_STATES`. */
  readonly stat: string
  readonly err: string
  /** The message's text; its first twenty characters are written. */
  readonly text: string
}

/** A receipt is short; what is past this many characters is not looked at. */
export const RECEIPT_CHARACTERS_MAX = 2048
/** SMPP 3.4 appendix B: the first twenty characters. */
export const RECEIPT_TEXT_CHARACTERS = 20
const COUNT_DIGITS = 3

type Key = 'id' | 'sub' | 'dlvrd' | 'submitdate' | 'donedate' | 'stat' | 'err' | 'text'
/** `err` and `error`, `submit date` and `submit_date` and `submitdate`. */
const KEY = /(?:^|[\s,;|])(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)[ \t]?:/gi

/** Reads a receipt, or `undefined` where neither an id nor a state is named. */
export function parseReceipt(written: string): Receipt | undefined {
  const text = written.slice(0, RECEIPT_CHARACTERS_MAX)
  const fields = readFields(text)
  const id = firstWord(fields.get('id'))
  const stat = firstWord(fields.get('stat'))
  if (id === undefined && stat === undefined) return undefined
  const submitDate = dateOf(fields.get('submitdate'))
  const doneDate = dateOf(fields.get('donedate'))
  return {
    ...optional('id', id),
    ...optional('sub', firstWord(fields.get('sub'))),
    ...optional('dlvrd', firstWord(fields.get('dlvrd'))),
    ...(submitDate === undefined ? {} : { submitDate }),
    ...(doneDate === undefined ? {} : { doneDate }),
    ...optional('stat', stat),
    ...optional('err', firstWord(fields.get('err'))),
    ...optional('text', fields.get('text')),
  }
}

/** Values by key; the first of each counts. The text reaches to the first key that was missing. */
function readFields(text: string): ReadonlyMap<Key, string> {
  const fields = new Map<Key, string>()
  let open: { readonly key: Key; readonly from: number } | undefined
  for (const found of text.matchAll(KEY)) {
    const key = (found[1] ?? '').toLowerCase().replace(/[ _]/, '') as Key
    if (fields.has(key) || open?.key === key) continue
    if (open !== undefined) fields.set(open.key, text.slice(open.from, found.index).trim())
    open = { key, from: found.index + found[0].length }
  }
  if (open !== undefined) fields.set(open.key, text.slice(open.from).trim())
  return fields
}

function firstWord(value: string | undefined): string | undefined {
  const word = /^[^\s,;|]+/.exec(value ?? '')
  return word?.[0]
}

function dateOf(value: string | undefined): ReceiptDate | undefined {
  const word = firstWord(value)
  return word === undefined ? undefined : parseReceiptDate(word)
}

function optional<K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [P in K]: string })
}

/** Writes a receipt: one line, whatever its parts contain. */
export function printReceipt(receipt: WrittenReceipt, seconds = false): string {
  const { id, sub, dlvrd, submitDate, doneDate, stat, err, text } = receipt
  const start = [...text].slice(0, RECEIPT_TEXT_CHARACTERS).join('')
  return [
    `id:${oneWord(id)}`,
    `sub:${count(sub)}`,
    `dlvrd:${count(dlvrd)}`,
    `submit date:${printReceiptDate(submitDate, seconds)}`,
    `done date:${printReceiptDate(doneDate, seconds)}`,
    `stat:${oneWord(stat)}`,
    `err:${oneWord(err)}`,
    `text:${start.replace(/\s/g, ' ')}`,
  ].join(' ')
}

function oneWord(text: string): string {
  return text.replace(/\s/g, '')
}

function count(number: number): string {
  return String(number).padStart(COUNT_DIGITS, '0')
}
