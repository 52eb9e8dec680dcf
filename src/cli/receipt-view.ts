/** How `listen` shows what came in. Pure. */
import type { Address } from '../codecs/mm7/types.ts'
import { columns, type Paint, printable } from './terminal.ts'
import { printClock } from './time-words.ts'
import type { Received, ReceivedPart } from './vasp-reader.ts'

const PREVIEW_CHARACTERS = 80

/** One value for a program. Text parts carry their text. */
export function receiptJson(received: Received, at: number): object {
  const { decoded, parts } = received
  const shown = parts.map(({ name, mediaType, bytes }) => ({
    name,
    mediaType,
    bytes: bytes.length,
    ...(isText(mediaType) && { text: textOf(bytes) }),
  }))
  if (decoded.kind === 'fault') {
    return { at, kind: 'unreadable', because: `${decoded.fault}: ${decoded.detail}` }
  }
  const { operation, transactionId } = decoded
  const { name, ...fields } = operation
  return { at, kind: name, transactionId, ...fields, parts: shown }
}

/** Lines for a person. */
export function receiptLines(received: Received, at: number, paint: Paint): readonly string[] {
  const { decoded, parts } = received
  const time = paint('dim', printClock(at))
  if (decoded.kind === 'fault') {
    return [`${time}  ${paint('red', '✖ not MM7')}  ${decoded.fault}: ${printable(decoded.detail)}`]
  }
  const { operation } = decoded
  switch (operation.name) {
    case 'DeliveryReportReq':
    case 'ReadReplyReq': {
      const { mmStatus = '', statusText = '', messageId = '', recipient } = operation
      const good = /^(retrieved|read|forwarded|deferred)$/i.test(mmStatus)
      const word = operation.name === 'ReadReplyReq' ? 'read reply' : 'report'
      const status = paint(good ? 'green' : 'yellow', `◀ ${word} ${printable(mmStatus)}`)
      const to = recipient === undefined ? '' : `  by ${addressText(recipient)}`
      const said = statusText === '' ? '' : `  “${printable(statusText)}”`
      return [
        `${time}  ${paint('bold', status)}${to}${said}`,
        paint('dim', `          message ${messageId}`),
      ]
    }
    case 'DeliverReq': {
      const { sender, recipients, subject, linkedId } = operation
      const from = sender === undefined ? '?' : addressText(sender)
      const to = recipients?.map(({ address }) => addressText(address)).join(', ') ?? ''
      const title = subject === undefined ? '' : `  “${printable(subject)}”`
      const link = linkedId === undefined ? [] : [paint('dim', `          linked to ${linkedId}`)]
      const head = `${time}  ${paint('bold', paint('cyan', '◀ message'))}  ${from} → ${to}${title}`
      return [head, ...link, ...partLines(parts)]
    }
    default:
      return [`${time}  ${paint('yellow', `◀ ${operation.name}`)}: not for a client`]
  }
}

function partLines(parts: readonly ReceivedPart[]): readonly string[] {
  const rows = parts.map(({ name, mediaType, bytes }) => [
    `          ${mediaType}`,
    `${bytes.length} bytes`,
    printable(name),
    isText(mediaType) ? `“${printable(textOf(bytes)).slice(0, PREVIEW_CHARACTERS)}”` : '',
  ])
  return columns(rows)
}

function addressText({ kind, value }: Address): string {
  return kind === 'Number' && /^[1-9]\d{6,14}$/.test(value) ? `+${value}` : printable(value)
}

function isText(mediaType: string): boolean {
  return mediaType === 'text/plain'
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
