/** A peer MMSC by hand: writes MM4 mails with any one defect and says them line by line. */
import { openRawClient, type RawClient } from '../../src/transports/smtp/testing/raw-peer.ts'
import { CARRIER_DOMAIN } from './carrier.ts'
import { GATEWAY_DOMAIN, HANDSET, SENDER, type World } from './start-gateway.ts'

/** Header fields by name; `undefined` leaves one out, a list repeats it. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>

export const OURS = `${SENDER}/TYPE=PLMN@${GATEWAY_DOMAIN}`
export const THEIRS = `+${HANDSET}/TYPE=PLMN@${CARRIER_DOMAIN}`
export const SYSTEM = `mmsc@${CARRIER_DOMAIN}`

let serial = 0

/** A request from a handset; ids are new unless given. */
export function forwardFields(change: Fields = {}): Fields {
  serial += 1
  return {
    Date: 'Sat, 21 Nov 2026 10:00:00 +0000',
    From: `+${HANDSET}/TYPE=PLMN`,
    To: OURS,
    'Message-ID': `<mail${serial}@${CARRIER_DOMAIN}>`,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Mms-3GPP-MMS-Version': '6.10.0',
    'X-Mms-Message-Type': 'MM4_forward.REQ',
    'X-Mms-Transaction-ID': `"t/${serial}+x=y@${CARRIER_DOMAIN}"`,
    'X-Mms-Message-ID': `"m${serial}@${CARRIER_DOMAIN}"`,
    'X-Mms-Ack-Request': 'Yes',
    'X-Mms-Originator-System': SYSTEM,
    ...change,
  }
}

export function writeMail(fields: Fields, body = 'Hello from a handset\r\n'): string {
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${name}: ${one}\r\n`),
  )
  return `${lines.join('')}\r\n${body}`
}

/** A connection that has said EHLO. */
export async function callDoor(port: number, from?: string): Promise<RawClient> {
  const client = await openRawClient(port, true, from)
  await client.ask(`EHLO mmsc.${CARRIER_DOMAIN}`)
  return client
}

/** Hands a mail over; the reply to its final dot, or the first refusal. */
export async function handOver(
  port: number,
  text: string,
  to: readonly string[] = [OURS],
): Promise<string> {
  const client = await callDoor(port)
  try {
    for (const line of [`MAIL FROM:<${THEIRS}>`, ...to.map((path) => `RCPT TO:<${path}>`)]) {
      const reply = await client.ask(line)
      if (!reply.startsWith('250')) return reply
    }
    await client.ask('DATA')
    return await client.ask(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.`)
  } finally {
    client.socket.destroy()
  }
}

/** The next response the carrier got, in the words that matter. */
export async function nextResponse({ carrier }: Pick<World, 'carrier'>, type = 'MM4_forward.RES') {
  const { headers, envelope } = await carrier.next(type)
  return {
    status: headers.get('X-Mms-Request-Status-Code'),
    transactionId: headers.get('X-Mms-Transaction-ID'),
    messageId: headers.get('X-Mms-Message-ID'),
    recipients: headers.get('X-Mms-Request-Recipients'),
    version: headers.get('X-Mms-3GPP-MMS-Version'),
    envelope,
  }
}
