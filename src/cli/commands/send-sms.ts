/** `carillon send sms`: speaks real SMPP to a door, as a client's program would. */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { advise, type Entry, find } from '../../catalog/index.ts'
import { COMMAND_STATUS, printStatus } from '../../codecs/smpp/command-status.ts'
import { createSubmitMulti, createSubmitSm } from '../../codecs/smpp/create-body.ts'
import { printEsmClass } from '../../codecs/smpp/esm-class.ts'
import type { SmppAddress, SubmitMulti, SubmitSm } from '../../codecs/smpp/pdu.ts'
import { printRegisteredDelivery } from '../../codecs/smpp/registered-delivery.ts'
import { NO_TLVS } from '../../codecs/smpp/tlv-table.ts'
import { printDataCoding } from '../../codecs/sms/data-coding.ts'
import { findStateOfNumber, MESSAGE_STATES } from '../../codecs/sms/message-state.ts'
import { splitText } from '../../codecs/sms/segmentation.ts'
import { printUserData } from '../../codecs/sms/user-data.ts'
import type { SmppSession } from '../../transports/smpp/handler.ts'
import { CLIENT_OPTIONS } from '../admin-client.ts'
import { defineCommand } from '../command.ts'
import { deliverLines, type ReadReceipt, readDeliverSm } from '../deliver-view.ts'
import { DEMO_ESME, DEMO_ESME_DIALECT, DEMO_RECIPIENT } from '../demo.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { CommandFailure } from '../failure.ts'
import { bindSmpp, SMPP_OPTIONS } from '../smpp-bind.ts'
import type { Terminal } from '../terminal.ts'
import { hanging } from '../trace-view.ts'

/** How often a message is asked for whose receipt may go to another session of the account. */
const ASK_EVERY_MS = 500
const REFERENCE_MAX = 256

const OPTIONS = {
  to: { type: 'list', value: 'NUMBER', help: 'recipient; repeatable', required: true },
  text: { type: 'text', value: 'TEXT', help: 'words; as many parts as they take', required: true },
  from: { type: 'text', value: 'SENDER', help: `number or short code (${DEMO_ESME.sender})` },
  flash: { type: 'switch', help: 'shown at once and not kept (message class 0)' },
  ...SMPP_OPTIONS,
  dialect: {
    type: 'text',
    value: 'NAME',
    help: `whose codes receipts carry (${DEMO_ESME_DIALECT})`,
  },
  'no-report': { type: 'switch', help: 'ask for no receipt' },
  interim: { type: 'switch', help: 'ask for receipts before the end, too' },
  wait: { type: 'switch', short: 'w', help: 'wait until the message ends' },
  ...CLIENT_OPTIONS,
} as const

export const sendSmsCommand = defineCommand({
  name: 'send sms',
  summary: 'send a text message over SMPP, as a client would',
  examples: [
    [`carillon send sms --text 'Hello' --to ${DEMO_RECIPIENT} --wait`, 'and see its receipt'],
    ["carillon send sms --text 'Hi' --to +15550100123 --to +15550100124", 'submit_multi'],
    [
      'carillon send sms --smpp-host smsc.example --smpp-port 2775 --system-id … --password env:PW --from … --to … --text …',
      'through another message centre',
    ],
  ],
  options: OPTIONS,
  notes: [
    'With --json: for each part {status, messageId} and {refused} where some recipients are; with --wait {messageId, state, final, err} follow.',
    'With --wait it binds as transceiver. A receipt goes to any session of the account, so a message whose receipt went to another is asked for by query_sm.',
    'Exit code 0: accepted (with --wait: delivered). 1: refused. 75: not now, later may work. 69: nobody listens. 77: the bind was refused.',
  ],
  async run({ values }, terminal) {
    const receipts: ReadReceipt[] = []
    const dialect = values.dialect ?? DEMO_ESME_DIALECT
    const { session } = await bindSmpp(
      values,
      values.wait ? 'transceiver' : 'transmitter',
      {
        request(body) {
          if (body.command !== 'deliver_sm') return { commandStatus: COMMAND_STATUS.ESME_RX_R_APPN }
          const read = readDeliverSm(body)
          if (read.kind === 'receipt') receipts.push(read)
          return { commandStatus: COMMAND_STATUS.ESME_ROK }
        },
      },
      terminal,
    )
    try {
      const ids: string[] = []
      for (const body of bodiesOf(values)) {
        const sent = await submit(session, body)
        tell(sent, terminal)
        if (sent.commandStatus !== COMMAND_STATUS.ESME_ROK) return refusalCode(sent.commandStatus)
        ids.push(sent.messageId)
      }
      if (!values.wait) return EXIT.ok
      return await follow(session, ids, sourceOf(values.from), receipts, dialect, terminal)
    } finally {
      await session.unbind()
    }
  },
})

interface Wishes {
  readonly to: readonly string[]
  readonly text: string
  readonly from: string | undefined
  readonly flash: boolean
  readonly 'no-report': boolean
  readonly interim: boolean
}

function sourceOf(from: string = DEMO_ESME.sender): SmppAddress {
  return addressOf(from)
}

/** Numbers are international; anything else is a name or a short code. */
function addressOf(text: string): SmppAddress {
  const digits = text.replace(/^\+/, '')
  if (/^[1-9][0-9]{6,14}$/.test(digits)) return { ton: 1, npi: 1, addr: digits }
  return { ton: /[A-Za-z]/.test(text) ? 5 : 3, npi: 0, addr: text }
}

/** One request for each part of the text. */
function bodiesOf(wishes: Wishes): readonly (SubmitSm | SubmitMulti)[] {
  const split = splitText(wishes.text, randomInt(REFERENCE_MAX))
  if (split.kind !== 'parts') {
    throw new CommandFailure(EXIT.dataError, 'the text is too long for any number of parts')
  }
  const { alphabet } = split.measure
  const dataCoding = printDataCoding(alphabet, 'gsm7', wishes.flash ? 0 : undefined) ?? 0
  return split.parts.map((part) => {
    const common = {
      source: sourceOf(wishes.from),
      esmClass: printEsmClass({ udhi: part.elements.length > 0 }),
      dataCoding,
      registeredDelivery: printRegisteredDelivery({
        receipt: wishes['no-report'] ? 'none' : 'final',
        intermediate: wishes.interim,
      }),
      shortMessage: printUserData(part, alphabet) ?? new Uint8Array(0),
    }
    const [only = '', ...others] = wishes.to
    return others.length === 0
      ? createSubmitSm({ ...common, destination: addressOf(only) })
      : createSubmitMulti({
          ...common,
          destinations: wishes.to.map((to) => ({ kind: 'address', address: addressOf(to) })),
        })
  })
}

interface Sent {
  readonly commandStatus: number
  readonly messageId: string
  /** Recipients it was not taken for. */
  readonly unsuccess: readonly { readonly addr: string; readonly commandStatus: number }[]
}

async function submit(session: SmppSession, body: SubmitSm | SubmitMulti): Promise<Sent> {
  const reply = await session.request(body)
  if (reply.kind !== 'answered') {
    throw new CommandFailure(
      EXIT.temporary,
      `no answer: ${reply.detail}. The message may or may not have been taken.`,
    )
  }
  const { response, commandStatus } = reply
  const messageId = 'messageId' in response ? response.messageId : ''
  const unsuccess = 'unsuccess' in response ? response.unsuccess : []
  return {
    commandStatus,
    messageId,
    unsuccess: unsuccess.map(({ address, commandStatus: status }) => ({
      addr: address.addr,
      commandStatus: status,
    })),
  }
}

function tell({ commandStatus, messageId, unsuccess }: Sent, terminal: Terminal): void {
  const status = printStatus(commandStatus)
  const refused = unsuccess.map((each) => ({
    to: each.addr,
    status: printStatus(each.commandStatus),
  }))
  if (terminal.json) {
    terminal.printJson({ status, messageId, ...(refused.length > 0 && { refused }) })
    return
  }
  const { paint, print } = terminal
  const good = commandStatus === COMMAND_STATUS.ESME_ROK
  print(`${paint(good ? 'green' : 'red', good ? '✔' : '✖')} ${paint('bold', status)}`)
  if (messageId !== '') for (const line of hanging('Message', messageId, terminal)) print(line)
  for (const { to, status: why } of refused) print(`  ${paint('yellow', `${to}: ${why}`)}`)
}

/** Whether the same request may pass later. */
function refusalCode(commandStatus: number): ExitCode {
  return LATER.has(commandStatus) ? EXIT.temporary : EXIT.failed
}

const LATER: ReadonlySet<number> = new Set([
  COMMAND_STATUS.ESME_RSYSERR,
  COMMAND_STATUS.ESME_RMSGQFUL,
  COMMAND_STATUS.ESME_RTHROTTLED,
])

/** Waits until every part has come to an end, by its receipt or by being asked. */
async function follow(
  session: SmppSession,
  ids: readonly string[],
  source: SmppAddress,
  receipts: ReadReceipt[],
  dialect: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const open = new Set(ids)
  let delivered = true
  for (;;) {
    for (const receipt of receipts.splice(0)) {
      show(receipt, dialect, terminal)
      if (receipt.final && receipt.messageId !== undefined && open.delete(receipt.messageId)) {
        delivered &&= receipt.state === 'delivered'
      }
    }
    if (open.size === 0) return delivered ? EXIT.ok : EXIT.failed
    await pause(ASK_EVERY_MS)
    if (receipts.length > 0) continue
    for (const id of open) {
      const asked = await ask(session, id, source)
      if (asked !== undefined) receipts.push(asked)
    }
  }
}

/** The end of a message, if it has come to one. */
async function ask(
  session: SmppSession,
  messageId: string,
  source: SmppAddress,
): Promise<ReadReceipt | undefined> {
  const reply = await session.request({ command: 'query_sm', messageId, source, tlvs: NO_TLVS })
  if (reply.kind !== 'answered') throw new CommandFailure(EXIT.temporary, reply.detail)
  const { response } = reply
  if (!('messageState' in response) || reply.commandStatus !== COMMAND_STATUS.ESME_ROK) {
    throw new CommandFailure(EXIT.temporary, `query_sm: ${printStatus(reply.commandStatus)}`)
  }
  const state = findStateOfNumber(response.messageState)
  if (state === undefined || !MESSAGE_STATES[state].final) return undefined
  const err = response.errorCode === 0 ? undefined : String(response.errorCode)
  return { kind: 'receipt', messageId, state, final: true, err, from: 'query_sm' }
}

function show(receipt: ReadReceipt, dialect: string, terminal: Terminal): void {
  if (terminal.json) {
    const { kind: _kind, ...facts } = receipt
    terminal.printJson(facts)
    return
  }
  for (const line of deliverLines(receipt, Date.now(), terminal.paint)) terminal.print(line)
  const entry = entryOf(dialect, receipt.err)
  if (entry === undefined) return
  for (const line of hanging('Means', entry.meaning, terminal)) terminal.print(line)
  for (const line of hanging('Do', advise(entry).action, terminal)) terminal.print(line)
}

function entryOf(dialect: string, err: string | undefined): Entry | undefined {
  if (err === undefined || /^0*$/.test(err)) return undefined
  return find({ dialect, surface: 'mm4', code: err })
}
