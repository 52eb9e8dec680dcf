/** An account that speaks MM4: its MMSC hands messages in, and takes responses, reports and messages. */
import type { TestContext } from 'node:test'
import type { Mm4Access } from '../../src/core/directory.ts'
import { type CarrierSide, openCarrier } from './carrier.ts'
import { callDoor, type Fields, writeMail } from './mm4-client.ts'
import type { World, WorldOptions } from './start-gateway.ts'
import { GATEWAY_DOMAIN, HANDSET, startGateway } from './start-gateway.ts'

/** Another loopback address than the carrier's, by which the gateway knows the account. */
const ADDRESS = '127.0.0.2'
export const CLIENT = 'bells'
export const CLIENT_DOMAIN = 'mms.bells.example'
/** A number of the account. */
export const OWN_NUMBER = '15005550100'
export const SYSTEM_OF_CLIENT = `mmsc@${CLIENT_DOMAIN}`

export interface AccountWorld extends World {
  /** The account's own MMSC. */
  readonly mmsc: CarrierSide
  /** Hands a message in; the reply to its final dot. */
  submit4(fields: Fields, to?: readonly string[], body?: string): Promise<string>
  /** The words of the next response the account got. */
  response(): Promise<Answer>
  /** The words of the next report the account got. */
  report(): Promise<Answer>
}

/** What an answer of ours says. */
export interface Answer {
  readonly status: string | undefined
  readonly code: string | undefined
  readonly text: string | undefined
  readonly about: string | undefined
  readonly extension: string | undefined
}

let serial = 0

/** A submission of the account; ids are new unless given. */
export function submissionFields(change: Fields = {}): Fields {
  serial += 1
  return {
    Date: 'Sat, 21 Nov 2026 10:00:00 +0000',
    From: `+${OWN_NUMBER}/TYPE=PLMN@${CLIENT_DOMAIN}`,
    To: `+${HANDSET}/TYPE=PLMN`,
    'Message-ID': `<s${serial}@${CLIENT_DOMAIN}>`,
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Mms-3GPP-MMS-Version': '6.10.0',
    'X-Mms-Message-Type': 'MM4_forward.REQ',
    'X-Mms-Transaction-ID': `"t${serial}"`,
    'X-Mms-Message-ID': `"s${serial}@${CLIENT_DOMAIN}"`,
    'X-Mms-Ack-Request': 'Yes',
    'X-Mms-Delivery-Report': 'Yes',
    'X-Mms-Originator-System': SYSTEM_OF_CLIENT,
    ...change,
  }
}

export interface AccountOptions extends WorldOptions {
  readonly dialect?: string
  readonly client?: Partial<Mm4Access>
}

export async function startAccount(
  t: TestContext,
  { dialect = 'bandwidth', client, ...options }: AccountOptions = {},
): Promise<AccountWorld> {
  const mmsc = await openCarrier(new Uint8Array(0), CLIENT_DOMAIN)
  t.after(() => mmsc.close())
  const world = await startGateway(t, {
    ...options,
    directory(data) {
      const [carrier] = data.carriers
      const { mm4: peer } = carrier ?? {}
      const [account] = data.accounts
      if (peer === undefined || account === undefined) throw new Error('no carrier to copy')
      const { mm7: _mm7, ...own } = account
      const mm4: Mm4Access = {
        ...peer,
        port: mmsc.port,
        domain: CLIENT_DOMAIN,
        fromAddresses: [ADDRESS],
        enabled: true,
        reports: true,
        interimReports: true,
        ...client,
      }
      const plain = {
        ...data,
        accounts: [...data.accounts, { ...own, id: CLIENT, dialect, services: [], mm4 }],
        numbers: [
          ...data.numbers,
          { number: OWN_NUMBER, account: CLIENT, state: 'active' as const },
        ],
      }
      return options.directory?.(plain) ?? plain
    },
  })
  const { smtp: port } = world.ports
  mmsc.connect({ host: '127.0.0.1', port, domain: GATEWAY_DOMAIN, from: ADDRESS })
  const wordsOf = async (type: string, status: string, about: string): Promise<Answer> => {
    const { headers } = await mmsc.next(type)
    return {
      status: headers.get(status),
      code: headers.get('X-Internal-Status-Code'),
      text: headers.get('X-Mms-Status-Text'),
      about: headers.get(about),
      extension: headers.get('X-Mms-MM-Status-Extension'),
    }
  }
  return {
    ...world,
    mmsc,
    async submit4(fields, to = [HANDSET], body) {
      const line = await callDoor(world.ports.smtp, ADDRESS)
      try {
        const paths = to.map((number) =>
          number.includes('@')
            ? number
            : `${number.length > 6 ? '+' : ''}${number}/TYPE=PLMN@${GATEWAY_DOMAIN}`,
        )
        const from = `MAIL FROM:<+${OWN_NUMBER}/TYPE=PLMN@${CLIENT_DOMAIN}>`
        for (const command of [from, ...paths.map((path) => `RCPT TO:<${path}>`), 'DATA']) {
          const reply = await line.ask(command)
          if (!/^[23]/.test(reply)) return reply
        }
        const text = writeMail(fields, body)
        return await line.ask(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.`)
      } finally {
        line.socket.destroy()
      }
    },
    response: () =>
      wordsOf('MM4_forward.RES', 'X-Mms-Request-Status-Code', 'X-Mms-Request-Recipients'),
    report: () => wordsOf('MM4_delivery_report.REQ', 'X-Mms-MM-Status-Code', 'From'),
  }
}
